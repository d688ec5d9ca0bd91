"""What the library's pages read, each with a fixed number of SQL queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from exercises.kinds import Equipment, Kind, Region
from exercises.models import Exercise, ExerciseLink, Protocol, ProtocolItem
from exercises.models.dose import DOSE_FIELDS
from exercises.models.labels import EQUIPMENT, KINDS, REGIONS

TILE = (
    "pk",
    "name",
    "kind",
    "regions",
    "equipment",
    "caution_tags",
    "figure",
    "catalogue_version",
)
API = (
    "id",
    "code",
    "name",
    "kind",
    "laterality",
    "regions",
    "equipment",
    "steps",
    "cues",
    "mistakes",
    "caution_tags",
    "avoid_when",
    "dose_source",
    "figure",
    "source",
    "licence",
    "catalogue_version",
)


@dataclass(frozen=True)
class Library:
    """The list page. `counts` has each kind's share of what the search found; `own` are not from the catalogue."""

    tiles: list[dict[str, Any]]
    counts: dict[Kind, int]
    found: int
    total: int
    own: int
    protocols: int


@dataclass(frozen=True)
class UsedIn:
    """A protocol that an exercise is part of, and in which phases, by number."""

    pk: UUID
    name: str
    phases: tuple[int, ...]


@dataclass(frozen=True)
class Around:
    """What stands around one exercise: its ladder, the easiest first, and the protocols it is part of."""

    easier: list[Exercise]
    harder: list[Exercise]
    used_in: list[UsedIn]


def library(*, search: str = "", kind: str = "", without: str = "") -> Library:
    """Return the current exercises by name: two queries.

    Every word of `search` must occur in the name, kind, regions or equipment as they are written on the page, so the
    search runs here, over the light columns of a library of a few hundred rows. `without` leaves a caution tag out.
    """
    rows = list(Exercise.objects.current().order_by("name").values(*TILE))
    found = [row for row in rows if _matches(row, search) and without not in row["caution_tags"]]
    return Library(
        tiles=[row for row in found if not kind or row["kind"] == kind],
        counts={code: sum(row["kind"] == code for row in found) for code in Kind},
        found=len(found),
        total=len(rows),
        own=sum(not row["catalogue_version"] for row in rows),
        protocols=Protocol.objects.current().count(),
    )


def around(exercise: Exercise) -> Around:
    """Return what stands around an exercise: three queries."""
    current = {"easier__retired_at": None, "harder__retired_at": None}
    links = ExerciseLink.objects.filter(**current).order_by("order", "pk")
    easier = [link.easier for link in links.filter(harder=exercise).select_related("easier")]
    harder = [link.harder for link in links.filter(easier=exercise).select_related("harder")]
    return Around(easier=easier[::-1], harder=harder, used_in=_used_in(exercise))


def api_list() -> list[dict[str, Any]]:
    """Return the current exercises as the API says them: one query, no model instances."""
    rows = Exercise.objects.current().order_by("name").values(*API, *DOSE_FIELDS)
    return [{**{name: row[name] for name in API}, "dose": {name: row[name] for name in DOSE_FIELDS}} for row in rows]


def _matches(row: dict[str, Any], search: str) -> bool:
    words = search.casefold().split()
    if not words:
        return True
    text = " ".join([row["name"], *_labels(row)]).casefold()
    return all(word in text for word in words)


def _labels(row: dict[str, Any]) -> Sequence[str]:
    regions = (str(REGIONS[Region(code)]) for code in row["regions"])
    equipment = (str(EQUIPMENT[Equipment(code)]) for code in row["equipment"])
    return (str(KINDS[Kind(row["kind"])]), *regions, *equipment)


def _used_in(exercise: Exercise) -> list[UsedIn]:
    items = ProtocolItem.objects.filter(exercise=exercise, block__phase__protocol__retired_at=None)
    protocol = "block__phase__protocol"
    rows = items.order_by(f"{protocol}__name", "block__phase__order").values_list(
        f"{protocol}_id", f"{protocol}__name", "block__phase__order"
    )
    phases: dict[tuple[UUID, str], dict[int, None]] = {}
    for pk, name, order in rows:
        phases.setdefault((pk, name), {})[order] = None
    return [UsedIn(pk, name, tuple(orders)) for (pk, name), orders in phases.items()]
