"""From a block's schedule to the windows in which a session is expected.

A window belongs to the day it begins on, and that day depends on the calendar alone, never on when it was asked. So the
windows of [a, c) are those of [a, b) and [b, c) together, for any b: the ledger can be extended as often as one likes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from athletes.rules.localtime import DAY, local_date, local_midnight, occurs
from exercises.kinds import Pattern
from exercises.rules.schedule import Schedule

__all__ = ["Window", "local_date", "local_midnight", "split_week", "truncate", "windows"]

WEEK = timedelta(days=7)
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Window:
    """Local days `from_on` to `until_on`, both included: the UTC instants `opens_at` to `closes_at`, the last excluded.

    `slot` counts from 1 the sessions that are expected in the same days.
    """

    from_on: date
    until_on: date
    slot: int
    opens_at: datetime
    closes_at: datetime


def windows(schedule: Schedule, *, starts_on: date, ends_on: date, zone: str) -> list[Window]:
    """Return the windows that begin in [starts_on, ends_on), in order of day and slot.

    Daily and weekday blocks have one window a day and time of day; so-many-a-week blocks share out the athlete's week
    (`split_week`), and one that starts within such a share begins with the next. A block tied to runs or to stiffness
    has none: nobody can say ahead of time when it is due.
    """
    if not schedule.counted:
        return []
    slots = 1 if schedule.pattern == Pattern.PER_WEEK else schedule.times_per_day
    found = []
    for span in _spans(schedule, starts_on, ends_on):
        real = _existing(*span, zone=zone)
        if real and starts_on <= real[0] < ends_on:
            found += [_window(*real, slot=slot, zone=zone) for slot in range(1, slots + 1)]
    return found


def split_week(n: int) -> tuple[tuple[int, int], ...]:
    """Share out Monday (0) to Sunday (6) among n sessions, as (first, last) weekdays without gap or overlap.

    Share k ends before day `7 * k // n`: lengths differ by at most one day, the longer ones as late as they can be, so
    that three sessions get Mon-Tue, Wed-Thu and Fri-Sun. Raises ValueError unless 1 <= n <= 7.
    """
    if not 1 <= n <= DAYS_A_WEEK:
        raise ValueError(n)
    bounds = [DAYS_A_WEEK * k // n for k in range(n + 1)]
    return tuple((bounds[k], bounds[k + 1] - 1) for k in range(n))


def truncate(window: Window, *, before: date, zone: str) -> Window:
    """Cut a window to end the day before a day, where a new edition takes over.

    A window that ends earlier stays as it is. Raises ValueError when it begins on the day or later: the new edition
    makes that one.
    """
    if window.from_on >= before:
        raise ValueError(before)
    if window.until_on < before:
        return window
    until_on = before - DAY
    while not occurs(until_on, zone):
        until_on -= DAY
    return replace(window, until_on=until_on, closes_at=local_midnight(before, zone))


def _spans(schedule: Schedule, starts_on: date, ends_on: date) -> Iterator[tuple[date, date]]:
    if schedule.pattern == Pattern.PER_WEEK:
        return _shares(schedule.per_week or 0, starts_on, ends_on)
    weekdays = range(DAYS_A_WEEK) if schedule.pattern == Pattern.DAILY else schedule.weekdays
    return _days(frozenset(weekdays), starts_on, ends_on)


def _days(weekdays: frozenset[int], starts_on: date, ends_on: date) -> Iterator[tuple[date, date]]:
    for n in range((ends_on - starts_on).days):
        day = starts_on + n * DAY
        if day.weekday() in weekdays:
            yield day, day


def _shares(n: int, starts_on: date, ends_on: date) -> Iterator[tuple[date, date]]:
    monday = starts_on - starts_on.weekday() * DAY
    while monday < ends_on:
        for first, last in split_week(n):
            yield monday + first * DAY, monday + last * DAY
        monday += WEEK


def _existing(from_on: date, until_on: date, *, zone: str) -> tuple[date, date] | None:
    """Take off the ends the days that do not exist in the zone, so that no window has zero length."""
    days = [day for n in range((until_on - from_on).days + 1) if occurs(day := from_on + n * DAY, zone)]
    return (days[0], days[-1]) if days else None


def _window(from_on: date, until_on: date, *, slot: int, zone: str) -> Window:
    opens_at, closes_at = local_midnight(from_on, zone), local_midnight(until_on + DAY, zone)
    return Window(from_on, until_on, slot, opens_at, closes_at)
