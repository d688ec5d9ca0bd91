"""What the library's list reads, for the page, the desk and the API, each with a fixed number of SQL queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, JSONField, OuterRef, Subquery, When
from django.db.models.functions import JSONObject

from clinic.models import Member
from clinic.roles import Permission
from exercises.kinds import Equipment, Kind, MediaKind, Region
from exercises.models import Exercise, ExerciseLink, ExerciseMedia, Favourite, Protocol
from exercises.models.labels import EQUIPMENT, KINDS, REGIONS
from exercises.rules.filters import NO_EQUIPMENT, Card, Chosen, Filters, Group, Level, Narrowed, Shelf, narrow
from exercises.rules.ladder import ladders, levels
from exercises.rules.search import Text, alphabetical, rank

TILE = ("id", "name", "kind", "regions", "equipment", "caution_tags", "figure", "catalogue_version", "retired_at")
INSIDE = ("steps", "cues")  # read only when words are looked for
KIND_ORDER = {kind.value: place for place, kind in enumerate(Kind)}

Row = dict[str, Any]
Link = tuple[UUID, UUID]  # the easier one, the harder one


@dataclass(frozen=True)
class Library:
    """The list. Each row has its columns, `photo`, `level`, `starred`, `found`, and `left_out` if a caution says so.

    `counts` and `present` are by group and code.
    """

    tiles: list[Row]
    counts: Mapping[Group, Mapping[str, int]]
    present: Mapping[Group, Chosen]
    total: int
    own: int
    links: list[Link]
    rows: Mapping[UUID, Row]

    @property
    def ladders(self) -> list[list[list[Row]]]:
        """The ladders on which something was found, rung by rung, the easiest first; by kind and name of the easiest.

        Easier and harder forms that were not found stand beside those that were, but never one that was to be left out.
        """
        known = ([[self.rows[pk] for pk in rung] for rung in ladder.rungs] for ladder in ladders(self.links))
        drawn = ([[row for row in rung if not row["left_out"]] for rung in rungs] for rungs in known)
        kept = ([rung for rung in rungs if rung] for rungs in drawn)
        found = [rungs for rungs in kept if any(row["found"] for rung in rungs for row in rung)]
        return sorted(found, key=lambda rungs: (KIND_ORDER[rungs[0][0]["kind"]], by_name(rungs[0][0])))

    @property
    def alone(self) -> list[Row]:
        """What was found and stands on no ladder."""
        return [tile for tile in self.tiles if tile["level"] == Level.ALONE]


def library(*, search: str = "", filters: Filters | None = None, member: Member | None = None) -> Library:
    """Return the current exercises that fit, three queries: by fit when words are looked for, else `member`'s stars first.

    What was retired is read for who can bring it back, and fits only when its shelf is asked for.

    Search and filters run here, over the light columns of a library of a few hundred rows, so that both engines answer
    alike and the words are those on the page.
    """
    columns = (*TILE, *INSIDE) if search else TILE
    may_edit = member is not None and member.may(Permission.EDIT_LIBRARY)
    read = Exercise.objects.all() if may_edit else Exercise.objects.current()
    rows: list[Row] = sorted(read.order_by("pk").values(*columns, photo=first_photo()), key=current_first)
    known = {row["id"]: row for row in rows}
    links = [link for link in current_links() if known.keys() >= set(link)]  # one may have come since the rows
    mark(rows, levels(links), starred_by(member))
    cards = [card(row) for row in rows]
    filters = filters or Filters()
    places, narrowed = chosen(rows, cards, search, filters)
    tiles = [rows[at] for at in places]
    for row, its in zip(rows, cards, strict=True):
        row["found"] = False
        row["left_out"] = not filters.of(Group.HIDE).isdisjoint(its[Group.HIDE])
    for tile in tiles:
        tile["found"] = True
    return Library(
        tiles=tiles if search else sorted(tiles, key=lambda row: not row["starred"]),
        counts=narrowed.counts,
        present={group: frozenset().union(*(card[group] for card in cards)) for group in Group},
        total=sum(not row["retired_at"] for row in rows),
        own=sum(not row["catalogue_version"] and not row["retired_at"] for row in rows),
        links=links,
        rows=known,
    )


def first_photo() -> Case:
    """Return the id and the words of an exercise's first photo, where we draw no figure: a column, no query of its own."""
    shown = ExerciseMedia.objects.shown().filter(exercise=OuterRef("pk"), kind=MediaKind.PHOTO)
    first = shown.values(said=JSONObject(id="pk", alt="alt"))[:1]
    return Case(When(figure="", then=Subquery(first)), output_field=JSONField())


