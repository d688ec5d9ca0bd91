"""What one state of an exercise or a protocol changes in another, part by part and line by line."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Generic, TypeVar

from exercises.rules.content import BlockContent, ExerciseContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.criteria import Criterion

Value = TypeVar("Value", bound=Hashable)
LISTS = frozenset({"regions", "equipment", "steps", "cues", "mistakes", "caution_tags", "easier"})
UNTOLD = frozenset({"code", "phases"})  # a code never changes; phases are told line by line


class Mark(StrEnum):
    """What became of a line."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Line(Generic[Value]):
    """One line of the older or the newer state, or of both."""

    mark: Mark
    value: Value


@dataclass(frozen=True)
class Change:
    """One part that differs, its lines in the order in which they are read. A part that says nothing has no line."""

    field: str
    lines: tuple[Line[Hashable], ...]


# A protocol as it is read from top to bottom: a phase's name, a criterion, a block without its items, an item.
Row = PhaseContent | Criterion | BlockContent | ItemContent


def changes(old: ExerciseContent | ProtocolContent, new: ExerciseContent | ProtocolContent) -> tuple[Change, ...]:
    """Return the parts of two states that differ, in the order of the content's fields, without a protocol's phases."""
    found = []
    for field in fields(new):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if field.name not in UNTOLD and was != now:
            found.append(Change(field.name, compare(_lines(field.name, was), _lines(field.name, now))))
    return tuple(found)


def plan_changes(old: ProtocolContent, new: ProtocolContent) -> tuple[Line[Row], ...]:
    """Return both protocols' phases as one text, read from top to bottom; nothing when they are the same."""
    return compare(tuple(_rows(old)), tuple(_rows(new))) if old.phases != new.phases else ()


def whole(content: ExerciseContent | ProtocolContent) -> tuple[Change, ...]:
    """Return every part that says something, as it is: how a first version is told."""
    told = ((field.name, _lines(field.name, getattr(content, field.name))) for field in fields(content))
    return tuple(
        Change(name, tuple(Line(Mark.SAME, line) for line in lines))
        for name, lines in told
        if lines and name not in UNTOLD
    )


def whole_plan(content: ExerciseContent | ProtocolContent) -> tuple[Line[Row], ...]:
    """Return a protocol's phases as they are, from top to bottom; an exercise has none."""
    rows = _rows(content) if isinstance(content, ProtocolContent) else ()
    return tuple(Line(Mark.SAME, row) for row in rows)


def compare(old: Sequence[Value], new: Sequence[Value]) -> tuple[Line[Value], ...]:
    """Return the lines of both; what is taken out stands before what is put in its place."""
    found: list[Line[Value]] = []
    for verb, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if verb == "equal":
            found += [Line(Mark.SAME, value) for value in new[c:d]]
        else:
            found += [Line(Mark.OUT, value) for value in old[a:b]]
            found += [Line(Mark.IN, value) for value in new[c:d]]
    return tuple(found)


def _lines(field: str, value: object) -> tuple[Hashable, ...]:
    if field in LISTS:
        assert isinstance(value, tuple)  # noqa: S101 - what the content's type says
        return value
    return (value,) if value else ()  # every part is frozen


def _rows(protocol: ProtocolContent) -> Iterator[Row]:
    for phase in protocol.phases:
        yield PhaseContent(name=phase.name)
        for block in phase.blocks:
            yield BlockContent(title=block.title, schedule=block.schedule)
            yield from block.items
        yield from phase.exit_criteria


def near(lines: Iterable[Line[Row]]) -> tuple[Line[Row], ...]:
    """Return the lines that differ, each below its phase and its block: enough to find one line in a long protocol."""
    found: list[Line[Row]] = []
    above: dict[type, Line[Row]] = {}  # what a changed line stands below, as far as it was not given yet
    for line in lines:
        if isinstance(line.value, PhaseContent):
            above.clear()
        if isinstance(line.value, BlockContent):
            above.pop(BlockContent, None)
        if line.mark is not Mark.SAME:
            heads = (PhaseContent,) if isinstance(line.value, Criterion) else (PhaseContent, BlockContent)
            found += [*(above.pop(head) for head in heads if head in above), line]
        elif isinstance(line.value, PhaseContent | BlockContent):
            above[type(line.value)] = line
    return tuple(found)
