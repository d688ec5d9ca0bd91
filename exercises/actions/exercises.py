"""Writing a clinic's exercises: every state is kept as a version, and nobody overwrites what they have not read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError, DomainError
from clinic.models import Clinic, Member
from clinic.scope import current_clinic_id
from exercises.actions import versions
from exercises.errors import ContentError
from exercises.kinds import Laterality, Origin
from exercises.models import Exercise, ExerciseLink, ExerciseVersion
from exercises.queries.content import exercise_content
from exercises.rules.codes import own_code
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_from, exercise_json
from exercises.rules.ladder import in_a_circle

PLAIN = ("code", "name", "avoid_when", "dose_source", "figure", "source", "licence")
LISTS = ("regions", "equipment", "steps", "cues", "mistakes", "caution_tags")


@transaction.atomic
def create(
    *,
    content: ExerciseContent,
    by: Member,
    now: datetime,
    origin: Origin = Origin.CREATED,
    note: str = "",
    easier_than: Iterable[str] = (),
    copy_of: Exercise | None = None,
    client_id: UUID | None = None,
) -> Exercise:
    """Add an exercise to the clinic's library; ContentError when it cannot be, also when its code is taken.

    What has no code yet gets one from its name. `easier_than` are the codes of exercises that it becomes an easier form
    of: each of them is edited for it. `client_id` was made with the page: sent twice, the page adds one exercise.
    """
    one_writer()
    if not content.code:
        content = replace(content, code=own_code(content.name, set(Exercise.objects.values_list("code", flat=True))))
    content.validate()
    if made := versions.made_before(Exercise.objects.all(), client_id, content, by=by):
        return made
    if Exercise.objects.filter(code=content.code).exists():
        raise ContentError((("code", "exercise_exists"),))
    exercise = Exercise(changed_at=now)
    fill(exercise, content)
    versions.insert(exercise, client_id)
    _link(exercise, content)
    versions.keep(exercise, content, by=by, now=now, origin=origin, note=note)
    source = str(copy_of.pk) if copy_of else ""
    audit.record("exercise.created", by=by, now=now, about=exercise, origin=origin.value, copy_of=source)
    _step_up(exercise, easier_than, (), by=by, now=now, note=note)
    return exercise


@transaction.atomic
def edit(
    *,
    exercise: Exercise,
    content: ExerciseContent,
    revision: int,
    by: Member,
    now: datetime,
    origin: Origin = Origin.EDITED,
    note: str = "",
    easier_than: Iterable[str] = (),
    no_longer_easier_than: Iterable[str] = (),
) -> Exercise:
    """Give an exercise new content, if it is still at the revision that was read; else ConflictError.

    Its code stays, and so does having sides or not: published programs name it and say a side or none (DECISIONS.md
    22). The same content again changes nothing and makes no version. The ladder above it is part of other exercises,
    so only what is to be added there or taken away is said.
    """
    one_writer()
    row: Exercise = Exercise.objects.select_for_update(no_key=True).get(pk=exercise.pk)
    if row.revision != revision:
        raise ConflictError("stale_exercise")
    content.validate()
    before = exercise_content(row)
    _check_stays(before, content)
    if content != before:
        versions.keep_first(row, before, now=now)
        if row.catalogue_version and row.catalogue_base is None:
            row.catalogue_base = exercise_json(before)
        fill(row, content)
        row.revision, row.changed_at = row.revision + 1, now
        row.save()
        if content.easier != before.easier:
            _link(row, content)
        versions.keep(row, content, by=by, now=now, origin=origin, note=note)
        audit.record("exercise.edited", by=by, now=now, about=row, revision=row.revision, origin=origin.value)
    _step_up(row, easier_than, no_longer_easier_than, by=by, now=now, note=note)
    return row


@transaction.atomic
def restore(*, exercise: Exercise, number: int, revision: int, by: Member, now: datetime) -> Exercise:
    """Give an exercise the content of an older version again, as a new one; raises what `edit` raises."""
    version = ExerciseVersion.objects.filter(exercise=exercise, number=number).first()
    if version is None:
        raise DomainError("nothing_to_restore")
    content = exercise_from(version.content)
    restored: Exercise = edit(
        exercise=exercise, content=content, revision=revision, by=by, now=now, origin=Origin.RESTORED
    )
    return restored


def one_writer() -> None:
    """Let one writer at a time into a clinic's library: two edits, each fine alone, could make a circle of a ladder.

    Like every lock in the library it leaves the key alone, so that what names the row (a log, a star) need not wait.
    """
    Clinic.objects.select_for_update(no_key=True).only("pk").get(pk=current_clinic_id())


def fill(row: Exercise, content: ExerciseContent) -> None:
    """Set a row's columns from its content; its ladder is made of other rows."""
    for name in PLAIN:
        setattr(row, name, getattr(content, name))
    for name in LISTS:
        setattr(row, name, [str(item) for item in getattr(content, name)])
    row.kind, row.laterality = content.kind.value, content.laterality.value
    row.dose = content.dose


def _check_stays(before: ExerciseContent, content: ExerciseContent) -> None:
    if content.code != before.code:
        raise ContentError((("code", "code_stays"),))
    if (content.laterality == Laterality.TOGETHER) != (before.laterality == Laterality.TOGETHER):
        raise ContentError((("laterality", "sides_stay"),))


def _link(row: Exercise, content: ExerciseContent) -> None:
    """Put the row's easier forms in the order that was said."""
    ids: dict[str, UUID] = dict(Exercise.objects.filter(code__in=content.easier).values_list("code", "pk"))
    unknown = [(f"easier.{n}", "unknown_exercise") for n, code in enumerate(content.easier) if code not in ids]
    if unknown:
        raise ContentError(tuple(unknown))
    ExerciseLink.objects.filter(harder=row).delete()
    ExerciseLink.objects.bulk_create(
        ExerciseLink(easier_id=ids[code], harder=row, order=n) for n, code in enumerate(content.easier)
    )
    if in_a_circle(ExerciseLink.objects.values_list("easier_id", "harder_id"), row.pk):
        raise ContentError((("easier", "ladder_in_a_circle"),))


def _step_up(row: Exercise, added: Iterable[str], gone: Iterable[str], *, by: Member, now: datetime, note: str) -> None:
    """Make an exercise an easier form of some, and of others no longer. Each of them gets a version of its own."""
    more, less = set(added), set(gone)
    others = {other.code: other for other in Exercise.objects.filter(code__in=more | less)}
    if more - others.keys():
        raise ContentError((("harder", "unknown_exercise"),))
    for code, other in sorted(others.items()):
        content = exercise_content(other)
        rungs = tuple(rung for rung in content.easier if rung != row.code)
        if code in more:
            rungs = content.easier if row.code in content.easier else (*rungs, row.code)
        try:
            new = replace(content, easier=rungs)
            edit(exercise=other, content=new, revision=other.revision, by=by, now=now, note=note)
        except ContentError as error:
            raise ContentError(tuple(("harder", code) for _path, code in error.problems)) from error
