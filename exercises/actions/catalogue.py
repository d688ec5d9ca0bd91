"""Taking the shipped catalogue into a clinic's own library."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.models import Clinic, Member
from clinic.scope import ScopeError, current_clinic_id
from exercises.catalogue import Catalogue, CatalogueBlock, CatalogueExercise, CataloguePhase, CatalogueProtocol, load
from exercises.models import Exercise, ExerciseLink, Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase


@dataclass(frozen=True)
class Adopted:
    """How many rows were new to the clinic."""

    exercises: int
    protocols: int


@transaction.atomic
def adopt(*, clinic: Clinic, by: Member | None, now: datetime) -> Adopted:
    """Copy what the clinic does not have yet from the catalogue; doing it twice adds nothing.

    Runs in the clinic's scope. What has the code of a catalogue entry stays as it is, edited or retired: the library is
    the clinic's own. A fixed number of queries for any size of catalogue.
    """
    if clinic.pk != current_clinic_id():
        raise ScopeError("A catalogue is adopted in its clinic's scope.")
    Clinic.objects.select_for_update().only("pk").get(pk=clinic.pk)  # two at once would both find nothing
    catalogue = load()
    new = _add_exercises(catalogue)
    ids: dict[str, UUID] = dict(Exercise.objects.values_list("code", "pk"))
    _add_links(catalogue, ids, new)
    protocols = _add_protocols(catalogue, ids)
    if new or protocols:
        audit.record("catalogue.adopted", by=by, now=now, exercises=len(new), protocols=protocols)
    return Adopted(exercises=len(new), protocols=protocols)


def _add_exercises(catalogue: Catalogue) -> set[str]:
    known = set(Exercise.objects.values_list("code", flat=True))
    rows = [_exercise(entry) for entry in catalogue.exercises if entry.code not in known]
    Exercise.objects.bulk_create(rows)
    return {row.code for row in rows}


def _exercise(entry: CatalogueExercise) -> Exercise:
    row = Exercise(
        code=entry.code,
        name=entry.name,
        kind=entry.kind.value,
        laterality=entry.laterality.value,
        regions=list(entry.regions),
        equipment=list(entry.equipment),
        steps=list(entry.steps),
        cues=list(entry.cues),
        mistakes=list(entry.mistakes),
        caution_tags=list(entry.caution_tags),
        avoid_when=entry.avoid_when,
        dose_source=entry.dose_source,
        figure=entry.figure,
        figure_start=entry.figure_start,
        source=entry.source,
        licence=entry.licence,
        catalogue_version=entry.version,
    )
    row.dose = entry.dose
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


def _add_protocols(catalogue: Catalogue, ids: Mapping[str, UUID]) -> int:
    known = set(Protocol.objects.values_list("code", flat=True))
    entries = [entry for entry in catalogue.protocols if entry.code not in known]
    protocols = [_protocol(entry) for entry in entries]
    phases = [
        (ProtocolPhase(protocol=protocol, order=n, name=phase.name, exit_criteria=list(phase.exit_criteria)), phase)
        for protocol, entry in zip(protocols, entries, strict=True)
        for n, phase in enumerate(entry.phases, start=1)
    ]
    blocks = [pair for phase, entry in phases for pair in _blocks(phase, entry)]
    Protocol.objects.bulk_create(protocols)
    ProtocolPhase.objects.bulk_create([phase for phase, _ in phases])
    ProtocolBlock.objects.bulk_create([block for block, _ in blocks])
    ProtocolItem.objects.bulk_create([item for block, entry in blocks for item in _items(block, entry, ids)])
    return len(protocols)


def _protocol(entry: CatalogueProtocol) -> Protocol:
    return Protocol(
        code=entry.code,
        name=entry.name,
        summary=entry.summary,
        audience=entry.audience,
        source=entry.source,
        catalogue_version=entry.version,
    )


def _blocks(phase: ProtocolPhase, entry: CataloguePhase) -> Iterable[tuple[ProtocolBlock, CatalogueBlock]]:
    for n, block in enumerate(entry.blocks, start=1):
        row = ProtocolBlock(phase=phase, order=n, title=block.title)
        row.schedule = block.schedule
        yield row, block


def _items(block: ProtocolBlock, entry: CatalogueBlock, ids: Mapping[str, UUID]) -> Iterable[ProtocolItem]:
    for n, item in enumerate(entry.items, start=1):
        row = ProtocolItem(
            block=block,
            exercise_id=ids[item.exercise],
            order=n,
            note=item.note,
            in_bad_day_set=item.in_bad_day_set,
        )
        row.dose = item.dose
        yield row
