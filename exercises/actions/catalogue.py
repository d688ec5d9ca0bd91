"""Taking the shipped catalogue into a clinic's own library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.models import Clinic, Member
from clinic.scope import ScopeError, current_clinic_id
from exercises.actions import cards
from exercises.actions.exercises import fill
from exercises.actions.protocols import add_phases
from exercises.actions.protocols import fill as fill_protocol
from exercises.catalogue import Catalogue, load
from exercises.kinds import Origin
from exercises.models import Exercise, ExerciseLink, ExerciseVersion, Protocol, ProtocolVersion
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import exercise_json, protocol_json


@dataclass(frozen=True)
class Adopted:
    """How many exercises and protocols were new to the clinic, and how many cards were new or changed."""

    exercises: int
    protocols: int
    cards: int


@transaction.atomic
def adopt(*, clinic: Clinic, by: Member | None, now: datetime) -> Adopted:
    """Copy what the clinic does not have yet from the catalogue; doing it twice adds nothing.

    Runs in the clinic's scope. What has the code of a catalogue entry stays as it is, edited or retired: the library is
    the clinic's own; only cards, which have no editor, become what the catalogue says. A fixed number of queries for any size of catalogue.
    """
    if clinic.pk != current_clinic_id():
        raise ScopeError("A catalogue is adopted in its clinic's scope.")
    Clinic.objects.select_for_update().only("pk").get(pk=clinic.pk)  # two at once would both find nothing
    catalogue = load()
    new = _add_exercises(catalogue, now)
    ids: dict[str, UUID] = dict(Exercise.objects.values_list("code", "pk"))
    _add_links(catalogue, ids, new)
    protocols = _add_protocols(catalogue, ids, now)
    written = cards.refresh(by=by, now=now)
    if new or protocols:
        audit.record("catalogue.adopted", by=by, now=now, exercises=len(new), protocols=protocols)
    return Adopted(exercises=len(new), protocols=protocols, cards=written)


def _add_exercises(catalogue: Catalogue, now: datetime) -> set[str]:
    known = set(Exercise.objects.values_list("code", flat=True))
    pairs = [(_exercise(entry, catalogue, now), entry) for entry in catalogue.exercises if entry.code not in known]
    Exercise.objects.bulk_create([row for row, _ in pairs])
    ExerciseVersion.objects.bulk_create(
        ExerciseVersion(exercise=row, number=1, content=exercise_json(entry), origin=Origin.CATALOGUE.value, at=now)
        for row, entry in pairs
    )
    return {row.code for row, _ in pairs}


def _exercise(content: ExerciseContent, catalogue: Catalogue, now: datetime) -> Exercise:
    row = Exercise(changed_at=now, catalogue_version=catalogue.version, catalogue_base=exercise_json(content))
    fill(row, content)
    return row


def _add_links(catalogue: Catalogue, ids: Mapping[str, UUID], new: set[str]) -> None:
    """Add the rungs that have a new exercise at one end: a link that the clinic took away stays away."""
    rungs = [(easier, entry.code) for entry in catalogue.exercises for easier in entry.easier]
    rows = [
        ExerciseLink(easier_id=ids[easier], harder_id=ids[harder], order=order)
        for order, (easier, harder) in enumerate(rungs)
        if harder in new or easier in new
    ]
    ExerciseLink.objects.bulk_create(rows)


def _add_protocols(catalogue: Catalogue, ids: Mapping[str, UUID], now: datetime) -> int:
    known = set(Protocol.objects.values_list("code", flat=True))
    entries = [entry for entry in catalogue.protocols if entry.code not in known]
    protocols = [_protocol(entry, catalogue, now) for entry in entries]
    Protocol.objects.bulk_create(protocols)
    ProtocolVersion.objects.bulk_create(
        ProtocolVersion(protocol=row, number=1, content=row.catalogue_base, origin=Origin.CATALOGUE.value, at=now)
        for row in protocols
    )
    add_phases(list(zip(protocols, entries, strict=True)), ids)
    return len(protocols)


def _protocol(content: ProtocolContent, catalogue: Catalogue, now: datetime) -> Protocol:
    row = Protocol(changed_at=now, catalogue_version=catalogue.version, catalogue_base=protocol_json(content))
    fill_protocol(row, content)
    return row
