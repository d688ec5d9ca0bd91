"""One glyph for each day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.days import Day, DueFact, LogFact, days
from tests.rules.zones import DAY

MONDAY = date(2026, 11, 23)
TUESDAY, SUNDAY = MONDAY + DAY, MONDAY + 6 * DAY


def today(state: str) -> DueFact:
    return DueFact(MONDAY, MONDAY, state)


def log(outcome: str) -> LogFact:
    return LogFact(MONDAY, outcome)


@pytest.mark.parametrize(
    ("due", "outcomes", "glyph", "sessions"),
    [
        ([], [], "free", 0),
        ([today("due")], [], "free", 0),  # still open: not silence yet
        ([today("unanswered")], [], "unknown", 0),
        ([today("excused")], [], "paused", 0),
        ([today("excused"), today("unanswered")], [], "unknown", 0),
        ([today("done")], ["done"], "done", 1),
        ([today("partly")], ["partly"], "partly", 1),
        ([today("missed")], ["missed"], "missed", 0),
        ([], ["done"], "done", 1),  # nothing was due: an extra
        ([], ["done", "done"], "done", 2),
        ([], ["done", "missed"], "partly", 1),
        ([], ["done", "partly"], "partly", 2),
        ([today("done"), today("unanswered")], ["done"], "partly", 1),
        ([today("missed"), today("unanswered")], ["missed"], "missed", 0),
        ([today("done"), today("due")], ["done"], "done", 1),
    ],
)
def test_day_has_one_glyph(due: list[DueFact], outcomes: list[str], glyph: str, sessions: int) -> None:
    found = days(MONDAY, MONDAY, due=due, logs=[log(outcome) for outcome in outcomes])
    assert [(day.on, day.glyph, day.sessions) for day in found] == [(MONDAY, glyph, sessions)]


def test_silence_of_a_longer_window_is_drawn_once_on_its_last_day() -> None:
    found = days(MONDAY, SUNDAY, due=[DueFact(MONDAY, TUESDAY, "unanswered")], logs=[])
    assert [day.glyph for day in found] == ["free", "unknown", *["free"] * 5]


def test_session_of_another_window_stays_done_where_a_longer_one_ends_in_silence() -> None:
    due = [DueFact(MONDAY - 2 * DAY, MONDAY, "unanswered")]
    assert [day.glyph for day in days(MONDAY, MONDAY, due=due, logs=[log("done")])] == ["done"]


def test_session_is_drawn_on_the_day_it_was_done() -> None:
    found = days(MONDAY, SUNDAY, due=[DueFact(MONDAY, SUNDAY, "done")], logs=[LogFact(TUESDAY, "done")])
    assert [day.glyph for day in found] == ["free", "done", *["free"] * 5]


@pytest.mark.parametrize(
    ("until", "glyphs"),
    [(TUESDAY, ["paused", "paused", "free"]), (None, ["paused"] * 3), (MONDAY, ["paused", "free", "free"])],
)
def test_days_away_are_paused(until: date | None, glyphs: list[str]) -> None:
    found = days(MONDAY, MONDAY + 2 * DAY, due=[], logs=[], away=[(MONDAY, until)])
    assert [day.glyph for day in found] == glyphs


def test_log_on_a_day_away_is_drawn() -> None:
    found = days(MONDAY, MONDAY, due=[], logs=[log("done")], away=[(MONDAY, None)])
    assert found == [Day(MONDAY, "done", 1)]


offsets = st.integers(-3, 20).map(lambda n: MONDAY + n * DAY)
dues = st.builds(
    lambda on, length, state: DueFact(on, on + length * DAY, state),
    offsets,
    st.integers(0, 6),
    st.sampled_from(["due", "done", "partly", "missed", "unanswered", "excused"]),
)
logs = st.builds(LogFact, offsets, st.sampled_from(["done", "partly", "missed"]))
aways = st.lists(st.tuples(offsets, st.none() | offsets), max_size=2)


@given(st.integers(0, 20), st.lists(dues, max_size=8), st.lists(logs, max_size=8), aways)
def test_every_day_is_drawn_once_and_only_what_was_told_is_done(
    length: int, due: list[DueFact], told: list[LogFact], away: list[tuple[date, date | None]]
) -> None:
    found = days(MONDAY, MONDAY + length * DAY, due=due, logs=told, away=away)
    assert [day.on for day in found] == [MONDAY + n * DAY for n in range(length + 1)]
    for day in found:
        outcomes = [entry.outcome for entry in told if entry.on == day.on]
        assert (day.glyph in {"done", "partly", "missed"}) == bool(outcomes)
        assert day.sessions == len(outcomes) - outcomes.count("missed")
        assert day.glyph != "done" or set(outcomes) == {"done"}
        assert day.glyph != "unknown" or any(fact.until_on == day.on and fact.state == "unanswered" for fact in due)


@given(st.lists(dues, max_size=8), st.lists(logs, max_size=8), aways, st.integers(-900, 900))
def test_shifting_by_days_shifts_the_strip(
    due: list[DueFact], told: list[LogFact], away: list[tuple[date, date | None]], shift: int
) -> None:
    by = timedelta(days=shift)
    here = days(MONDAY, MONDAY + 13 * DAY, due=due, logs=told, away=away)
    there = days(
        MONDAY + by,
        MONDAY + 13 * DAY + by,
        due=[DueFact(f.from_on + by, f.until_on + by, f.state) for f in due],
        logs=[LogFact(entry.on + by, entry.outcome) for entry in told],
        away=[(first + by, last and last + by) for first, last in away],
    )
    assert there == [Day(day.on + by, day.glyph, day.sessions) for day in here]
