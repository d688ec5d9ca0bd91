from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.errors import ScheduleError
from exercises.kinds import Pattern, Trigger
from exercises.rules.schedule import Schedule

DAILY = Schedule(pattern=Pattern.DAILY)
MON_WED_FRI = Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0, 2, 4))
THREE_A_WEEK = Schedule(pattern=Pattern.PER_WEEK, per_week=3)
BEFORE_RUN = Schedule(trigger=Trigger.BEFORE_RUN)


@pytest.mark.parametrize(
    ("schedule", "sessions"),
    [
        (DAILY, 7),
        (replace(DAILY, times_per_day=2), 14),
        (MON_WED_FRI, 3),
        (replace(MON_WED_FRI, times_per_day=3), 9),
        (THREE_A_WEEK, 3),
        (replace(THREE_A_WEEK, per_week=7), 7),
        (BEFORE_RUN, 0),
        (Schedule(trigger=Trigger.AFTER_RUN), 0),
        (Schedule(trigger=Trigger.IF_STIFF), 0),
    ],
)
def test_sessions_a_week(schedule: Schedule, sessions: int) -> None:
    schedule.validate()
    assert schedule.sessions_per_week() == sessions
    assert schedule.counted == (sessions > 0)


BAD = [
    (Schedule(), "pattern", "pattern_missing"),
    (replace(BEFORE_RUN, pattern=Pattern.DAILY), "pattern", "pattern_without_schedule"),
    (Schedule(trigger="at_noon"), "trigger", "unknown_trigger"),  # type: ignore[arg-type]
    (Schedule(pattern="monthly"), "pattern", "pattern_missing"),  # type: ignore[arg-type]
    (replace(MON_WED_FRI, weekdays=()), "weekdays", "days_do_not_fit"),
    (replace(DAILY, weekdays=(1,)), "weekdays", "days_do_not_fit"),
    (replace(MON_WED_FRI, weekdays=(0, 7)), "weekdays", "out_of_range"),
    (replace(MON_WED_FRI, weekdays=(-1, 2)), "weekdays", "out_of_range"),
    (replace(MON_WED_FRI, weekdays=(2, 0)), "weekdays", "out_of_range"),
    (replace(MON_WED_FRI, weekdays=(0, 0)), "weekdays", "out_of_range"),
    (replace(THREE_A_WEEK, per_week=None), "per_week", "times_do_not_fit"),
    (replace(DAILY, per_week=3), "per_week", "times_do_not_fit"),
    (replace(THREE_A_WEEK, per_week=0), "per_week", "out_of_range"),
    (replace(THREE_A_WEEK, per_week=8), "per_week", "out_of_range"),
    (replace(DAILY, times_per_day=0), "times_per_day", "out_of_range"),
    (replace(DAILY, times_per_day=7), "times_per_day", "out_of_range"),
    (replace(THREE_A_WEEK, times_per_day=2), "times_per_day", "only_on_named_days"),
    (replace(BEFORE_RUN, times_per_day=2), "times_per_day", "only_on_named_days"),
]


@pytest.mark.parametrize(("schedule", "field", "code"), BAD)
def test_schedule_that_cannot_be_names_its_part(schedule: Schedule, field: str, code: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        schedule.validate()
    assert (refused.value.field, refused.value.code) == (field, code)


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(1, 6))
def test_any_weekdays_make_their_number_of_sessions(days: set[int], times: int) -> None:
    schedule = Schedule(pattern=Pattern.WEEKDAYS, weekdays=tuple(sorted(days)), times_per_day=times)
    schedule.validate()
    assert schedule.sessions_per_week() == len(days) * times


@given(
    trigger=st.sampled_from(Trigger),
    pattern=st.none() | st.sampled_from(Pattern),
    weekdays=st.lists(st.integers(-1, 7), max_size=8).map(tuple),
    per_week=st.none() | st.integers(-1, 9),
    times_per_day=st.integers(0, 8),
)
def test_what_is_accepted_is_due_exactly_if_counted(
    trigger: Trigger,
    pattern: Pattern | None,
    weekdays: tuple[int, ...],
    per_week: int | None,
    times_per_day: int,
) -> None:
    schedule = Schedule(
        trigger=trigger, pattern=pattern, weekdays=weekdays, per_week=per_week, times_per_day=times_per_day
    )
    try:
        schedule.validate()
    except ScheduleError:
        return
    assert (schedule.sessions_per_week() > 0) == schedule.counted
