"""Steps N4 and N5 of the ladder."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.findings import Finding
from athletes.rules.silence import N4Thresholds, N5Thresholds, SilenceFacts, assess, silent_days
from tests.rules.zones import DAY

ON = date(2026, 11, 23)
N4, N5 = N4Thresholds(), N5Thresholds()
ORDER = {(): 0, ("N4",): 1, ("N5",): 2}


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def silent(days: int, *, done: int = 6, due: int = 6) -> SilenceFacts:
    return SilenceFacts(now_on=ON, started_on=ago(90), last_log_on=ago(days), due_14=due, done_14=done)


def kinds(facts: SilenceFacts, n4: N4Thresholds | None = N4, n5: N5Thresholds | None = N5) -> tuple[str, ...]:
    return tuple(finding.kind for finding in assess(facts, n4, n5))


@pytest.mark.parametrize(
    ("days", "done", "due", "expected"),
    [
        (0, 6, 6, ()),
        (6, 6, 6, ()),
        (7, 6, 6, ("N4",)),
        (13, 6, 6, ("N4",)),
        (14, 6, 6, ("N5",)),
        (400, 0, 6, ("N5",)),
        (1, 2, 4, ()),  # half is not under half
        (1, 1, 4, ("N4",)),
        (1, 0, 3, ()),  # three due say too little
        (1, 3, 7, ("N4",)),
        (1, 4, 7, ()),
        (1, 99, 199, ("N4",)),  # 49.7 % is under half
        (20, 0, 0, ()),  # nothing was due: nobody asked
        (7, 0, 1, ("N4",)),
    ],
)
def test_silence_or_little_done_is_found(days: int, done: int, due: int, expected: tuple[str, ...]) -> None:
    assert kinds(silent(days, done=done, due=due)) == expected


@pytest.mark.parametrize(("days", "expected"), [(6, ()), (7, ("N4",)), (14, ("N5",))])
def test_runner_who_never_logged_is_silent_since_the_start(days: int, expected: tuple[str, ...]) -> None:
    facts = SilenceFacts(now_on=ON, started_on=ago(days), last_log_on=None, due_14=3, done_14=0)
    assert kinds(facts) == expected


def test_log_before_the_start_does_not_make_a_runner_silent_longer() -> None:
    facts = SilenceFacts(now_on=ON, started_on=ago(3), last_log_on=ago(60), due_14=3, done_14=0)
    assert silent_days(facts) == 3


@pytest.mark.parametrize(
    "facts",
    [
        replace(silent(30, done=0), on_hold=True),
        replace(silent(30, done=0), discharged=True),
        replace(silent(30, done=0), away=((ago(2), None),)),
        replace(silent(30, done=0), away=((ago(2), ON),)),
    ],
)
def test_runner_who_is_away_is_not_silent(facts: SilenceFacts) -> None:
    assert kinds(facts) == ()


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ((), 16),
        (((ago(10), ago(3)),), 8),
        (((ago(10), ago(3)), (ago(5), ago(2))), 7),  # overlapping pauses count once
        (((ago(40), ago(15)),), 15),
        (((ago(90), ago(20)),), 16),
    ],
)
def test_days_away_do_not_count_as_silence(away: tuple[tuple[date, date], ...], expected: int) -> None:
    assert silent_days(replace(silent(16), away=away)) == expected


def test_findings_tell_what_was_read_and_the_line() -> None:
    assert assess(silent(15), N4, N5) == (Finding("N5", "P4", {"silent_days": 15, "silent_days_at_least": 14}),)
    (found,) = assess(silent(1, done=1, due=5), N4, N5)
    assert found.level == "P4"
    assert found.evidence == {
        "silent_days": 1,
        "silent_days_at_least": 7,
        "done": 1,
        "due": 5,
        "rate_below": 50,
        "window_days": 14,
    }
    assert json.loads(json.dumps(found.evidence)) == found.evidence


def test_rule_that_is_switched_off_finds_nothing() -> None:
    assert kinds(silent(20), N4, None) == ("N4",)
    assert kinds(silent(20), None, N5) == ("N5",)
    assert kinds(silent(10), None, N5) == ()


def test_clinics_own_thresholds_are_followed() -> None:
    assert kinds(silent(4), N4Thresholds(silent_days=4)) == ("N4",)
    assert kinds(silent(4), N4, N5Thresholds(silent_days=4)) == ("N5",)
    assert kinds(silent(1, done=3, due=4), N4Thresholds(rate_below=80)) == ("N4",)
    assert kinds(silent(1, done=0, due=4), N4Thresholds(due_at_least=5)) == ()


spans = st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60)).map(
    lambda pair: (ago(pair[0]), None if pair[1] is None else ago(pair[0]) + pair[1] * DAY)
)


@st.composite
def any_facts(draw: st.DrawFn) -> SilenceFacts:
    due = draw(st.integers(0, 30))
    last = draw(st.none() | st.integers(0, 120))
    return SilenceFacts(
        now_on=ON,
        started_on=ago(draw(st.integers(0, 120))),
        last_log_on=None if last is None else ago(last),
        due_14=due,
        done_14=draw(st.integers(0, due)),
        away=tuple(draw(st.lists(spans, max_size=3))),
    )


@given(any_facts(), st.integers(-2000, 2000))
def test_shifting_everything_by_days_changes_nothing(facts: SilenceFacts, days: int) -> None:
    by = timedelta(days=days)
    moved = replace(
        facts,
        now_on=facts.now_on + by,
        started_on=facts.started_on + by,
        last_log_on=facts.last_log_on and facts.last_log_on + by,
        away=tuple((first + by, last and last + by) for first, last in facts.away),
    )
    assert assess(moved, N4, N5) == assess(facts, N4, N5)


@given(any_facts(), st.integers(0, 30))
def test_longer_silence_never_lowers_severity(facts: SilenceFacts, days: int) -> None:
    longer = replace(
        facts,
        started_on=facts.started_on - days * DAY,
        last_log_on=facts.last_log_on and facts.last_log_on - days * DAY,
    )
    assert ORDER[kinds(longer)] >= ORDER[kinds(facts)]


@given(any_facts(), spans)
def test_more_days_away_never_raise_severity(facts: SilenceFacts, span: tuple[date, date | None]) -> None:
    assert ORDER[kinds(replace(facts, away=(*facts.away, span)))] <= ORDER[kinds(facts)]


@given(any_facts())
def test_log_of_today_leaves_no_silence(facts: SilenceFacts) -> None:
    assert silent_days(replace(facts, last_log_on=ON)) == 0
