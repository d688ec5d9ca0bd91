"""By when a clinic should answer an alert: CLINICAL.md section 3, alert priority. Shown to staff, never to a runner."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from athletes.rules.localtime import local_date, local_instant, next_day

P0_ACKNOWLEDGE = timedelta(hours=1)  # of office hours
P0_WAITS = (timedelta(hours=1), timedelta(hours=3))  # backup, then manager; on the wall: no red flag waits for Monday
ACKNOWLEDGE_DAYS = {"P2": 1, "P3": 2, "P4": 5}  # business days
ESCALATE_DAYS = {"P2": 2, "P3": 5, "P4": 5}


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a clinic is staffed, on its own wall clock. Weekdays count from Monday = 0."""

    zone: str
    opens: time = time(9)
    closes: time = time(17)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError((self.opens, self.closes))
        if not self.weekdays or not set(self.weekdays) <= set(range(7)):
            raise ValueError(self.weekdays)


def due_by(level: str, opened_at: datetime, hours: OfficeHours) -> datetime:
    """Return by when an alert should be acknowledged, in UTC.

    P0 within one office hour, P1 before the office closes, P2, P3 and P4 at the same time one, two and five business
    days later. An alert opened outside office hours counts from when the office next opens. Raises KeyError for a
    level that is none.
    """
    begins = _next_staffed(opened_at, hours)
    if level == "P0":
        return _later(begins, P0_ACKNOWLEDGE, hours)
    if level == "P1":
        return _closing(begins, hours)
    return _days_later(begins, ACKNOWLEDGE_DAYS[level], hours)


def escalate_at(level: str, rang_at: datetime, hours: OfficeHours, *, step: int = 0) -> datetime:
    """Return when the next in the chain is told of an alert that nobody acknowledged, in UTC.

    `rang_at` is when it opened, or when the one before was told; `step` counts those already told after the owner. P0 one
    hour after it opened and three hours later again, at any hour; P1 on the business morning after `due_by`; P2, P3 and P4
    after two, five and five business days. Raises KeyError for a level that is none.
    """
    if level == "P0":
        return rang_at.astimezone(UTC) + P0_WAITS[min(step, len(P0_WAITS) - 1)]
    if level == "P1":
        return _opening_after(local_date(due_by(level, rang_at, hours), hours.zone), hours)
    return _days_later(_next_staffed(rang_at, hours), ESCALATE_DAYS[level], hours)


def _next_staffed(instant: datetime, hours: OfficeHours) -> datetime:
    """Return the instant itself in office hours, else the next opening."""
    today = local_date(instant, hours.zone)
    if _is_business_day(today, hours):
        if instant < (opening := local_instant(today, hours.opens, hours.zone)):
            return opening
        if instant < local_instant(today, hours.closes, hours.zone):
            return instant.astimezone(UTC)
    return _opening_after(today, hours)


def _later(begins: datetime, span: timedelta, hours: OfficeHours) -> datetime:
    """Add office time, which stands still while the office is closed."""
    left = _closing(begins, hours) - begins
    if span <= left:
        return begins + span
    return _later(_opening_after(local_date(begins, hours.zone), hours), span - left, hours)


def _days_later(begins: datetime, days: int, hours: OfficeHours) -> datetime:
    """Go some business days on, to the same time on the wall."""
    day = local_date(begins, hours.zone)
    for _ in range(days):
        day = _business_day_after(day, hours)
    return local_instant(day, begins.astimezone(ZoneInfo(hours.zone)).time(), hours.zone)


def _closing(begins: datetime, hours: OfficeHours) -> datetime:
    return local_instant(local_date(begins, hours.zone), hours.closes, hours.zone)


def _opening_after(day: date, hours: OfficeHours) -> datetime:
    return local_instant(_business_day_after(day, hours), hours.opens, hours.zone)


def _business_day_after(day: date, hours: OfficeHours) -> date:
    after = next_day(day, hours.zone)
    return after if _is_business_day(after, hours) else _business_day_after(after, hours)


def _is_business_day(day: date, hours: OfficeHours) -> bool:
    return day.weekday() in hours.weekdays
