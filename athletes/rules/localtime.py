"""Local days as instants. The only place that turns an athlete's or a clinic's wall clock into UTC and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def local_date(instant: datetime, zone: str) -> date:
    """Return the day that the wall calendar shows at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def local_instant(day: date, at: time, zone: str) -> datetime:
    """Return the one UTC instant that stands for a wall-clock time on a day.

    A time that occurs twice (clocks go back) is its first occurrence; one that does not occur (clocks go forward) is
    later by as much as the clocks jumped. On a day that does not exist it is a time of the next one that does.
    """
    # fold=0 means both (PEP 495); a time taken from a datetime may carry the other.
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def local_midnight(day: date, zone: str) -> datetime:
    """Return the UTC instant at which a local day begins; where midnight is skipped, the first instant after it."""
    return local_instant(day, time.min, zone)


def occurs(day: date, zone: str) -> bool:
    """Tell whether a day exists in a zone: Apia went from 29 to 31 December 2011."""
    return local_date(local_midnight(day, zone), zone) == day


def next_day(day: date, zone: str) -> date:
    """Return the next day that exists."""
    after = day + DAY
    return after if occurs(after, zone) else next_day(after, zone)
