"""A protocol as typed, and what the editor's buttons do to it: nothing is lost because something else is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from exercises.forms.block import block_data
from exercises.forms.dose import dose_data
from exercises.kinds import Gauge, Operator, Pattern, Proof
from exercises.models import Exercise
from exercises.queries.names import Named
from exercises.rules.content import BLOCKS, CRITERIA, ITEMS, PHASES, BlockContent, ProtocolContent
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

Typed = dict[str, list[str]]
NAME = re.compile(r"p(\d{1,2})(?:(g)(\d{1,2})|b(\d{1,2})(?:i(\d{1,2}))?)?-(\w{1,20})")
MOVES = {  # how many numbers a button names -> what it may do
    1: {"phase_up", "phase_down", "remove_phase"},
    2: {"block_up", "block_down", "remove_block", "remove_gate"},
    3: {"item_up", "item_down", "remove_item"},
}
USUAL = Schedule(pattern=Pattern.PER_WEEK, per_week=3)
FIRST_GATE = Criterion(
    kind=Proof.SELF_REPORT, what=Gauge.NEXT_MORNING_PAIN, operator=Operator.AT_MOST, threshold=2, times=3, in_a_row=True
)


@dataclass(slots=True)
class TypedBlock:
    """A block's fields and its items' fields, as typed."""

    data: Typed
    items: list[Typed] = field(default_factory=list)


@dataclass(slots=True)
class TypedPhase:
    """A phase's fields, its blocks, and the gates before the next."""

    data: Typed
    blocks: list[TypedBlock] = field(default_factory=list)
    gates: list[Typed] = field(default_factory=list)


def typed_of(content: ProtocolContent, known: Mapping[str, Named]) -> list[TypedPhase]:
    """Return phases as a browser would send them back untouched."""
    return [
        TypedPhase(
            {"name": [phase.name]},
            [_block(block, known) for block in phase.blocks],
            [gate_data(criterion, known) for criterion in phase.exit_criteria],
        )
        for phase in content.phases
    ]


def empty() -> list[TypedPhase]:
    """Return a first phase with a first block, both without a name."""
    return [_new_phase()]


def read(post: QueryDict) -> list[TypedPhase]:
    """Read every phase, block, item and gate of a request, in the order of their numbers."""
    found: dict[tuple[int, ...], Typed] = {}
    for key, values in post.lists():
        if (match := NAME.fullmatch(key)) is None:
            continue
        phase, is_gate, gate, block, item, name = match.groups()
        places = (phase, "1", gate) if is_gate else (phase, "0", block, item)
        place = tuple(int(part) for part in places if part is not None)
        found.setdefault(place if block or is_gate else place[:1], {})[name] = values
    phases: dict[int, TypedPhase] = {}
    blocks: dict[tuple[int, ...], TypedBlock] = {}
    for place, data in sorted(found.items()):
        match place:
            case (phase_at,):
                phases[phase_at] = TypedPhase(data)
            case (phase_at, 1, _) if phase_at in phases:
                phases[phase_at].gates.append(data)
            case (phase_at, 0, _) if phase_at in phases:
                blocks[place] = TypedBlock(data)
                phases[phase_at].blocks.append(blocks[place])
            case (_, 0, _, _) if place[:3] in blocks:
                blocks[place[:3]].items.append(data)
    return list(phases.values())


def ids_in(typed: list[TypedPhase]) -> set[UUID]:
    """Return the exercises that a typed protocol names."""
    items = (item for phase in typed for block in phase.blocks for item in block.items)
    return {exercise_id(item) for item in items}


def exercise_id(item: Typed) -> UUID:
    """Read which exercise an item is about; what is not an id is nobody's exercise."""
    try:
        return UUID(item.get("exercise_id", [""])[0])
    except ValueError:
        return UUID(int=0)


def asked_for(typed: list[TypedPhase], labels: Mapping[str, Named]) -> dict[tuple[int, int], Named]:
    """Return which exercise each block's "add" names, by the places of phase and block.

    Unknown names are in none, and nothing is added to a full block: what is typed there stays, and the block says why.
    """
    words = {
        (n, m): block.data.get("add", [""])[0].strip().casefold()
        for n, phase in enumerate(typed)
        for m, block in enumerate(phase.blocks)
        if len(block.items) < ITEMS
    }
    return {place: labels[word] for place, word in words.items() if word in labels}


def add(typed: list[TypedPhase], asked: Mapping[tuple[int, int], Named], exercises: Mapping[UUID, Exercise]) -> str:
    """Add what was named, each with its default dose, and return the field that was typed in: the next may follow."""
    focus = ""
    for (n, m), named in asked.items():
        block = typed[n].blocks[m]
        exercise = exercises.get(named.pk)
        if exercise is not None:
            block.items.append(item_data(exercise.pk, exercise.dose))
            block.data["add"] = [""]
            focus = f"p{n}b{m}-add"
    return focus


