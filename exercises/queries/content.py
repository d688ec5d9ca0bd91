"""Rows of the library as content: what versions, updates, files and the editor speak of."""

from collections.abc import Iterable

from exercises.kinds import Caution, Equipment, Kind, Laterality, Region
from exercises.models import Exercise, ExerciseLink, Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase
from exercises.rules.content import BlockContent, ExerciseContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.content_json import criterion_from


def exercise_contents(exercises: Iterable[Exercise] | None = None) -> dict[str, ExerciseContent]:
    """Return content by code, of the given rows or of every exercise, retired ones too: two queries at most."""
    rows = list(Exercise.objects.all() if exercises is None else exercises)
    links = ExerciseLink.objects.filter(harder__in=rows) if exercises is not None else ExerciseLink.objects.all()
    easier: dict[str, list[str]] = {}
    for harder, code in links.order_by("order", "pk").values_list("harder__code", "easier__code"):
        easier.setdefault(harder, []).append(code)
    return {row.code: _exercise(row, tuple(easier.get(row.code, ()))) for row in rows}


def exercise_content(exercise: Exercise) -> ExerciseContent:
    """Return one exercise's content: one query."""
    return exercise_contents([exercise])[exercise.code]


def protocol_contents(protocols: Iterable[Protocol] | None = None) -> dict[str, ProtocolContent]:
    """Return content by code, of the given rows or of every protocol, retired ones too: five queries at most."""
    rows = (
        Protocol.objects.all() if protocols is None else Protocol.objects.filter(pk__in=[row.pk for row in protocols])
    )
    whole = rows.prefetch_related("phases__blocks__items__exercise")
    return {row.code: _protocol(row) for row in whole}


def protocol_content(protocol: Protocol) -> ProtocolContent:
    """Return one protocol's content: five queries."""
    return protocol_contents([protocol])[protocol.code]


def _exercise(row: Exercise, easier: tuple[str, ...]) -> ExerciseContent:
    return ExerciseContent(
        code=row.code,
        name=row.name,
        kind=Kind(row.kind),
        laterality=Laterality(row.laterality),
        regions=tuple(Region(code) for code in row.regions),
        equipment=tuple(Equipment(code) for code in row.equipment),
        steps=tuple(row.steps),
        cues=tuple(row.cues),
        mistakes=tuple(row.mistakes),
        caution_tags=tuple(Caution(code) for code in row.caution_tags),
        avoid_when=row.avoid_when,
        dose=row.dose,
        dose_source=row.dose_source,
        figure=row.figure,
        easier=easier,
        source=row.source,
        licence=row.licence,
    )


def _protocol(row: Protocol) -> ProtocolContent:
    return ProtocolContent(
        code=row.code,
        name=row.name,
        summary=row.summary,
        audience=row.audience,
        source=row.source,
        phases=tuple(_phase(phase) for phase in row.phases.all()),
    )


def _phase(phase: ProtocolPhase) -> PhaseContent:
    return PhaseContent(
        name=phase.name,
        exit_criteria=tuple(criterion_from(criterion) for criterion in phase.exit_criteria),
        blocks=tuple(_block(block) for block in phase.blocks.all()),
    )


def _block(block: ProtocolBlock) -> BlockContent:
    return BlockContent(
        title=block.title, schedule=block.schedule, items=tuple(_item(item) for item in block.items.all())
    )


def _item(item: ProtocolItem) -> ItemContent:
    return ItemContent(exercise=item.exercise.code, dose=item.dose, note=item.note, in_bad_day_set=item.in_bad_day_set)
