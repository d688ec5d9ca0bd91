"""Three ways into one: what was last taken, what the clinic made of it, and what the catalogue says now.

Works on content as plain JSON (exercises/rules/content_json.py). A part that the clinic changed stays as it is; a part
that it did not touch follows the catalogue. A list is one part: half of somebody's steps is nobody's text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.kinds import Laterality

Content = Mapping[str, Any]
# Parts that hold only together: a source vouches for its own dose, and a side suits its own movement (hazard H4).
TOGETHER = (("laterality", "dose", "dose_source"),)


@dataclass(frozen=True)
class Change:
    """One part that the catalogue changed: as last taken, as the clinic has it, as the catalogue says now."""

    field: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """What taking would do: `content` is the outcome, `taken` follows the catalogue, `kept` stays the clinic's own."""

    content: dict[str, Any]
    taken: tuple[Change, ...]
    kept: tuple[Change, ...]


def merge(base: Content, ours: Content, theirs: Content) -> Merge:
    """Return `ours` with every part that the clinic left alone as the catalogue says it now."""
    content, taken, kept = dict(ours), [], []
    for parts in _groups(theirs):
        changes = [Change(part, base.get(part), ours.get(part), theirs[part]) for part in parts]
        news = [change for change in changes if change.ours != change.theirs and _is_new(change, base)]
        if (_turns(ours, theirs) and "laterality" in parts) or any(_is_edited(change, base) for change in changes):
            kept += news
        else:
            taken += news
            content |= {change.field: change.theirs for change in news}
    return Merge(content=content, taken=tuple(taken), kept=tuple(kept))


def rungs(codes: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a ladder without the exercises that the library does not have."""
    return [code for code in codes if code in known]


def _groups(theirs: Content) -> Iterator[tuple[str, ...]]:
    grouped = {part: group for group in TOGETHER for part in group if set(group) <= theirs.keys()}
    yield from dict.fromkeys(grouped.get(part, (part,)) for part in theirs)


def _turns(ours: Content, theirs: Content) -> bool:
    """Whether an exercise would gain or lose its sides: published programs name it and say a side or none."""
    said = ours.get("laterality"), theirs.get("laterality")
    return None not in said and said[0] != said[1] and Laterality.TOGETHER in said


def _is_new(change: Change, base: Content) -> bool:
    return change.field not in base or change.theirs != change.base


def _is_edited(change: Change, base: Content) -> bool:
    """A part that an older release did not have is the clinic's own as soon as it says anything."""
    return change.ours != change.base if change.field in base else bool(change.ours)
