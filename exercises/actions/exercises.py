"""Writing a clinic's exercises: every state is kept as a version, and nobody overwrites what they have not read."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError
from clinic.models import Member
from exercises.errors import ContentError
from exercises.kinds import Origin
from exercises.models import Exercise, ExerciseLink, ExerciseVersion
from exercises.queries.content import exercise_content
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_json

PLAIN = ("code", "name", "avoid_when", "dose_source", "figure", "source", "licence")
LISTS = ("regions", "equipment", "steps", "cues", "mistakes", "caution_tags")


@transaction.atomic
def create(
    *, content: ExerciseContent, by: Member, now: datetime, origin: Origin = Origin.CREATED, note: str = ""
) -> Exercise:
    """Add an exercise to the clinic's library; ContentError when it cannot be, also when its code is taken."""
    content.validate()
    if Exercise.objects.filter(code=content.code).exists():
        raise ContentError((("code", "exercise_exists"),))
    exercise = Exercise(changed_at=now)
    fill(exercise, content)
    exercise.save()
    _link(exercise, content)
    keep_version(exercise, content, by=by, now=now, origin=origin, note=note)
    audit.record("exercise.created", by=by, now=now, target=exercise, origin=origin.value)
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
) -> Exercise:
    """Give an exercise new content, if it is still at the revision that was read; else ConflictError.

    Its code stays. The same content again changes nothing and makes no version.
    """
    row: Exercise = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if row.revision != revision:
        raise ConflictError("stale_exercise")
    content.validate()
    before = exercise_content(row)
    if content.code != before.code:
        raise ContentError((("code", "code_stays"),))
    if content == before:
        return row
    if not row.versions.exists():  # adopted before versions were kept
        keep_version(row, before, by=None, now=row.changed_at or now, origin=Origin.CATALOGUE)
    if row.catalogue_version and row.catalogue_base is None:
        row.catalogue_base = exercise_json(before)
    fill(row, content)
    row.revision, row.changed_at = row.revision + 1, now
    row.save()
    if content.easier != before.easier:
        _link(row, content)
    keep_version(row, content, by=by, now=now, origin=origin, note=note)
    audit.record("exercise.edited", by=by, now=now, target=row, revision=row.revision, origin=origin.value)
    return row


def fill(row: Exercise, content: ExerciseContent) -> None:
    """Set a row's columns from its content; its ladder is made of other rows."""
    for name in PLAIN:
        setattr(row, name, getattr(content, name))
    for name in LISTS:
        setattr(row, name, [str(item) for item in getattr(content, name)])
    row.kind, row.laterality = content.kind.value, content.laterality.value
    row.dose = content.dose


def keep_version(
    row: Exercise, content: ExerciseContent, *, by: Member | None, now: datetime, origin: Origin, note: str = ""
) -> None:
    """Keep this state for ever."""
    ExerciseVersion.objects.create(
        exercise=row,
        number=row.revision,
        content=exercise_json(content),
        origin=origin.value,
        by=by,
        at=now,
        note=note,
    )


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
