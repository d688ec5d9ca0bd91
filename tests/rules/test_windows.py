"""Every due window exactly once: over zones, clock changes, month ends, long programs and new editions."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from athletes.rules.windows import Window, local_date, local_midnight, split_week, truncate, windows
from exercises.kinds import Pattern, Trigger
from exercises.rules.schedule import Schedule
from tests.rules.zones import DAY, NAMED_DAYS, calendar_days, clock_changes, places_and_days, real, real_days, zones

MONDAY = date(2026, 11, 23)
DAILY = Schedule(pattern=Pattern.DAILY)
TICK = timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(n: int) -> Schedule:
    return Schedule(pattern=Pattern.PER_WEEK, per_week=n)


def on_weekdays(*weekdays: int, times: int = 1) -> Schedule:
    return Schedule(pattern=Pattern.WEEKDAYS, weekdays=weekdays, times_per_day=times)


def key(window: Window) -> tuple[date, int]:
    return window.from_on, window.slot


def days_of(window: Window, zone: str) -> list[date]:
    return real_days(window.from_on, window.until_on + DAY, zone)


schedules = st.one_of(
    st.builds(lambda times: Schedule(pattern=Pattern.DAILY, times_per_day=times), st.integers(1, 3)),
    st.builds(
        lambda days, times: on_weekdays(*sorted(days), times=times),
        st.sets(st.integers(0, 6), min_size=1),
        st.integers(1, 3),
    ),
    st.builds(weekly, st.integers(1, 7)),
)
lengths = st.integers(0, 45)


# The shares of a week


@pytest.mark.parametrize(
    ("n", "shares"),
    [
        (1, ((0, 6),)),
        (2, ((0, 2), (3, 6))),
        (3, ((0, 1), (2, 3), (4, 6))),
        (4, ((0, 0), (1, 2), (3, 4), (5, 6))),
        (5, ((0, 0), (1, 1), (2, 3), (4, 4), (5, 6))),
        (6, ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 6))),
        (7, tuple((day, day) for day in range(7))),
    ],
)
def test_week_is_shared_out_evenly(n: int, shares: tuple[tuple[int, int], ...]) -> None:
    assert split_week(n) == shares
    lengths = [last - first + 1 for first, last in shares]
    assert sum(lengths) == 7
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize("n", [-1, 0, 8])
def test_week_is_not_shared_out_among_none_or_more_than_its_days(n: int) -> None:
    with pytest.raises(ValueError, match=str(n)):
        split_week(n)


# What each schedule makes due


@pytest.mark.parametrize("trigger", [Trigger.BEFORE_RUN, Trigger.AFTER_RUN, Trigger.IF_STIFF])
def test_block_tied_to_an_event_has_no_window(trigger: Trigger) -> None:
    assert windows(Schedule(trigger=trigger), starts_on=MONDAY, ends_on=MONDAY + 30 * DAY, zone="UTC") == []


def test_daily_block_has_one_window_a_day_and_slot() -> None:
    twice = Schedule(pattern=Pattern.DAILY, times_per_day=2)
    found = windows(twice, starts_on=MONDAY, ends_on=MONDAY + 2 * DAY, zone="Europe/Berlin")
    assert found == [
        Window(
            day,
            day,
            slot,
            datetime(2026, 11, day.day - 1, 23, tzinfo=UTC),
            datetime(2026, 11, day.day, 23, tzinfo=UTC),
        )
        for day in (MONDAY, MONDAY + DAY)
        for slot in (1, 2)
    ]


def test_weekday_block_has_windows_on_its_days_across_a_leap_month_end() -> None:
    found = windows(on_weekdays(0, 3), starts_on=date(2028, 2, 24), ends_on=date(2028, 3, 7), zone="Asia/Tokyo")
    assert [window.from_on for window in found] == [
        date(2028, 2, 24),
        date(2028, 2, 28),
        date(2028, 3, 2),
        date(2028, 3, 6),
    ]


def test_three_a_week_has_a_window_for_each_share() -> None:
    found = windows(weekly(3), starts_on=MONDAY, ends_on=MONDAY + 7 * DAY, zone="UTC")
    assert [(w.from_on.day, w.until_on.day, w.slot) for w in found] == [(23, 24, 1), (25, 26, 1), (27, 29, 1)]
    assert found[2].opens_at == utc("2026-11-27 00:00")
    assert found[2].closes_at == utc("2026-11-30 00:00")


def test_start_within_a_share_begins_with_the_next() -> None:
    found = windows(weekly(3), starts_on=MONDAY + DAY, ends_on=MONDAY + 7 * DAY, zone="UTC")
    assert [window.from_on.day for window in found] == [25, 27]


def test_share_that_begins_before_the_end_is_whole() -> None:
    found = windows(weekly(1), starts_on=MONDAY, ends_on=MONDAY + DAY, zone="UTC")
    assert [(w.from_on, w.until_on) for w in found] == [(MONDAY, MONDAY + 6 * DAY)]


def test_so_many_a_week_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="0"):
        windows(Schedule(pattern=Pattern.PER_WEEK), starts_on=MONDAY, ends_on=MONDAY + DAY, zone="UTC")


@pytest.mark.parametrize("ends_on", [MONDAY, MONDAY - DAY])
def test_no_days_have_no_windows(ends_on: date) -> None:
    for schedule in (DAILY, weekly(3), on_weekdays(0)):
        assert windows(schedule, starts_on=MONDAY, ends_on=ends_on, zone="UTC") == []


# Clocks


@pytest.mark.parametrize(
    ("zone", "day", "opens_at", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 28), utc("2027-03-27 23:00"), 23),
        ("Europe/Berlin", date(2027, 10, 31), utc("2027-10-30 22:00"), 25),
        ("America/New_York", date(2027, 3, 14), utc("2027-03-14 05:00"), 23),
        ("America/New_York", date(2027, 11, 7), utc("2027-11-07 04:00"), 25),
        ("Australia/Lord_Howe", date(2027, 4, 4), utc("2027-04-03 13:00"), 24.5),
        ("Australia/Lord_Howe", date(2027, 10, 3), utc("2027-10-02 13:30"), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), utc("2018-11-04 03:00"), 23),  # no midnight
        ("America/Sao_Paulo", date(2018, 2, 17), utc("2018-02-17 02:00"), 25),
        ("America/Havana", date(2027, 11, 7), utc("2027-11-07 04:00"), 25),  # two midnights: from the first
        ("Pacific/Kiritimati", date(2027, 1, 1), utc("2026-12-31 10:00"), 24),
        ("Asia/Kathmandu", date(2027, 1, 1), utc("2026-12-31 18:15"), 24),
        ("Europe/Dublin", date(2027, 3, 28), utc("2027-03-28 00:00"), 23),
        ("Africa/Casablanca", date(2027, 2, 7), utc("2027-02-06 23:00"), 25),
    ],
)
def test_day_is_as_long_as_the_wall_clock_says(zone: str, day: date, opens_at: datetime, hours: float) -> None:
    (window,) = windows(DAILY, starts_on=day, ends_on=day + DAY, zone=zone)
    assert window.opens_at == opens_at
    assert window.closes_at - window.opens_at == timedelta(hours=hours)


def test_day_that_does_not_exist_is_never_due() -> None:
    found = windows(DAILY, starts_on=date(2011, 12, 28), ends_on=date(2012, 1, 2), zone="Pacific/Apia")
    assert [window.from_on.day for window in found] == [28, 29, 31, 1]
    assert found[1].closes_at == found[2].opens_at == utc("2011-12-30 10:00")


def test_share_that_begins_on_a_day_that_does_not_exist_begins_a_day_later() -> None:
    found = windows(weekly(3), starts_on=date(2011, 12, 26), ends_on=date(2012, 1, 2), zone="Pacific/Apia")
    assert [(w.from_on.day, w.until_on.day) for w in found] == [(26, 27), (28, 29), (31, 1)]


def test_share_that_is_only_a_day_that_does_not_exist_is_gone() -> None:
    found = windows(weekly(7), starts_on=date(2011, 12, 26), ends_on=date(2012, 1, 2), zone="Pacific/Apia")
    assert [window.from_on.day for window in found] == [26, 27, 28, 29, 31, 1]


def test_windows_meet_without_gap_on_every_clock_change_of_every_zone() -> None:
    changes = list(clock_changes(date(2026, 1, 1), date(2028, 1, 1)))
    assert len(changes) > 500, "the oracle found no clock changes: this test checks nothing"
    for zone, day in changes:
        found = windows(DAILY, starts_on=day - DAY, ends_on=day + 3 * DAY, zone=zone)
        assert [window.from_on for window in found] == [day + n * DAY for n in range(-1, 3)], (zone, day)
        assert all(a.closes_at == b.opens_at for a, b in pairwise(found)), (zone, day)


@given(places_and_days())
def test_local_midnight_is_the_first_instant_of_its_day(place: tuple[str, date]) -> None:
    zone, day = place
    midnight = local_midnight(day, zone)
    assert local_date(midnight - TICK, zone) < day
    assert local_date(midnight, zone) == (day if real(day, zone) else day + DAY)


# Exactly once


@given(places_and_days(), schedules, lengths)
@settings(max_examples=60, deadline=None)
def test_every_day_that_is_due_is_covered_once_a_slot(place: tuple[str, date], schedule: Schedule, length: int) -> None:
    zone, monday = place[0], place[1] - place[1].weekday() * DAY
    end = monday + (length // 7) * 7 * DAY
    found = windows(schedule, starts_on=monday, ends_on=end, zone=zone)
    covered = Counter((day, window.slot) for window in found for day in days_of(window, zone))
    due_days = [
        day
        for day in real_days(monday, end, zone)
        if schedule.pattern != Pattern.WEEKDAYS or day.weekday() in schedule.weekdays
    ]
    assert covered == Counter((day, slot) for day in due_days for slot in range(1, schedule.times_per_day + 1))


@given(places_and_days(), schedules, lengths)
@settings(max_examples=60, deadline=None)
def test_windows_are_in_order_and_disjoint_in_each_slot(
    place: tuple[str, date], schedule: Schedule, length: int
) -> None:
    zone, start = place
    found = windows(schedule, starts_on=start, ends_on=start + length * DAY, zone=zone)
    assert [key(w) for w in found] == sorted({key(w) for w in found})
    for slot in range(1, schedule.times_per_day + 1):
        line = [window for window in found if window.slot == slot]
        assert all(a.until_on < b.from_on and a.closes_at <= b.opens_at for a, b in pairwise(line))
    for window in found:
        assert window.opens_at < window.closes_at
        assert local_date(window.opens_at, zone) == window.from_on
        assert local_date(window.closes_at - TICK, zone) == window.until_on
        assert start <= window.from_on < start + length * DAY


@given(places_and_days(), schedules, lengths, lengths)
@settings(max_examples=80, deadline=None)
def test_ledger_extended_in_two_steps_is_the_ledger_made_at_once(
    place: tuple[str, date], schedule: Schedule, first: int, second: int
) -> None:
    zone, a = place
    b, c = a + first * DAY, a + (first + second) * DAY
    at_once = windows(schedule, starts_on=a, ends_on=c, zone=zone)
    in_steps = [
        *windows(schedule, starts_on=a, ends_on=b, zone=zone),
        *windows(schedule, starts_on=b, ends_on=c, zone=zone),
    ]
    assert in_steps == at_once


@given(zones, calendar_days, st.integers(1, 7))
@settings(max_examples=8, deadline=None)
def test_two_years_have_as_many_windows_as_their_weeks_ask_for(zone: str, day: date, n: int) -> None:
    monday = day - day.weekday() * DAY
    end = monday + 104 * 7 * DAY
    lost = 104 * 7 - len(real_days(monday, end, zone))  # some zones once skipped a day
    found = windows(weekly(n), starts_on=monday, ends_on=end, zone=zone)
    assert 104 * n - lost <= len(found) <= 104 * n
    assert len(windows(DAILY, starts_on=monday, ends_on=end, zone=zone)) == 104 * 7 - lost


@given(calendar_days, schedules, lengths, st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_shifting_by_weeks_shifts_the_windows(day: date, schedule: Schedule, length: int, weeks: int) -> None:
    by = timedelta(weeks=weeks)
    here = windows(schedule, starts_on=day, ends_on=day + length * DAY, zone="Asia/Kathmandu")
    there = windows(schedule, starts_on=day + by, ends_on=day + by + length * DAY, zone="Asia/Kathmandu")
    assert there == [Window(w.from_on + by, w.until_on + by, w.slot, w.opens_at + by, w.closes_at + by) for w in here]


# A new edition


def editions(old: Schedule, new: Schedule, zone: str, days: tuple[date, date, date]) -> list[Window]:
    """The ledger from a start across a change of edition to an end, as actions.ledger puts it together."""
    start, change, end = days
    before = [
        truncate(window, before=change, zone=zone)
        for window in windows(old, starts_on=start, ends_on=change, zone=zone)
    ]
    return [*before, *windows(new, starts_on=change, ends_on=end, zone=zone)]


@given(places_and_days(), schedules, schedules, lengths, lengths)
@settings(max_examples=80, deadline=None)
def test_new_edition_never_overlaps_the_old_one(
    place: tuple[str, date], old: Schedule, new: Schedule, first: int, second: int
) -> None:
    zone, start = place
    change, end = start + first * DAY, start + (first + second) * DAY
    found = editions(old, new, zone, (start, change, end))
    covered = Counter((day, window.slot) for window in found for day in days_of(window, zone))
    assert set(covered.values()) <= {1}
    assert all(window.opens_at < window.closes_at for window in found)
    turn = local_midnight(change, zone)
    assert all(window.closes_at <= turn for window in found if window.from_on < change)
    assert all(window.opens_at >= turn for window in found if window.from_on >= change)


@given(places_and_days(), schedules, lengths, lengths)
@settings(max_examples=60, deadline=None)
def test_edition_with_the_same_schedule_loses_and_doubles_nothing(
    place: tuple[str, date], schedule: Schedule, first: int, second: int
) -> None:
    zone, start = place
    change, end = start + first * DAY, start + (first + second) * DAY
    found = editions(schedule, schedule, zone, (start, change, end))
    unchanged = windows(schedule, starts_on=start, ends_on=end, zone=zone)
    assert [key(window) for window in found] == [key(window) for window in unchanged]


def test_window_that_a_new_edition_cuts_ends_the_day_before() -> None:
    (week,) = windows(weekly(1), starts_on=MONDAY, ends_on=MONDAY + DAY, zone="Europe/Berlin")
    cut = truncate(week, before=MONDAY + 3 * DAY, zone="Europe/Berlin")
    assert (cut.from_on, cut.until_on) == (MONDAY, MONDAY + 2 * DAY)
    assert (cut.opens_at, cut.closes_at) == (week.opens_at, utc("2026-11-25 23:00"))


def test_window_whose_last_day_is_the_new_editions_first_is_cut() -> None:
    share, *_ = windows(weekly(3), starts_on=MONDAY, ends_on=MONDAY + 7 * DAY, zone="UTC")
    cut = truncate(share, before=MONDAY + DAY, zone="UTC")
    assert (share.until_on, cut.until_on, cut.closes_at) == (MONDAY + DAY, MONDAY, utc("2026-11-24 00:00"))


def test_window_that_is_over_before_is_not_cut() -> None:
    (day,) = windows(DAILY, starts_on=MONDAY, ends_on=MONDAY + DAY, zone="Europe/Berlin")
    assert truncate(day, before=MONDAY + DAY, zone="Europe/Berlin") == day
    assert truncate(day, before=date.max, zone="Europe/Berlin") == day


def test_window_that_begins_with_the_new_edition_cannot_be_cut() -> None:
    (day,) = windows(DAILY, starts_on=MONDAY, ends_on=MONDAY + DAY, zone="Europe/Berlin")
    with pytest.raises(ValueError, match="2026-11-23"):
        truncate(day, before=MONDAY, zone="Europe/Berlin")


def test_cut_before_a_day_that_does_not_exist_ends_on_one_that_does() -> None:
    (week,) = windows(weekly(1), starts_on=date(2011, 12, 26), ends_on=date(2011, 12, 27), zone="Pacific/Apia")
    cut = truncate(week, before=date(2011, 12, 31), zone="Pacific/Apia")
    assert cut.until_on == date(2011, 12, 29)
    assert cut.closes_at == utc("2011-12-30 10:00")


@pytest.mark.parametrize(("zone", "day"), NAMED_DAYS)
def test_local_date_of_any_hour_lies_in_the_window_of_that_hour(zone: str, day: date) -> None:
    found = windows(DAILY, starts_on=day - 3 * DAY, ends_on=day + 4 * DAY, zone=zone)
    at = found[0].opens_at
    while at < found[-1].closes_at:
        (window,) = [w for w in found if w.opens_at <= at < w.closes_at]
        assert local_date(at, zone) == window.from_on
        at += timedelta(minutes=15)
