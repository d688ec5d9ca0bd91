"""Where pain is going: a word only where enough is known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.trend import PainDay, by_day, trend

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
scores = st.lists(st.none() | st.integers(0, 10), max_size=20)


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ([], "unknown"),
        ([None] * 14, "unknown"),
        ([3, 3, 3, 3, 3, None, None], "unknown"),  # the newest two days are missing
        ([3, 3, 3, 3, 3, 3, None], "steady"),  # one missing day is not
        ([4, 4], "too_early"),
        ([3, 3, None, 4, 4, 4], "too_early"),  # two days to hold against
        ([3, 3, 3, 3, 3, 5], "rising"),  # one score, 2 points
        ([3, 3, 3, 3, 3, 4], "steady"),  # one score, 1 point: within the error
        ([3, 3, 3, 4, 4, 4], "rising"),  # three days, 1 point
        ([5, 5, 5, 5, 5, 3], "falling"),
        ([4, 4, 4, 3, 3, 3], "falling"),
        ([1, 0, 1, 0, 1, 0, 1], "settled"),
        ([0] * 14, "settled"),
        ([2, 2, 2, 2, 2, 2, 2], "steady"),
        ([3, 8, 3, 3, 3, 3, 3], "steady"),  # one bad day is not a trend
        ([3] * 9 + [4, 4, 4], "rising"),  # three days, however long it was quiet before
        ([4] * 9 + [3, 3, 3], "falling"),
        ([0, 0, 0, 0, 2, *[0] * 6], "steady"),  # a two, six days ago
        ([0, 0, 0, 2, *[0] * 7], "settled"),  # seven days ago
    ],
)
def test_trend_is_the_newest_against_what_was_before(told: list[int | None], word: str) -> None:
    assert trend(told) == word


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ([True] * 14, "unknown"),
        ([True] * 4 + [False] * 10, "settled"),  # on the other days nobody asked
        ([True] * 8 + [False] * 6, "unknown"),  # three of eight
        ([True] * 6 + [False] * 8, "settled"),  # three of six: no more than half is missing
    ],
)
def test_no_word_when_most_of_the_asked_days_are_missing(asked: list[bool], word: str) -> None:
    told = [0, 0, 0, *[None] * 10, 0]
    assert trend(told, asked=asked) == word
    assert trend([None] * 30 + told, asked=[True] * 30 + asked) == word, "two weeks are judged"


def test_paused_runner_has_no_trend() -> None:
    assert trend([3, 3, 3, 3, 9, 9, 9], paused=True) == "paused"


@given(scores)
def test_more_pain_today_never_turns_rising_into_falling(told: list[int | None]) -> None:
    order = {"falling": 0, "settled": 1, "steady": 1, "rising": 2}
    words = [trend([*told, score]) for score in range(11)]
    ranks = [order[word] for word in words if word in order]
    assert ranks == sorted(ranks)


@given(scores)
def test_a_word_is_never_said_without_a_score_in_two_days(told: list[int | None]) -> None:
    assert trend([*told, None, None]) == "unknown"


def test_day_keeps_the_last_word_on_the_morning_and_the_highest_of_the_rest() -> None:
    listed = [TODAY - DAY, TODAY]
    days = by_day(
        listed,
        mornings=[(TODAY, 4), (TODAY, 2), (TODAY, None)],
        peaks=[(TODAY, 3), (TODAY, 6), (TODAY, None), (TODAY - 9 * DAY, 9)],
        asked={TODAY - DAY},
    )
    assert days == [PainDay(TODAY - DAY, asked=True), PainDay(TODAY, 2, 6, asked=False)]
    assert [day.highest for day in days] == [None, 6]


def test_zero_is_a_score_and_not_missing() -> None:
    assert PainDay(TODAY, 0, None).highest == 0
    assert trend([0, 0, 0, 0, 0, 0]) == "settled"
