"""Filters that combine: any of the chosen codes within a group, all groups at once, and what each code would find."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

NO_EQUIPMENT = "none"  # stands for the empty list: "nothing" can be chosen like a mat


class Group(StrEnum):
    """What an exercise can be chosen by; the value is the name in the address."""

    KIND = "kind"
    REGION = "region"
    EQUIPMENT = "equipment"
    HIDE = "hide"  # cautions that leave an exercise out
    LEVEL = "level"
    SHELF = "shelf"


class Gear(StrEnum):
    """How chosen equipment is meant."""

    USES = "uses"  # needs any of it
    ONLY = "only"  # needs nothing beyond it: what I have
    WITHOUT = "without"  # needs none of it


class Level(StrEnum):
    """Where an exercise stands on its ladder."""

    FIRST = "first"  # nothing easier
    BETWEEN = "between"
    LAST = "last"  # nothing harder
    ALONE = "alone"  # on no ladder


class Shelf(StrEnum):
    """Whose it is."""

    FAVOURITES = "favourites"  # starred by who asks
    OWN = "own"  # the clinic's, not the catalogue's
    RETIRED = "retired"  # found on no other shelf, and only when asked for


Chosen = frozenset[str]
Card = Mapping[Group, Chosen]
NOTHING: Chosen = frozenset()


@dataclass(frozen=True)
class Filters:
    """What was chosen in each group; an empty group lets everything pass."""

    chosen: Mapping[Group, Chosen] = field(default_factory=dict)
    gear: Gear = Gear.USES

    def of(self, group: Group) -> Chosen:
        """Return the codes chosen in a group."""
        return self.chosen.get(group, NOTHING)

    def __bool__(self) -> bool:
        return any(self.chosen.values())


@dataclass(frozen=True)
class Narrowed:
    """The positions of the cards that pass, and for each group how many cards would pass with each of its codes.

    A group's own choice does not count against its codes: choosing one strength does not turn "stretch" to nought. Where
    equipment means what somebody has, a code counts what would pass if it were there as well.
    """

    at: list[int]
    counts: dict[Group, Counter[str]]


def narrow(cards: Sequence[Card], filters: Filters) -> Narrowed:
    """Return what passes every group."""
    passes: list[tuple[Group, Callable[[Chosen], bool]]] = [
        (group, _rule(group, filters.gear, filters.of(group)))
        for group in Group
        if filters.of(group) or group == Group.SHELF
    ]
    known = frozenset().union(*(card[Group.EQUIPMENT] for card in cards), filters.of(Group.EQUIPMENT), {NO_EQUIPMENT})
    counts: dict[Group, Counter[str]] = {group: Counter() for group in Group}
    at = []
    for position, card in enumerate(cards):
        stopped = [group for group, passing in passes if not passing(card[group])]
        if not stopped:
            at.append(position)
        for group in _counted(stopped):
            is_owned = group == Group.EQUIPMENT and filters.gear == Gear.ONLY
            counts[group].update(_enough(card[group], filters.of(group), known) if is_owned else card[group])
    return Narrowed(at, counts)


def _counted(stopped: list[Group]) -> Iterable[Group]:
    """Return the groups in which a card counts: all, or the only one that stopped it."""
    return stopped if len(stopped) == 1 else () if stopped else Group


def _enough(needed: Chosen, owned: Chosen, known: Chosen) -> Chosen:
    """Return the codes of which any one, added to what is owned, is enough."""
    missing = needed - owned - {NO_EQUIPMENT}
    return missing if len(missing) == 1 else NOTHING if missing else known


def _rule(group: Group, gear: Gear, chosen: Chosen) -> Callable[[Chosen], bool]:
    if group == Group.SHELF and not chosen:
        return lambda codes: Shelf.RETIRED not in codes
    if group == Group.HIDE or (group == Group.EQUIPMENT and gear == Gear.WITHOUT):
        return chosen.isdisjoint
    if group == Group.EQUIPMENT and gear == Gear.ONLY:
        return (chosen | {NO_EQUIPMENT}).issuperset
    return lambda codes: not chosen.isdisjoint(codes)
