"""Sessions done of sessions due, and when to say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.adherence import Rate, frequency

STATES = ("due", "done", "partly", "missed", "unanswered", "excused")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], Rate(0, 0)),
        (["done"], Rate(1, 1)),
        (["partly"], Rate(1, 1)),  # taken up; how much of it is the dose's to say
        (["missed"], Rate(0, 1)),
        (["unanswered"], Rate(0, 1, unanswered=1)),
        (["excused", "due"], Rate(0, 0)),
        (["done"] * 10 + ["missed", "unanswered", "excused", "due"], Rate(10, 12, unanswered=1)),
    ],
)
def test_frequency_counts_sessions_owed(states: list[str], expected: Rate) -> None:
    assert frequency(states) == expected


@pytest.mark.parametrize(
    ("rate", "percent", "grade"),
    [
        (Rate(0, 0), None, "unknown"),
        (Rate(2, 0), None, "unknown"),  # extras alone are no share of anything
        (Rate(0, 3), 0, "low"),
        (Rate(4, 4), 100, "high"),
        (Rate(7, 4), 100, "high"),  # never more than everything
        (Rate(10, 12), 83, "high"),
        (Rate(4, 5), 80, "high"),
        (Rate(2, 3), 67, "partial"),
        (Rate(1, 2), 50, "partial"),
        (Rate(1, 3), 33, "low"),
        (Rate(159, 200), 80, "partial"),  # 79.5: the grade does not round
        (Rate(199, 200), 99, "high"),  # 100 is kept for all of them
        (Rate(1, 300), 1, "low"),  # and 0 for none
        (Rate(2, 4, unanswered=2), 50, "partial"),
        (Rate(1, 4, unanswered=3), None, "unknown"),  # more than half in silence
        (Rate(0, 5, unanswered=5), None, "unknown"),
    ],
)
def test_rate_has_a_percentage_or_a_dash(rate: Rate, percent: int | None, grade: str) -> None:
    assert rate.percent == percent
    assert rate.grade == grade


states = st.lists(st.sampled_from(STATES), max_size=60)


@given(states)
def test_percentage_lies_between_none_and_all(found: list[str]) -> None:
    rate = frequency(found)
    assert 0 <= rate.done <= rate.due <= len(found)
    assert rate.percent is None or 0 <= rate.percent <= 100
    assert (rate.percent == 100) == (rate.due > 0 and rate.done == rate.due)


@given(states)
def test_silence_never_raises_the_rate(found: list[str]) -> None:
    before, after = frequency(found).percent, frequency([*found, "unanswered"]).percent
    assert after is None or (before is not None and after <= before)


@given(states)
def test_session_done_never_lowers_the_rate(found: list[str]) -> None:
    before, after = frequency(found).percent, frequency([*found, "done"]).percent
    assert before is None or (after is not None and after >= before)


@given(states, st.sampled_from(["excused", "due"]))
def test_what_is_not_owed_changes_nothing(found: list[str], state: str) -> None:
    assert frequency([*found, state]) == frequency(found)
