"""Two exercises side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.forms.library import Asked
from exercises.kinds import Caution, Equipment, Kind, Laterality, Region
from exercises.models import Exercise
from exercises.models.labels import CAUTIONS, EQUIPMENT, KINDS, LATERALITIES, REGIONS
from exercises.queries import exercise as queries
from exercises.queries.names import names
from exercises.templatetags.doses import amount, details

TWO = 2


@dataclass(frozen=True)
class Item:
    """One fact of a row; `only` marks what the other exercise has not."""

    text: str
    only: bool


@dataclass(frozen=True)
class Row:
    """Facts of one kind, of both exercises."""

    title: Promise
    sides: tuple[list[Item], list[Item]]

    @property
    def differs(self) -> bool:
        """Whether one side says what the other does not."""
        return any(item.only for side in self.sides for item in side)


class Compare(LibraryView):
    """Compare two exercises, or choose them."""

    permission = Permission.READ_LIBRARY

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the two that the address names first, and let the reader choose others."""
        picked = queries.picked(Asked(request.GET).picks[:TWO])
        pair = queries.pair(*picked) if len(picked) == TWO else None
        return self.render(
            "exercises/compare.html",
            slots=[*picked, None, None][:TWO],
            pair=pair,
            rows=list(_rows(pair.left, pair.right)) if pair else [],
            names=[row for row in names().values() if not row.retired],
        )


def _rows(left: Exercise, right: Exercise) -> Iterator[Row]:
    for (title, ours), (_title, theirs) in zip(_facts(left), _facts(right), strict=True):
        yield Row(title, (_items(ours, theirs), _items(theirs, ours)))


def _items(ours: Sequence[str], theirs: Sequence[str]) -> list[Item]:
    return [Item(text, text not in theirs) for text in ours]


def _facts(one: Exercise) -> Iterator[tuple[Promise, list[str]]]:
    yield _("Default dose"), [part for part in (amount(one), *details(one).split(", ")) if part]
    yield _("Kind"), [str(KINDS[Kind(one.kind)])]
    yield _("Sides"), [str(LATERALITIES[Laterality(one.laterality)])]
    yield _("Region"), [str(REGIONS[Region(code)]) for code in one.regions]
    yield _("Equipment"), [str(EQUIPMENT[Equipment(code)]) for code in one.equipment]
    yield _("Cautions"), [str(CAUTIONS[Caution(code)]) for code in one.caution_tags]
