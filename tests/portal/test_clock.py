from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.views.demo import next_day, next_morning

LISBON, BERLIN = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin")
YEARS = [datetime(year, 1, 1) for year in (2020, 2035)]  # noqa: DTZ001 - hypothesis wants them naive
SECOND = timedelta(seconds=1)


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO, settings.VAR_DIR = True, tmp_path / "var"
    return tmp_path / "var"


def test_now_is_the_wall_clock_in_utc(settings: Any) -> None:
    settings.DEMO = False
    assert abs(clock.now() - datetime.now(UTC)) < SECOND
    assert clock.now().tzinfo is UTC


def test_clock_moved_stays_moved_for_every_process(demo: Path) -> None:
    goal = datetime.now(UTC) + timedelta(days=3)
    clock.move_to(goal)
    assert abs(clock.now() - goal) < SECOND
    assert float((demo / "clock").read_text()) == pytest.approx(3 * 86400, abs=1)


def test_clock_never_goes_back(demo: Path) -> None:
    clock.move_to(datetime.now(UTC) + timedelta(days=3))
    clock.move_to(datetime.now(UTC) + timedelta(days=1))
    assert clock.ahead() > timedelta(days=2, hours=23)


def test_clock_cannot_be_moved_outside_the_demo(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.VAR_DIR = False, tmp_path
    with pytest.raises(RuntimeError):
        clock.move_to(datetime.now(UTC) + timedelta(days=1))
    (tmp_path / "clock").write_text("86400")
    assert clock.ahead() == timedelta()


def test_next_morning_is_seven_on_the_clinics_wall() -> None:
    assert next_morning(datetime(2026, 7, 1, 5, 59, tzinfo=UTC), LISBON) == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert next_morning(datetime(2026, 7, 1, 6, 0, tzinfo=UTC), LISBON) == datetime(2026, 7, 2, 6, 0, tzinfo=UTC)
    assert next_morning(datetime(2026, 12, 31, 23, 0, tzinfo=UTC), LISBON) == datetime(2027, 1, 1, 7, 0, tzinfo=UTC)


def test_next_day_keeps_the_time_on_the_wall_when_clocks_change() -> None:
    before = datetime(2027, 3, 27, 9, 0, tzinfo=UTC)  # Berlin goes to summer time on the 28th
    assert next_day(before, BERLIN) == datetime(2027, 3, 28, 8, 0, tzinfo=UTC)


@given(
    st.datetimes(YEARS[0], YEARS[1]),
    st.sampled_from([LISBON, BERLIN, ZoneInfo("Australia/Lord_Howe")]),
)
def test_both_steps_always_go_forward(instant: datetime, zone: ZoneInfo) -> None:
    now = instant.replace(tzinfo=UTC)
    assert next_morning(now, zone) > now
    assert next_day(now, zone) > now
