"""What stands on a runner's page of a day."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.today import (
    Card,
    Expected,
    any_day_of,
    asks_for_morning,
    due_on,
    next_after,
    silent_yesterday,
    week_of,
)

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
STRENGTH, MOBILITY = UUID(int=1), UUID(int=2)


def card(lineage: UUID, *, any_day: bool = False) -> Card:
    return Card(block=lineage, lineage=lineage, title="T", trigger="scheduled", exercises=1, minutes=1, any_day=any_day)


def expected(first: int, last: int, state: str, lineage: UUID = STRENGTH) -> Expected:
    """A window from so many days after Monday to so many days after."""
    return Expected(lineage, lineage, "T", MONDAY + first * DAY, MONDAY + last * DAY, state)


def thrice(*states: str) -> list[Expected]:
    return [expected(*span, state) for span, state in zip(((0, 1), (2, 3), (4, 6)), states, strict=True)]


@pytest.mark.parametrize(
    ("day", "states", "due", "nth"),
    [
        (0, ("due", "due", "due"), True, 1),
        (1, ("done", "due", "due"), False, 2),
        (2, ("done", "due", "due"), True, 2),
        (2, ("unanswered", "due", "due"), True, 1),
        (2, ("missed", "due", "due"), True, 1),
        (4, ("partly", "done", "due"), True, 3),
        (6, ("done", "done", "done"), False, 0),
    ],
)
def test_so_many_a_week_count_what_was_done(day: int, states: tuple[str, ...], *, due: bool, nth: int) -> None:
    cards, ledger = [card(STRENGTH, any_day=True)], thrice(*states)
    now, later = due_on(MONDAY + day * DAY, cards, ledger), any_day_of(MONDAY + day * DAY, cards, ledger)
    assert bool(now) == due
    assert [c.nth for c in (*now, *later)] == ([nth] if nth else [])
    assert {(c.of, c.span) for c in (*now, *later)} <= {(3, "week")}


def test_any_day_asks_for_nothing_once_the_week_is_done_or_excused() -> None:
    cards = [card(STRENGTH, any_day=True)]
    assert not any_day_of(MONDAY + DAY, cards, thrice("done", "excused", "excused"))
    assert not any_day_of(MONDAY + DAY, cards, [expected(7, 8, "due")])  # next week's


def test_due_keeps_the_programs_order_and_counts_slots_of_the_day() -> None:
    ledger = [expected(0, 0, "due"), expected(0, 0, "done", MOBILITY), expected(0, 0, "due", MOBILITY)]
    found = due_on(MONDAY, [card(MOBILITY), card(STRENGTH)], ledger)
    assert [(c.lineage, c.nth, c.of, c.span) for c in found] == [(MOBILITY, 2, 2, "day"), (STRENGTH, 0, 0, "")]


@pytest.mark.parametrize("state", ["done", "partly", "missed", "excused", "unanswered"])
def test_answered_and_excused_are_not_due(state: str) -> None:
    assert not due_on(MONDAY, [card(STRENGTH)], [expected(0, 0, state)])


def test_yesterday_lists_the_silent_days_own_sessions() -> None:
    ledger = [
        expected(0, 0, "unanswered"),
        expected(0, 0, "due", MOBILITY),  # no sweep closed it yet
        expected(0, 0, "done"),
        expected(-1, 0, "unanswered"),
        expected(-1, -1, "unanswered"),
        expected(1, 1, "due"),
    ]
    assert silent_yesterday(MONDAY + DAY, ledger) == ledger[:2]


def test_next_is_the_first_that_begins_later() -> None:
    ledger = [expected(0, 3, "due"), expected(3, 3, "excused"), expected(5, 5, "due"), expected(4, 4, "due")]
    assert next_after(MONDAY, ledger) == ledger[3]
    assert next_after(MONDAY + 5 * DAY, ledger) is None


@pytest.mark.parametrize(("hour", "asked"), [(5, False), (6, True), (11, True), (12, False), (20, False)])
def test_morning_is_asked_between_six_and_noon(hour: int, *, asked: bool) -> None:
    local = datetime(2026, 11, 24, hour, 59)  # noqa: DTZ001 - the runner's own wall clock
    assert asks_for_morning(local, trained_yesterday=True) == asked
    assert not asks_for_morning(local, trained_yesterday=False)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_week_holds_its_day(day: date) -> None:
    monday, sunday = week_of(day)
    assert monday.weekday() == 0
    assert sunday - monday == 6 * DAY
    assert monday <= day <= sunday
