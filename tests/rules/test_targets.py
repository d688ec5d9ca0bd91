"""By when an alert should be answered, and when the next in the chain hears of it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from athletes.rules.findings import LEVELS
from athletes.rules.targets import OfficeHours, due_by, escalate_at
from tests.rules.zones import places_and_days, wall, zones

BERLIN = OfficeHours(zone="Europe/Berlin")


def berlin(text: str) -> datetime:
    """A November 2026 wall clock in Berlin, such as "24 14:00"; the 23rd is a Monday."""
    day, at = text.split()
    month = 12 if int(day) < 15 else 11
    return datetime.combine(date(2026, month, int(day)), time.fromisoformat(at), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("level", "opened", "due", "escalate"),
    [
        # Tuesday afternoon
        ("P0", "24 14:00", "24 15:00", "24 15:00"),
        ("P1", "24 14:00", "24 17:00", "25 09:00"),
        ("P2", "24 14:00", "25 14:00", "26 14:00"),
        ("P3", "24 14:00", "26 14:00", "01 14:00"),
        ("P4", "24 14:00", "01 14:00", "01 14:00"),
        # shortly before closing: office time stands still overnight
        ("P0", "24 16:40", "25 09:40", "24 17:40"),
        ("P1", "24 16:40", "24 17:00", "25 09:00"),
        # Tuesday evening: counts from Wednesday morning
        ("P0", "24 22:00", "25 10:00", "24 23:00"),
        ("P1", "24 22:00", "25 17:00", "26 09:00"),
        ("P2", "24 22:00", "26 09:00", "27 09:00"),
        # early morning
        ("P0", "24 05:00", "24 10:00", "24 06:00"),
        ("P1", "24 05:00", "24 17:00", "25 09:00"),
        # exactly on the edges: open at nine, closed at five
        ("P0", "24 09:00", "24 10:00", "24 10:00"),
        ("P0", "24 16:00", "24 17:00", "24 17:00"),
        ("P1", "24 17:00", "25 17:00", "26 09:00"),
        # Friday and the weekend
        ("P0", "27 16:40", "30 09:40", "27 17:40"),
        ("P1", "27 10:00", "27 17:00", "30 09:00"),
        ("P2", "27 10:00", "30 10:00", "01 10:00"),
        ("P0", "28 12:00", "30 10:00", "28 13:00"),
        ("P1", "28 12:00", "30 17:00", "01 09:00"),
        ("P2", "28 12:00", "01 09:00", "02 09:00"),
        ("P3", "29 12:00", "02 09:00", "07 09:00"),
        ("P4", "28 12:00", "07 09:00", "07 09:00"),
    ],
)
def test_alert_has_its_targets(level: str, opened: str, due: str, escalate: str) -> None:
    assert due_by(level, berlin(opened), BERLIN) == berlin(due)
    assert escalate_at(level, berlin(opened), BERLIN) == berlin(escalate)


def test_red_flag_rings_the_backup_after_one_hour_and_the_manager_after_four() -> None:
    backup = escalate_at("P0", berlin("27 16:40"), BERLIN)
    manager = escalate_at("P0", backup, BERLIN, step=1)
    assert (backup, manager) == (berlin("27 17:40"), berlin("27 20:40"))
    assert escalate_at("P0", manager, BERLIN, step=2) == berlin("27 23:40")  # who comes after the manager


def test_targets_are_utc() -> None:
    for level in LEVELS:
        assert due_by(level, berlin("24 14:00"), BERLIN).tzinfo is UTC
        assert escalate_at(level, berlin("24 14:00"), BERLIN).tzinfo is UTC


def test_level_that_does_not_exist_is_refused() -> None:
    for target in (due_by, escalate_at):
        with pytest.raises(KeyError, match="P5"):
            target("P5", berlin("24 14:00"), BERLIN)


def test_clinic_open_on_saturday_answers_on_saturday() -> None:
    hours = OfficeHours(zone="Europe/Berlin", opens=time(8), closes=time(12), weekdays=(0, 1, 2, 3, 4, 5))
    assert due_by("P1", berlin("28 10:00"), hours) == berlin("28 12:00")
    assert escalate_at("P1", berlin("28 10:00"), hours) == berlin("30 08:00")


def test_office_hour_longer_than_the_day_goes_on_tomorrow() -> None:
    hours = OfficeHours(zone="Europe/Berlin", opens=time(9), closes=time(9, 25))
    assert due_by("P0", berlin("24 09:00"), hours) == berlin("26 09:10")


def test_clocks_that_change_at_the_weekend_do_not_move_the_wall_clock() -> None:
    opened = datetime(2027, 3, 26, 13, tzinfo=UTC)  # Friday, 14:00 in Berlin; summer time from Sunday
    assert wall(due_by("P2", opened, BERLIN), "Europe/Berlin") == datetime.combine(date(2027, 3, 29), time(14))


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays"),
    [(time(17), time(9), (0,)), (time(9), time(9), (0,)), (time(9), time(17), ()), (time(9), time(17), (7,))],
)
def test_office_that_never_opens_is_refused(opens: time, closes: time, weekdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\("):
        OfficeHours(zone="UTC", opens=opens, closes=closes, weekdays=weekdays)


@st.composite
def offices(draw: st.DrawFn, place: st.SearchStrategy[str] = zones) -> OfficeHours:
    opens, closes = sorted(draw(st.sets(st.integers(5, 22), min_size=2, max_size=2)))
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    return OfficeHours(zone=draw(place), opens=time(opens), closes=time(closes), weekdays=tuple(sorted(weekdays)))


@st.composite
def openings(draw: st.DrawFn) -> tuple[datetime, OfficeHours]:
    """An alert's instant, near a trap of the office's own zone about half of the time."""
    zone, day = draw(places_and_days())
    minutes = timedelta(minutes=draw(st.integers(0, 1439)))
    return datetime.combine(day, time(), UTC) + minutes, draw(offices(st.just(zone)))


@given(openings())
@settings(max_examples=100, deadline=None)
def test_targets_come_after_the_alert_and_in_office_hours(opening: tuple[datetime, OfficeHours]) -> None:
    opened_at, hours = opening
    for level in LEVELS:
        due = due_by(level, opened_at, hours)
        assert due > opened_at
        at = wall(due, hours.zone)
        assert at.weekday() in hours.weekdays
        assert hours.opens <= at.time() <= hours.closes
        assert escalate_at(level, opened_at, hours) > opened_at
        if level != "P0":  # a red flag's backup is rung within the hour, at night too
            assert escalate_at(level, opened_at, hours) >= due


@given(openings())
@settings(max_examples=60, deadline=None)
def test_more_urgent_alert_is_never_due_later(opening: tuple[datetime, OfficeHours]) -> None:
    opened_at, hours = opening
    assert escalate_at("P0", opened_at, hours) == opened_at + timedelta(hours=1)
    for target in (due_by, escalate_at):
        found = [target(level, opened_at, hours) for level in LEVELS[1:]]
        assert found == sorted(found)


@given(openings(), st.integers(0, 20_000))
@settings(max_examples=60, deadline=None)
def test_later_alert_is_never_due_earlier(opening: tuple[datetime, OfficeHours], minutes: int) -> None:
    opened_at, hours = opening
    later = opened_at + timedelta(minutes=minutes)
    for level in LEVELS:
        assert due_by(level, later, hours) >= due_by(level, opened_at, hours)
        assert escalate_at(level, later, hours) >= escalate_at(level, opened_at, hours)


@given(offices(st.just("Asia/Kathmandu")), st.dates(date(2000, 1, 1), date(2036, 1, 1)), st.times())
def test_shifting_by_a_week_shifts_the_targets(hours: OfficeHours, day: date, at: time) -> None:
    opened_at, week = datetime.combine(day, at, UTC), timedelta(days=7)
    for level in LEVELS:
        assert due_by(level, opened_at + week, hours) == due_by(level, opened_at, hours) + week
        assert escalate_at(level, opened_at + week, hours) == escalate_at(level, opened_at, hours) + week
