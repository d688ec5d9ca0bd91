"""The exercises and protocols that we ship, parsed and checked. Text and doses are in the .toml files beside this one."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from exercises.errors import CatalogueError, DoseError, ScheduleError
from exercises.kinds import Caution, Equipment, Kind, Laterality, LoadKind, Measure, Pattern, Region, Side, Trigger
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

FOLDER = Path(__file__).parent
Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class CatalogueExercise:
    """One exercise. `easier` are the codes of its easier forms, the first to try first."""

    code: str
    name: str
    kind: Kind
    laterality: Laterality
    regions: tuple[Region, ...]
    equipment: tuple[Equipment, ...]
    steps: tuple[str, ...]
    cues: tuple[str, ...]
    mistakes: tuple[str, ...]
    caution_tags: tuple[Caution, ...]
    avoid_when: str
    dose: Dose
    dose_source: str
    figure: str
    figure_start: str
    easier: tuple[str, ...]
    source: str
    licence: str
    version: str


@dataclass(frozen=True, kw_only=True)
class CatalogueItem:
    """One line of a block, with its dose."""

    exercise: str
    dose: Dose
    note: str
    in_bad_day_set: bool


@dataclass(frozen=True, kw_only=True)
class CatalogueBlock:
    """A part of a phase with one schedule."""

    title: str
    schedule: Schedule
    items: tuple[CatalogueItem, ...]


@dataclass(frozen=True, kw_only=True)
class CataloguePhase:
    """A stretch of a protocol, and what a person checks before the next."""

    name: str
    exit_criteria: tuple[str, ...]
    blocks: tuple[CatalogueBlock, ...]


@dataclass(frozen=True, kw_only=True)
class CatalogueProtocol:
    """A template in phases."""

    code: str
    name: str
    summary: str
    audience: str
    source: str
    version: str
    phases: tuple[CataloguePhase, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything we ship."""

    exercises: tuple[CatalogueExercise, ...]
    protocols: tuple[CatalogueProtocol, ...]


@cache
def load() -> Catalogue:
    """Return the shipped catalogue; raise CatalogueError if a file of ours is broken."""
    return parse([tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))])


def parse(files: Iterable[Mapping[str, Any]]) -> Catalogue:
    """Return a catalogue from parsed TOML files; raise CatalogueError at the first mistake."""
    files = list(files)
    exercises = tuple(_exercise(row, file) for file in files for row in file.get("exercise", ()))
    known = {exercise.code: exercise for exercise in exercises}
    if len(known) != len(exercises):
        raise CatalogueError("Two exercises share a code.")
    for exercise in exercises:
        for code in exercise.easier:
            if code not in known or code == exercise.code:
                raise CatalogueError(f"{exercise.code}: no easier exercise {code!r}.")
    protocols = tuple(_protocol(row, file, known) for file in files for row in file.get("protocol", ()))
    return Catalogue(exercises, protocols)


def _exercise(row: Mapping[str, Any], file: Mapping[str, Any]) -> CatalogueExercise:
    try:
        laterality = Laterality(row["laterality"])
        return CatalogueExercise(
            code=row["code"],
            name=row["name"],
            kind=Kind(row["kind"]),
            laterality=laterality,
            regions=_codes(Region, row["regions"]),
            equipment=_codes(Equipment, row["equipment"]),
            steps=tuple(row["steps"]),
            cues=tuple(row["cues"]),
            mistakes=tuple(row["mistakes"]),
            caution_tags=_codes(Caution, row["caution_tags"]),
            avoid_when=row["avoid_when"],
            dose=_dose(row["dose"], laterality),
            dose_source=row["dose_source"],
            figure=row.get("figure", ""),
            figure_start=row.get("figure_start", ""),
            easier=tuple(row.get("easier", ())),
            source=file["source"],
            licence=file["licence"],
            version=file["version"],
        )
    except (KeyError, ValueError, TypeError, DoseError) as error:
        raise CatalogueError(f"{row.get('code', 'an exercise')}: {error!r}") from error


def _protocol(
    row: Mapping[str, Any], file: Mapping[str, Any], known: Mapping[str, CatalogueExercise]
) -> CatalogueProtocol:
    try:
        return CatalogueProtocol(
            code=row["code"],
            name=row["name"],
            summary=row["summary"],
            audience=row["audience"],
            source=row["source"],
            version=file["version"],
            phases=tuple(_phase(phase, known) for phase in row["phase"]),
        )
    except (KeyError, ValueError, TypeError, DoseError, ScheduleError) as error:
        raise CatalogueError(f"{row.get('code', 'a protocol')}: {error!r}") from error


def _phase(row: Mapping[str, Any], known: Mapping[str, CatalogueExercise]) -> CataloguePhase:
    blocks = tuple(
        CatalogueBlock(
            title=block["title"],
            schedule=_schedule(block["schedule"]),
            items=tuple(_item(item, known[item["exercise"]]) for item in block["items"]),
        )
        for block in row["block"]
    )
    return CataloguePhase(name=row["name"], exit_criteria=tuple(row["exit_criteria"]), blocks=blocks)


def _item(row: Mapping[str, Any], exercise: CatalogueExercise) -> CatalogueItem:
    return CatalogueItem(
        exercise=exercise.code,
        dose=_dose(row["dose"], exercise.laterality) if "dose" in row else exercise.dose,
        note=row.get("note", ""),
        in_bad_day_set=row.get("bad_day", False),
    )


def _dose(row: Mapping[str, Any], laterality: Laterality) -> Dose:
    values = dict(row)
    values["measure"] = Measure(values["measure"])
    values["side"] = Side(values["side"])  # never taken for granted: a missing side is hazard H4
    values["load_kind"] = LoadKind(values.get("load_kind", LoadKind.NONE))
    if "load_kg" in values:
        values["load_kg"] = Decimal(str(values["load_kg"]))
    dose = Dose(**values)
    dose.validate()
    dose.check_side(laterality)
    return dose


def _schedule(row: Mapping[str, Any]) -> Schedule:
    schedule = Schedule(
        trigger=Trigger(row["trigger"]),
        pattern=Pattern(row["pattern"]) if "pattern" in row else None,
        weekdays=tuple(row.get("weekdays", ())),
        per_week=row.get("per_week"),
        times_per_day=row.get("times_per_day", 1),
    )
    schedule.validate()
    return schedule


def _codes(kind: type[Code], values: Iterable[str]) -> tuple[Code, ...]:
    return tuple(kind(value) for value in values)
