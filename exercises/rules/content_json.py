"""Content as plain JSON and back, without loss: for versions, for the catalogue's base, and for files."""

from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from exercises.kinds import (
    Caution,
    Equipment,
    Gauge,
    Kind,
    Laterality,
    LoadKind,
    Measure,
    Operator,
    Pattern,
    Proof,
    Region,
    Side,
    Trigger,
)
from exercises.rules.content import BlockContent, ExerciseContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.reading import Reader
from exercises.rules.schedule import Schedule

Json = dict[str, Any]
TEXTS = ("code", "name", "avoid_when", "dose_source", "figure", "source", "licence")
LISTS = ("steps", "cues", "mistakes", "easier")
INTEGERS = ("sets", "reps", "reps_max", "hold_s", "time_s", "distance_m", "breaths", "rest_s", "effort_rpe")


def as_json(content: ExerciseContent | ProtocolContent) -> Json:
    """Return either as its JSON."""
    return exercise_json(content) if isinstance(content, ExerciseContent) else protocol_json(content)


def exercise_json(content: ExerciseContent) -> Json:
    """Return the exercise as JSON types, in the order of its fields."""
    found = {field.name: _plain(getattr(content, field.name)) for field in fields(content)}
    return found | {"dose": dose_json(content.dose)}


def protocol_json(content: ProtocolContent) -> Json:
    """Return the protocol as JSON types, phases and all."""
    found = {field.name: _plain(getattr(content, field.name)) for field in fields(content)}
    return found | {"phases": [_phase_json(phase) for phase in content.phases]}


def dose_json(dose: Dose) -> Json:
    """Return the dose as JSON types: kilograms as exact text, the same for 2.5 and for a column's 2.50.

    No `reps_pattern` where there is none: a dose from before there were any stays what it was, word for word.
    """
    found = {field.name: _plain(getattr(dose, field.name)) for field in fields(dose)}
    return found if dose.reps_pattern else {name: value for name, value in found.items() if name != "reps_pattern"}


def schedule_json(schedule: Schedule) -> Json:
    """Return the schedule as JSON types."""
    return {field.name: _plain(getattr(schedule, field.name)) for field in fields(schedule)}


def criterion_json(criterion: Criterion) -> Json:
    """Return the gate as JSON types."""
    return {field.name: _plain(getattr(criterion, field.name)) for field in fields(criterion)}


def exercise_from(row: Any) -> ExerciseContent:
    """Return the exercise that JSON says; raise ContentError with every problem."""
    content = exercise_read(row)
    content.validate()
    return content


def exercise_read(row: Any) -> ExerciseContent:
    """Return the exercise that JSON says, not yet validated; raise ContentError where a part cannot be read."""
    reader = Reader(row)
    plain: Json = {name: reader.text(name) for name in TEXTS} | {name: reader.texts(name) for name in LISTS}
    content = ExerciseContent(
        **plain,
        kind=reader.one(Kind, "kind"),
        laterality=reader.one(Laterality, "laterality"),
        regions=reader.codes(Region, "regions"),
        equipment=reader.codes(Equipment, "equipment"),
        caution_tags=reader.codes(Caution, "caution_tags"),
        dose=reader.part("dose", dose_from),
    )
    reader.close()
    return content


def protocol_from(row: Any) -> ProtocolContent:
    """Return the protocol that JSON says; raise ContentError with every problem."""
    content = protocol_read(row)
    content.validate()
    return content


def protocol_read(row: Any) -> ProtocolContent:
    """Return the protocol that JSON says, not yet validated; raise ContentError where a part cannot be read."""
    reader = Reader(row)
    content = ProtocolContent(
        **{name: reader.text(name) for name in ("code", "name", "summary", "audience", "source")},
        phases=reader.parts("phases", _phase_from),
    )
    reader.close()
    return content


def dose_from(row: Any) -> Dose:
    """Return the dose that JSON says, not yet validated; raise ContentError where a part cannot be read."""
    reader = Reader(row)
    dose = Dose(
        measure=reader.one(Measure, "measure"),
        side=reader.one(Side, "side"),  # never taken for granted: a missing side is hazard H4
        load_kind=reader.one(LoadKind, "load_kind", LoadKind.NONE),
        load_kg=reader.decimal("load_kg"),
        reps_pattern=reader.integers("reps_pattern"),
        tempo=reader.text("tempo"),
        band=reader.text("band"),
        **{name: value for name in INTEGERS if (value := reader.integer(name)) is not None},
    )
    reader.close()
    return dose


def schedule_from(row: Any) -> Schedule:
    """Return the schedule that JSON says, not yet validated; raise ContentError where a part cannot be read."""
    reader = Reader(row)
    schedule = Schedule(
        trigger=reader.one(Trigger, "trigger"),
        pattern=reader.one(Pattern, "pattern") if reader.has("pattern") else None,
        weekdays=reader.integers("weekdays"),
        per_week=reader.integer("per_week"),
        times_per_day=1 if (times := reader.integer("times_per_day")) is None else times,
    )
    reader.close()
    return schedule


def criterion_from(row: Any) -> Criterion:
    """Return the gate that JSON says, not yet validated; raise ContentError where a part cannot be read."""
    reader = Reader(row)
    given = {name: value for name in ("times", "stale_days") if (value := reader.integer(name)) is not None}
    criterion = Criterion(
        kind=reader.one(Proof, "kind"),
        what=reader.one(Gauge, "what"),
        operator=reader.one(Operator, "operator"),
        threshold=reader.integer("threshold"),
        in_a_row=reader.flag("in_a_row"),
        exercise=reader.text("exercise"),
        text=reader.text("text"),
        **given,
    )
    reader.close()
    return criterion


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _phase_json(phase: PhaseContent) -> Json:
    return {
        "name": phase.name,
        "exit_criteria": [criterion_json(criterion) for criterion in phase.exit_criteria],
        "blocks": [_block_json(block) for block in phase.blocks],
    }


def _block_json(block: BlockContent) -> Json:
    items = [
        {"exercise": item.exercise, "dose": dose_json(item.dose), "note": item.note, "bad_day": item.in_bad_day_set}
        for item in block.items
    ]
    return {"title": block.title, "schedule": schedule_json(block.schedule), "items": items}


def _phase_from(row: Any) -> PhaseContent:
    reader = Reader(row)
    phase = PhaseContent(
        name=reader.text("name"),
        exit_criteria=reader.parts("exit_criteria", criterion_from),
        blocks=reader.parts("blocks", _block_from),
    )
    reader.close()
    return phase


def _block_from(row: Any) -> BlockContent:
    reader = Reader(row)
    block = BlockContent(
        title=reader.text("title"),
        schedule=reader.part("schedule", schedule_from),
        items=reader.parts("items", _item_from),
    )
    reader.close()
    return block


def _item_from(row: Any) -> ItemContent:
    reader = Reader(row)
    item = ItemContent(
        exercise=reader.text("exercise"),
        dose=reader.part("dose", dose_from),
        note=reader.text("note"),
        in_bad_day_set=reader.flag("bad_day"),
    )
    reader.close()
    return item