def press(typed: list[TypedPhase], do: str) -> str:
    """Do what a button says, and return the field or button to go on from. What does not fit (any more) does nothing."""
    verb, _colon, where = do.partition(":")
    place = [int(part) if part.isdecimal() and len(part) < 3 else -1 for part in where.split(".")]  # noqa: PLR2004 digits
    if verb == "add_phase":
        return _append(typed, _new_phase, PHASES, f"p{len(typed)}-name")
    if not 0 <= place[0] < len(typed):
        return ""
    if verb.startswith("add_"):
        return _add_inside(typed[place[0]], place[0], verb)
    return _move(typed, place, verb) if verb in MOVES.get(len(place), ()) else ""


def _add_inside(phase: TypedPhase, n: int, verb: str) -> str:
    if verb == "add_gate":
        return _append(phase.gates, lambda: gate_data(FIRST_GATE, {}), CRITERIA, f"p{n}g{len(phase.gates)}-what")
    return _append(phase.blocks, _new_block, BLOCKS, f"p{n}b{len(phase.blocks)}-title")


def _move(typed: list[TypedPhase], place: list[int], verb: str) -> str:
    n, *inner = place
    phase = typed[n]
    if not inner:
        return _shift(typed, n, verb, lambda at: f"{verb}:{at}") or "add_phase"
    m = inner[0]
    if len(inner) > 1:
        return _item(phase, n, m, inner[1], verb) if 0 <= m < len(phase.blocks) else ""
    noun = "gate" if "gate" in verb else "block"
    things: list[Any] = phase.gates if noun == "gate" else phase.blocks
    return _shift(things, m, verb, lambda at: f"{verb}:{n}.{at}") or f"add_{noun}:{n}"


def item_data(exercise: UUID, dose: Dose, note: str = "", *, bad_day: bool = False) -> Typed:
    """Return an item as a browser would send it."""
    said = {"exercise_id": str(exercise), "note": note, "in_bad_day_set": "on" if bad_day else ""}
    return dose_data(dose) | {name: [value] for name, value in said.items() if value}


def gate_data(criterion: Criterion, known: Mapping[str, Named]) -> Typed:
    """Return a gate as a browser would send it: an exercise by its name."""
    named = known.get(criterion.exercise)
    said = {
        "kind": criterion.kind.value,
        "what": criterion.what.value,
        "operator": criterion.operator.value,
        "threshold": "" if criterion.threshold is None else str(criterion.threshold),
        "times": str(criterion.times),
        "in_a_row": "on" if criterion.in_a_row else "",
        "stale_days": str(criterion.stale_days),
        "exercise": named.label if named else criterion.exercise,
        "text": criterion.text,
    }
    return {name: [value] for name, value in said.items() if value}


def _block(block: BlockContent, known: Mapping[str, Named]) -> TypedBlock:
    items = [
        item_data(known[item.exercise].pk, item.dose, item.note, bad_day=item.in_bad_day_set) for item in block.items
    ]
    return TypedBlock(block_data(block.title, block.schedule), items)


def _new_phase() -> TypedPhase:
    return TypedPhase({"name": [""]}, [_new_block()])


def _new_block() -> TypedBlock:
    return TypedBlock(block_data("", USUAL))


def _append(things: list[Any], make: Callable[[], Any], most: int, focus: str) -> str:
    if len(things) >= most:
        return ""
    things.append(make())
    return focus


def _shift(things: list[Any], at: int, verb: str, focus: Callable[[int], str]) -> str:
    """Move a thing by one place, or take it out; return the button to press again, or nothing if it is gone."""
    if not 0 <= at < len(things):
        return ""
    thing = things.pop(at)
    if verb.startswith("remove"):
        return ""
    to = max(0, at - 1) if verb.endswith("up") else min(at + 1, len(things))
    things.insert(to, thing)
    return focus(to)


def _item(phase: TypedPhase, n: int, m: int, k: int, verb: str) -> str:
    """Move an item by one place, over the edge into the neighbouring block; or take it out."""
    items = phase.blocks[m].items
    to = m - 1 if verb == "item_up" and k == 0 else m + 1 if verb == "item_down" and k == len(items) - 1 else m
    if to == m or not 0 <= to < len(phase.blocks) or not 0 <= k < len(items):
        return _shift(items, k, verb, lambda at: f"{verb}:{n}.{m}.{at}") or f"p{n}b{m}-add"
    others = phase.blocks[to].items
    at = len(others) if verb == "item_up" else 0
    others.insert(at, items.pop(k))
    return f"{verb}:{n}.{to}.{at}"
