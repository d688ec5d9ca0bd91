"""What the pages to read ask for, each with a fixed number of SQL queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery

from exercises.kinds import CardKind, Factor
from exercises.models import EducationCard, Exercise

LIGHT = ("id", "code", "kind", "title", "body", "factors", "exercises")
Row = dict[str, Any]


@dataclass(frozen=True)
class Shelf:
    """The current cards by kind, in the order of the page, and how many speak of each factor."""

    groups: list[tuple[CardKind, list[Row]]]
    factors: list[tuple[Factor, int]]
    total: int


@dataclass(frozen=True)
class Page:
    """One card with the exercises that go with it."""

    card: EducationCard
    exercises: list[Exercise]


def shelf(factor: str = "") -> Shelf:
    """Return the current cards, of one factor if asked: one query."""
    rows = _rows()
    found = [row for row in rows if not factor or factor in row["factors"]]
    counts = [(one, sum(one in row["factors"] for row in rows)) for one in Factor]
    return Shelf(
        groups=[(kind, group) for kind in CardKind if (group := _of(found, kind))],
        factors=[(one, count) for one, count in counts if count],
        total=len(rows),
    )


def page(card: EducationCard) -> Page:
    """Return a card's page: one query. An exercise that the clinic retired is not offered."""
    found = {row.code: row for row in Exercise.objects.current().filter(code__in=card.exercises)}
    return Page(card, [found[code] for code in card.exercises if code in found])


def about_exercise(code: str) -> list[Row]:
    """Return the current cards that an exercise goes with: one query.

    A clinic's own version has a code of its own; the movement that it is drawn by still names what it was made from.
    """
    drawn = Subquery(Exercise.objects.filter(code=code).values("figure"))
    rows = EducationCard.objects.current().order_by("order").annotate(figure=drawn).values(*LIGHT, "figure")
    return [row for row in rows if not {code, row["figure"]}.isdisjoint(row["exercises"])]


def questions() -> tuple[list[EducationCard], list[EducationCard]]:
    """Return the messages for the first week, and the questions with their answers: one query."""
    kinds = (CardKind.KEY_MESSAGE, CardKind.FAQ)
    found = list(EducationCard.objects.current().filter(kind__in=kinds).order_by("order"))
    return [card for card in found if card.kind == kinds[0]], [card for card in found if card.kind == kinds[1]]


def _rows() -> list[Row]:
    return list(EducationCard.objects.current().order_by("order").values(*LIGHT))


def _of(rows: Sequence[Row], kind: CardKind) -> list[Row]:
    return [row for row in rows if row["kind"] == kind]
