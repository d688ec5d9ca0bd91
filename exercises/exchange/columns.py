"""The columns of the exercises' sheet: one set for CSV and XLSX, both ways (docs/exchange.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from exercises.errors import CellError
from exercises.exchange import cells
from exercises.rules.content import Problem

Json = dict[str, Any]


class Shape(Enum):
    """What a cell holds."""

    TEXT = "text"
    CODE = "code"  # one of a list
    LINES = "lines"  # texts, one a line
    CODES = "codes"  # codes of a list, one a line
    NAMES = "names"  # codes of exercises, one a line
    WHOLE = "whole"
    EXACT = "exact"
    EACH = "each"  # whole numbers, one for each set


READ: dict[Shape, Callable[[str], Any]] = {
    Shape.TEXT: str,
    Shape.CODE: cells.code,
    Shape.LINES: cells.lines,
    Shape.CODES: lambda cell: [cells.code(word) for word in cells.words(cell)],
    Shape.NAMES: cells.words,
    Shape.WHOLE: cells.whole,
    Shape.EXACT: cells.exact,
    Shape.EACH: cells.each,
}


@dataclass(frozen=True)
class Column:
    """One column, and where its cell stands in the content: `dose.sets` is a part of the dose."""

    name: str
    shape: Shape
    part: str = ""

    def read(self, cell: str) -> Any:
        """Return the value that content has; raise CellError. An empty cell is the empty value."""
        return READ[self.shape](cell)

    def write(self, value: Any) -> Any:
        """Return a cell for a value of the content, safe for a spreadsheet; whole numbers stay numbers."""
        if value is None or isinstance(value, int):
            return value
        if self.shape is Shape.EACH:  # 6-4-2 would be a day in June
            return ", ".join(map(str, value))
        return cells.disarm(cells.joined(value) if isinstance(value, list) else str(value))


DOSE = tuple(
    Column(name, shape, "dose")
    for name, shape in (
        ("measure", Shape.CODE),
        ("sets", Shape.WHOLE),
        ("reps", Shape.WHOLE),
        ("reps_max", Shape.WHOLE),
        ("reps_pattern", Shape.EACH),
        ("hold_s", Shape.WHOLE),
        ("time_s", Shape.WHOLE),
        ("distance_m", Shape.WHOLE),
        ("breaths", Shape.WHOLE),
        ("side", Shape.CODE),
        ("rest_s", Shape.WHOLE),
        ("tempo", Shape.TEXT),
        ("load_kind", Shape.CODE),
        ("load_kg", Shape.EXACT),
        ("band", Shape.TEXT),
        ("effort_rpe", Shape.WHOLE),
    )
)
EXERCISE = (
    Column("code", Shape.TEXT),
    Column("name", Shape.TEXT),
    Column("kind", Shape.CODE),
    Column("laterality", Shape.CODE),
    Column("regions", Shape.CODES),
    Column("equipment", Shape.CODES),
    Column("steps", Shape.LINES),
    Column("cues", Shape.LINES),
    Column("mistakes", Shape.LINES),
    Column("caution_tags", Shape.CODES),
    Column("avoid_when", Shape.TEXT),
    *DOSE,
    Column("dose_source", Shape.TEXT),
    Column("figure", Shape.TEXT),
    Column("easier", Shape.NAMES),
    Column("source", Shape.TEXT),
    Column("licence", Shape.TEXT),
)


def written(content: Mapping[str, Any], columns: Sequence[Column] = EXERCISE) -> list[Any]:
    """Return content as the cells of one row."""
    return [column.write((content[column.part] if column.part else content).get(column.name)) for column in columns]


def said(row: Mapping[str, Any], columns: Sequence[Column] = EXERCISE) -> tuple[Json, list[Problem]]:
    """Return what one row says of its content, and what of it cannot be read, by column.

    A column that the sheet does not have says nothing; an empty cell says that there is nothing.
    """
    content: Json = {}
    problems: list[Problem] = []
    for column in columns:
        if column.name not in row:
            continue
        try:
            value = column.read(cells.read(row[column.name]))
        except CellError as error:
            problems.append((f"{column.part}.{column.name}".lstrip("."), str(error)))
            continue
        (content.setdefault(column.part, {}) if column.part else content)[column.name] = value
    if "dose" in content:
        _complete_load(content["dose"])
    return content, problems


def _complete_load(dose: Json) -> None:
    """Name the load by what is said of it: who writes 8 in `load_kg` has said that it is kilograms."""
    if not dose.get("load_kind") and (dose.get("load_kg") or dose.get("band")):
        dose["load_kind"] = "kg" if dose.get("load_kg") else "band"
