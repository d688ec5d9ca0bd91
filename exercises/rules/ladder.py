"""Ladders of easier and harder forms, made from the links between exercises."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from exercises.rules.filters import Level

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class Ladder(Generic[Id]):
    """Linked exercises, the easiest first. A rung holds more than one where forms are about as hard."""

    rungs: tuple[tuple[Id, ...], ...]

    def __iter__(self) -> Iterator[Id]:
        return (one for rung in self.rungs for one in rung)


def levels(links: Iterable[tuple[Id, Id]]) -> dict[Id, Level]:
    """Return where each linked exercise stands, from pairs of an easier and a harder one; who is missing stands alone."""
    pairs = list(links)
    easier, harder = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    known = dict.fromkeys(easier, Level.FIRST) | dict.fromkeys(harder, Level.LAST)
    return known | dict.fromkeys(easier & harder, Level.BETWEEN)


def ladders(links: Iterable[tuple[Id, Id]]) -> list[Ladder[Id]]:
    """Return the ladders that links make, each exercise on the lowest rung above all its easier forms.

    Links that go in a circle end somewhere on the way round: data of a clinic may be wrong, the page must not hang.
    """
    above: dict[Id, list[Id]] = defaultdict(list)
    rung: dict[Id, int] = {}
    for easier, harder in links:
        above[easier].append(harder)
        rung[easier] = rung[harder] = 0
    for _ in range(len(rung)):  # no way up is longer than there are exercises
        moved = [(high, rung[low] + 1) for low, highs in above.items() for high in highs if rung[high] <= rung[low]]
        if not moved:
            break
        for high, height in moved:
            rung[high] = max(rung[high], height)
    return [_ladder(group, rung) for group in _groups(above, rung)]


def leads_up(links: Iterable[tuple[Id, Id]], low: Id, high: Id) -> bool:
    """Tell whether one exercise is an easier form of another, over any number of rungs."""
    above: dict[Id, list[Id]] = defaultdict(list)
    for easier, harder in links:
        above[easier].append(harder)
    seen, waiting = {low}, list(above[low])
    while waiting:
        one = waiting.pop()
        if one == high:
            return True
        if one not in seen:
            seen.add(one)
            waiting += above[one]
    return False


def in_a_circle(links: Iterable[tuple[Id, Id]], one: Id) -> bool:
    """Return whether the links lead from an exercise, up and up, back to itself."""
    return leads_up(links, one, one)


def _ladder(group: list[Id], rung: dict[Id, int]) -> Ladder[Id]:
    by_height: dict[int, list[Id]] = defaultdict(list)
    for one in group:
        by_height[rung[one]].append(one)
    return Ladder(tuple(tuple(by_height[height]) for height in sorted(by_height)))


def _groups(above: dict[Id, list[Id]], everyone: Iterable[Id]) -> list[list[Id]]:
    near: dict[Id, list[Id]] = defaultdict(list)
    for low, highs in above.items():
        for high in highs:
            near[low].append(high)
            near[high].append(low)
    groups, seen = [], set()
    for start in everyone:
        waiting, group = [start], []
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                waiting += near[one]
        groups += [group] if group else []
    return groups
