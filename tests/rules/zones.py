"""Time zones and days that break date arithmetic, for the rules' tests."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

DAY = timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})

# Half-hour shifts, midnights and days that are skipped, the far ends of the map, summer time that runs backwards.
NAMED_ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/Havana",
    "Africa/Cairo",
    "Pacific/Pago_Pago",
)
NAMED_DAYS = (
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Asia/Kathmandu", date(2027, 1, 1)),
    ("Europe/Dublin", date(2027, 10, 31)),
    ("Africa/Casablanca", date(2027, 2, 7)),
    ("Africa/Casablanca", date(2027, 3, 14)),
    ("America/Havana", date(2027, 3, 14)),
    ("America/Havana", date(2027, 11, 7)),
    ("Africa/Cairo", date(2027, 4, 30)),
    ("Africa/Cairo", date(2027, 10, 29)),
)

zones = st.sampled_from(NAMED_ZONES) | st.sampled_from(ZONES)
calendar_days = st.dates(date(2000, 1, 1), date(2037, 12, 1))


@st.composite
def places_and_days(draw: st.DrawFn) -> tuple[str, date]:
    """A zone and a day in it, near a named trap about half of the time."""
    if draw(st.booleans()):
        zone, day = draw(st.sampled_from(NAMED_DAYS))
        return zone, day + draw(st.integers(-8, 8)) * DAY
    return draw(zones), draw(calendar_days)


def wall(instant: datetime, zone: str) -> datetime:
    """What calendar and clock on the wall show, without a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def real(day: date, zone: str) -> bool:
    """Whether a day exists, found without the code under test: some minute of it is seen from UTC."""
    noon = datetime.combine(day, time(12), UTC)
    return any(wall(noon + timedelta(hours=h), zone).date() == day for h in range(-26, 27))


def real_days(first: date, end: date, zone: str) -> list[date]:
    """The days of [first, end) that exist."""
    listed = (first + n * DAY for n in range((end - first).days))
    return [day for day in listed if real(day, zone)]


def clock_changes(first: date, end: date) -> Iterator[tuple[str, date]]:
    """Every zone with every day in [first, end) on which its clocks change, seen from UTC."""
    week = timedelta(days=7)
    weeks = [datetime.combine(first, time(), UTC) + n * week for n in range((end - first) // week)]
    for zone in ZONES:
        info = ZoneInfo(zone)
        offsets = [at.astimezone(info).utcoffset() for at in weeks]
        for n in range(1, len(weeks)):
            if offsets[n] != offsets[n - 1]:
                days = (weeks[n - 1] + d * DAY for d in range(7))
                yield from (
                    (zone, at.date())
                    for at in days
                    if at.astimezone(info).utcoffset() != (at + DAY).astimezone(info).utcoffset()
                )
