"""Taking the shipped catalogue into a clinic's own library."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.models import Clinic, Member
from clinic.scope import ScopeError, current_clinic_id
from exercises.actions import cards
from exercises.actions.exercises import fill, one_writer
from exercises.actions.protocols import add_phases
from exercises.actions.protocols import fill as fill_protocol
from exercises.catalogue import Catalogue, load
from exercises.kinds import Laterality, Origin
from exercises.models import Exercise, ExerciseLink, ExerciseVersion, Protocol, ProtocolVersion
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import exercise_json, protocol_json
from exercises.rules.merge import rungs

FROM = Origin.CATALOGUE.value


@dataclass(frozen=True)
class Adopted:
    """How many exercises and protocols were new to the clinic, and how many cards were new or changed."""

    exercises: int
    protocols: int
    cards: int


@transaction.atomic
def adopt(*, clinic: Clinic, by: Member | None, now: datetime, catalogue: Catalogue | None = None) -> Adopted:
    """Copy what the clinic does not have yet from the catalogue, ours as shipped; doing it twice adds nothing.

    Runs in the clinic's scope. What has the code of a catalogue entry stays as it is, edited or retired: the library is
    the clinic's own; only cards, which have no editor, become what the catalogue says. A fixed number of queries for any
    size of catalogue.
    """
    if clinic.pk != current_clinic_id():
        raise ScopeError("A catalogue is adopted in its clinic's scope.")
    one_writer()  # two at once would both find nothing
    catalogue = catalogue or load()
    known = set(Exercise.objects.values_list("code", flat=True))
    new = [entry for entry in catalogue.exercises if entry.code not in known]
    add_exercises(new, version=catalogue.version, by=None, now=now)
    known = set(Protocol.objects.values_list("code", flat=True))
    plans = [entry for entry in catalogue.protocols if entry.code not in known]
    stuck = add_protocols(plans, version=catalogue.version, by=None, now=now)
    written = cards.refresh(by=by, now=now, catalogue=catalogue)
    added = len(plans) - len(stuck)
    if new or added:
        audit.record("catalogue.adopted", by=by, now=now, exercises=len(new), protocols=added)
    return Adopted(exercises=len(new), protocols=added, cards=written)


def add_exercises(entries: Sequence[ExerciseContent], *, version: str, by: Member | None, now: datetime) -> None:
    """Write exercises that the clinic does not have, with their ladders as far as it has the rungs: four queries.

    The ladder of an exercise that it has stays as it is, even if it names one of these.
    """
    rows = [_exercise(entry, version, now) for entry in entries]
    Exercise.objects.bulk_create(rows)
    ids: dict[str, UUID] = dict(Exercise.objects.values_list("code", "pk"))
    contents = [replace(entry, easier=tuple(rungs(entry.easier, ids))) for entry in entries]
    ExerciseLink.objects.bulk_create(
        ExerciseLink(easier_id=ids[code], harder=row, order=order)
        for row, content in zip(rows, contents, strict=True)
        for order, code in enumerate(content.easier)
    )
    ExerciseVersion.objects.bulk_create(
        ExerciseVersion(exercise=row, number=1, content=exercise_json(content), origin=FROM, by=by, at=now)
        for row, content in zip(rows, contents, strict=True)
    )


def add_protocols(
    entries: Sequence[ProtocolContent], *, version: str, by: Member | None, now: datetime
) -> list[ProtocolContent]:
    """Write protocols that the clinic does not have, of exercises that it has: six queries.

    Returns those that do not fit these exercises, which it leaves out: the clinic's may have no sides where ours have.
    """
    known = list(Exercise.objects.values_list("code", "laterality", "pk"))
    sides = {code: Laterality(laterality) for code, laterality, _pk in known}
    stuck = [entry for entry in entries if entry.misfits(sides)]
    entries = [entry for entry in entries if entry not in stuck]
    rows = [_protocol(entry, version, now) for entry in entries]
    Protocol.objects.bulk_create(rows)
    ProtocolVersion.objects.bulk_create(
        ProtocolVersion(protocol=row, number=1, content=row.catalogue_base, origin=FROM, by=by, at=now) for row in rows
    )
    add_phases(list(zip(rows, entries, strict=True)), {code: pk for code, _laterality, pk in known})
    return stuck


def _exercise(content: ExerciseContent, version: str, now: datetime) -> Exercise:
    row = Exercise(changed_at=now, catalogue_version=version, catalogue_base=exercise_json(content))
    fill(row, content)
    return row


def _protocol(content: ProtocolContent, version: str, now: datetime) -> Protocol:
    row = Protocol(changed_at=now, catalogue_version=version, catalogue_base=protocol_json(content))
    fill_protocol(row, content)
    return row
