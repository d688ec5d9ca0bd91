"""A draft as typed, and what the desk's buttons do to it: nothing is lost because something else is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from athletes.facts.movements import Movements
from athletes.forms.block import block_data
from athletes.forms.line import line_data
from athletes.rules.plan import Plan, PlannedLine
from clinic.ids import uuid7
from exercises.kinds import Pattern
from exercises.models import Exercise

Typed = dict[str, list[str]]
NAME = re.compile(r"b(\d{1,2})(?:l(\d{1,2}))?-(\w{1,20})")
MOST_BLOCKS, MOST_LINES = 12, 30  # beyond any program; they keep a page and a request small


@dataclass(slots=True)
class TypedBlock:
    """A block's fields and its lines' fields, as typed."""

    data: Typed
    lines: list[Typed] = field(default_factory=list)


def typed_of(plan: Plan) -> list[TypedBlock]:
    """Return a plan as a browser would send it back untouched."""
    return [TypedBlock(block_data(block), [line_data(line) for line in block.lines]) for block in plan.blocks]


def read(post: QueryDict) -> list[TypedBlock]:
    """Read every block and line of a request, in the order of their numbers."""
    blocks: dict[int, TypedBlock] = {}
    lines: dict[tuple[int, int], Typed] = {}
    for key, values in post.lists():
        if (match := NAME.fullmatch(key)) is None:
            continue
        block, line, name = int(match[1]), match[2], match[3]
        if line is None:
            blocks.setdefault(block, TypedBlock({})).data[name] = values
        else:
            lines.setdefault((block, int(line)), {})[name] = values
    for (block, _), typed in sorted(lines.items()):
        if block in blocks:
            blocks[block].lines.append(typed)
    return [blocks[number] for number in sorted(blocks)]


def press(typed: list[TypedBlock], do: str, *, movements: Movements, into: int, title: str) -> str:
    """Do what a button says, and return the anchor of what it touched. What does not fit (any more) does nothing."""
    verb, _, where = do.partition(":")
    if verb == "add_block":
        return _add_block(typed, title)
    if verb == "add":
        return _add(typed, movements.exercises.get(_uuid(where)), into, title)
    block, line = _place(where)
    if not 0 <= block < len(typed):
        return ""
    if verb in {"remove_block", "block_up", "block_down"}:
        return _move_block(typed, verb, block)
    return _change_line(typed, verb, block, line, movements)


def added(do: str) -> UUID:
    """Return which exercise a button adds, so that it can be looked up first; the nil id when it adds none."""
    verb, _, where = do.partition(":")
    return _uuid(where if verb == "add" else "")


def _add_block(typed: list[TypedBlock], title: str) -> str:
    if len(typed) >= MOST_BLOCKS:
        return ""
    data = {"lineage": [str(uuid7())], "title": [title], "when": [Pattern.PER_WEEK.value], "per_week": ["3"]}
    typed.append(TypedBlock(data))
    return f"b{len(typed) - 1}"


def _add(typed: list[TypedBlock], exercise: Exercise | None, into: int, title: str) -> str:
    if exercise is None or exercise.retired_at or sum(len(block.lines) for block in typed) >= MOST_LINES:
        return ""
    if not typed:
        _add_block(typed, title)
    number = into if 0 <= into < len(typed) else len(typed) - 1
    typed[number].lines.append(_default(exercise))
    return f"b{number}l{len(typed[number].lines) - 1}"


def _move_block(typed: list[TypedBlock], verb: str, number: int) -> str:
    block = typed.pop(number)
    if verb == "remove_block":
        return ""
    to = max(0, number - 1) if verb == "block_up" else number + 1
    typed.insert(to, block)
    return f"b{min(to, len(typed) - 1)}"


def _change_line(typed: list[TypedBlock], verb: str, block: int, line: int, movements: Movements) -> str:
    if not 0 <= line < len(typed[block].lines):
        return ""
    if verb in {"easier", "harder"}:
        return _swap(typed[block].lines, line, getattr(movements, verb), f"b{block}l{line}")
    return _move_line(typed, verb, block, line)


def _move_line(typed: list[TypedBlock], verb: str, block: int, line: int) -> str:
    """Move a line by one place, over the edge into the neighbouring block; or take it out."""
    lines = typed[block].lines
    if verb == "remove_line":
        del lines[line]
    elif verb == "up" and line:
        lines[line - 1 : line + 1] = [lines[line], lines[line - 1]]
        line -= 1
    elif verb == "down" and line + 1 < len(lines):
        lines[line : line + 2] = [lines[line + 1], lines[line]]
        line += 1
    elif verb == "up" and block:
        typed[block - 1].lines.append(lines.pop(line))
        block, line = block - 1, len(typed[block - 1].lines) - 1
    elif verb == "down" and block + 1 < len(typed):
        typed[block + 1].lines.insert(0, lines.pop(line))
        block, line = block + 1, 0
    return f"b{block}" if verb == "remove_line" else f"b{block}l{line}"


def _swap(lines: list[Typed], line: int, rungs: Mapping[UUID, Exercise], anchor: str) -> str:
    """Put the next easier or harder form in a line's place, with its own default dose: another movement, another dose."""
    target = rungs.get(_uuid(lines[line].get("exercise_id", [""])[0]))
    if target is None:
        return ""
    kept = {"in_bad_day_set": lines[line]["in_bad_day_set"]} if "in_bad_day_set" in lines[line] else {}
    lines[line] = _default(target) | kept
    return anchor


def _default(exercise: Exercise) -> Typed:
    return line_data(PlannedLine(exercise=exercise.pk, dose=exercise.dose))


def _place(where: str) -> tuple[int, int]:
    parts = [int(part) if part.isdecimal() and len(part) < 3 else -1 for part in where.split(".")]  # noqa: PLR2004 digits
    return (parts[0], parts[1]) if len(parts) > 1 else (parts[0], -1)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
