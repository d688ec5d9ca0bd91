"""What stands on a runner's page of a day, given the program in force and the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from athletes.rules.localtime import DAY

MORNING = (6, 12)  # hours of the wall clock, the last excluded: CLINICAL.md section 1, next morning
DID = frozenset({"done", "partly"})
SILENT = frozenset({"due", "unanswered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One block of the program in force, as a page names it.

    `nth` of `of` counts sessions of the week or of the day (`span`); 0 where there is no more than one.
    """

    block: UUID
    lineage: UUID
    title: str
    trigger: str
    exercises: int
    minutes: int
    first: str = ""
    figure: str = ""
    any_day: bool = False
    nth: int = 0
    of: int = 0
    span: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A due session: its block, its local days, both included, and its state in the ledger."""

    block: UUID
    lineage: UUID
    title: str
    from_on: date
    until_on: date
    state: str

    def on(self, day: date) -> bool:
        """Tell whether a day lies in the window."""
        return self.from_on <= day <= self.until_on


def due_on(day: date, cards: Iterable[Card], ledger: Sequence[Expected]) -> list[Card]:
    """Return the blocks that still wait for a session on a day, in the program's order, with their count."""
    found = []
    for card in cards:
        mine = [expected for expected in ledger if expected.lineage == card.lineage]
        if any(expected.on(day) and expected.state == "due" for expected in mine):
            found.append(_counted(card, mine, day))
    return found


def any_day_of(day: date, cards: Iterable[Card], ledger: Sequence[Expected]) -> list[Card]:
    """Return the so-many-a-week blocks that ask for nothing on a day but have sessions left in its week."""
    monday, sunday = week_of(day)
    found = []
    for card in cards:
        mine = [expected for expected in ledger if expected.lineage == card.lineage]
        left = [e for e in mine if e.state in SILENT and e.until_on >= monday and e.from_on <= sunday]
        waits = any(expected.on(day) and expected.state == "due" for expected in mine)
        if card.any_day and left and not waits:
            found.append(_counted(card, mine, day))
    return found


def silent_yesterday(day: date, ledger: Iterable[Expected]) -> list[Expected]:
    """Return the sessions of the day before, and of no other day, that nobody told of: they can still be logged."""
    before = day - DAY
    return [
        expected for expected in ledger if expected.from_on == expected.until_on == before and expected.state in SILENT
    ]


def next_after(day: date, ledger: Iterable[Expected]) -> Expected | None:
    """Return the first session that is due on a later day only."""
    later = [expected for expected in ledger if expected.from_on > day and expected.state == "due"]
    return min(later, key=lambda expected: expected.from_on, default=None)


def asks_for_morning(local: datetime, *, trained_yesterday: bool) -> bool:
    """Tell whether the runner's wall clock allows the next-morning question."""
    return trained_yesterday and MORNING[0] <= local.hour < MORNING[1]


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday around a day."""
    monday = day - day.weekday() * DAY
    return monday, monday + timedelta(days=6)


def _counted(card: Card, mine: Sequence[Expected], day: date) -> Card:
    """Count the session that comes next among those of the day, or else of the week."""
    monday, sunday = week_of(day)
    of_day = [expected for expected in mine if expected.from_on == expected.until_on == day]
    of_week = [expected for expected in mine if monday <= expected.from_on <= sunday]
    span, counted = ("week", of_week) if card.any_day else ("day", of_day)
    if len(counted) == 1:  # needs no count
        return card
    return replace(card, span=span, nth=sum(e.state in DID for e in counted) + 1, of=len(counted))
