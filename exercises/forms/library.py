"""The shape of what the library is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.models.labels import CAUTIONS, EQUIPMENT, KINDS, REGIONS, choices
from exercises.queries.library import Library
from exercises.rules.filters import NO_EQUIPMENT, Filters, Gear, Group, Level, Shelf

LEVELS: dict[Level, Promise] = {
    Level.FIRST: _("easiest of its ladder"),
    Level.BETWEEN: _("in between"),
    Level.LAST: _("hardest of its ladder"),
    Level.ALONE: _("on no ladder"),
}
SHELVES: dict[Shelf, Promise] = {
    Shelf.FAVOURITES: _("My favourites"),
    Shelf.OWN: _("Our own"),
    Shelf.RETIRED: _("Retired"),
}
GEARS: dict[Gear, Promise] = {
    Gear.USES: _("uses any of"),
    Gear.ONLY: _("needs no more than"),
    Gear.WITHOUT: _("needs none of"),
}
LABELS: dict[Group, list[tuple[str, Promise]]] = {
    Group.KIND: choices(KINDS),
    Group.REGION: choices(REGIONS),
    Group.EQUIPMENT: [(NO_EQUIPMENT, _("nothing")), *choices(EQUIPMENT)],
    Group.HIDE: choices(CAUTIONS),
    Group.LEVEL: choices(LEVELS),
    Group.SHELF: choices(SHELVES),
}
TITLES: dict[Group, Promise] = {
    Group.KIND: _("Kind"),
    Group.REGION: _("Region"),
    Group.EQUIPMENT: _("Equipment"),
    Group.HIDE: _("Leave out"),
    Group.LEVEL: _("How hard"),
    Group.SHELF: _("Shelf"),
}


CODES = {group: frozenset(code for code, _label in labels) for group, labels in LABELS.items()}
SEARCH_LENGTH = 80  # characters
FOLDED = (Group.REGION, Group.EQUIPMENT, Group.LEVEL, Group.HIDE)


class View(StrEnum):
    """How the list is drawn."""

    TILES = "tiles"
    LADDERS = "ladders"


@dataclass(frozen=True)
class Option:
    """One filter: a box to tick, and how many exercises it would show."""

    group: Group
    code: str
    label: Promise
    count: int
    on: bool
    off: str  # the address without it, when it is on

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"{self.group}-{self.code}"


class Asked:
    """A search in the address: what cannot be read counts as not asked.

    Not a Django form: nothing is drawn from it, and copying a form's fields would cost more than finding the exercises.
    """

    def __init__(self, said: QueryDict, *, may_edit: bool = False) -> None:
        self.search = " ".join(said.get("q", "").split())[:SEARCH_LENGTH]
        self.drawn = View.LADDERS if said.get("view") == View.LADDERS else View.TILES
        self.picks = tuple(dict.fromkeys(pk for pk in map(_uuid, said.getlist("pick")) if pk))
        chosen = {group: CODES[group].intersection(said.getlist(group.value)) for group in Group}
        if not may_edit:  # what was retired is shown to who can bring it back
            chosen[Group.SHELF] -= {Shelf.RETIRED}
        gear = said.get("gear", "")
        self.filters = Filters(chosen, Gear(gear) if gear in GEARS else Gear.USES)

    def address(self, **changes: Any) -> str:
        """Return what was asked as a query, in one order and without what says nothing; `changes` replace a part."""
        said = {"q": self.search, **{group.value: sorted(self.filters.of(group)) for group in Group}}
        said["gear"] = "" if self.filters.gear == Gear.USES or not said["equipment"] else self.filters.gear.value
        said["view"] = "" if self.drawn == View.TILES else self.drawn.value
        said["pick"] = [str(pk) for pk in self.picks]
        return _query({**said, **changes})

    def without(self, pick: UUID) -> str:
        """The same, with one of the chosen taken away."""
        return self.address(pick=[str(pk) for pk in self.picks if pk != pick])

    @property
    def as_tiles(self) -> str:
        """The same, drawn as tiles."""
        return self.address(view="")

    @property
    def as_ladders(self) -> str:
        """The same, drawn as ladders."""
        return self.address(view=View.LADDERS.value)

    @property
    def as_compared(self) -> str:
        """The chosen ones, for the page that compares."""
        return _query({"pick": [str(pk) for pk in self.picks]})

    @property
    def more(self) -> int:
        """How many filters are on that stand in the fold."""
        return sum(len(self.filters.of(group)) for group in FOLDED)

    def options(self, found: Library) -> Mapping[str, list[Option]]:
        """Return the boxes by group: of the codes that occur in the library, or were asked, and the stars to come."""
        return {group.value: list(self._options(group, found)) for group in Group}

    def _options(self, group: Group, found: Library) -> Iterator[Option]:
        on = self.filters.of(group)
        for code, label in LABELS[group]:
            if code in found.present[group] or code in on or code == Shelf.FAVOURITES:
                off = self.address(**{group.value: sorted(on - {code})}) if code in on else ""
                yield Option(group, code, label, found.counts[group][code], code in on, off)


def _query(said: Mapping[str, Any]) -> str:
    query = QueryDict(mutable=True)
    for name, value in said.items():
        if value:
            query.setlist(name, [value] if isinstance(value, str) else value)
    return f"?{query.urlencode()}" if query else "?"


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