def by_name(row: Row) -> tuple[list[str], str]:
    """Return what rows are sorted by."""
    return alphabetical(row["name"])


def current_first(row: Row) -> tuple[bool, tuple[list[str], str]]:
    """Return what rows are sorted by where some were retired: those last."""
    return bool(row["retired_at"]), by_name(row)


def protocol_count() -> int:
    """Return how many protocols a program can start from: one query."""
    return int(Protocol.objects.current().count())


def current_links() -> list[Link]:
    """Return the rungs between exercises that can still be prescribed, the first to try first: one query."""
    current = ExerciseLink.objects.filter(easier__retired_at=None, harder__retired_at=None)
    return list(current.order_by("order", "pk").values_list("easier_id", "harder_id"))


def starred_by(member: Member | None) -> frozenset[UUID]:
    """Return a member's favourites: one query, none for nobody."""
    if member is None:
        return frozenset()
    return frozenset(Favourite.objects.filter(member=member).values_list("exercise_id", flat=True))


def chosen(rows: Sequence[Row], cards: Sequence[Card], search: str, filters: Filters) -> tuple[list[int], Narrowed]:
    """Return the positions of the rows that fit, the best first, and what each filter would find among the words' finds."""
    places = ranked(search, rows) if search else list(range(len(rows)))
    narrowed = narrow([cards[at] for at in places], filters)
    return [places[at] for at in narrowed.at], narrowed


def ranked(search: str, rows: Sequence[Row]) -> list[int]:
    """Return the positions of the rows that words find. The retired, which stand last, are looked through by themselves.

    Their words must not decide what counts as a typing mistake.
    """
    split = next((at for at, row in enumerate(rows) if row.get("retired_at")), len(rows))
    retired = rank(search, [text(row) for row in rows[split:]])
    return [*rank(search, [text(row) for row in rows[:split]]), *(split + at for at in retired)]


def text(row: Row) -> Text:
    """Return the words that an exercise is found by, as they stand on the page."""
    labels = [KINDS[Kind(row["kind"])]]
    labels += (REGIONS[Region(code)] for code in row["regions"])
    labels += (EQUIPMENT[Equipment(code)] for code in row["equipment"])
    inside = [*row.get("steps", ()), *row.get("cues", ())]
    return Text(name=row["name"], labels=" ".join(str(label) for label in labels), inside=" ".join(inside))


def card(row: Row) -> Card:
    """Return what the filters look at in a row that carries `level` and `starred`."""
    is_retired = bool(row.get("retired_at"))  # the API reads only what is current
    shelves = (
        (Shelf.FAVOURITES, row["starred"] and not is_retired),
        (Shelf.OWN, not row["catalogue_version"] and not is_retired),
        (Shelf.RETIRED, is_retired),
    )
    return {
        Group.KIND: frozenset((row["kind"],)),
        Group.REGION: frozenset(row["regions"]),
        Group.EQUIPMENT: frozenset(row["equipment"] or (NO_EQUIPMENT,)),
        Group.HIDE: frozenset(row["caution_tags"]),
        Group.LEVEL: frozenset((row["level"],)),
        Group.SHELF: frozenset(shelf for shelf, on in shelves if on),
    }


def mark(rows: list[Row], known: Mapping[UUID, Level], starred: frozenset[UUID]) -> None:
    """Say in each row where it stands on its ladder, and whether it has a star."""
    for row in rows:
        row["level"] = known.get(row["id"], Level.ALONE)
        row["starred"] = row["id"] in starred
