"""What a plan will ask in its first days, before it is published."""

from dataclasses import dataclass
from datetime import date, timedelta

from athletes.rules.plan import Plan, PlannedBlock
from athletes.rules.windows import Window, windows

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Expected:
    """One session to come: its block and its window."""

    block: PlannedBlock
    window: Window


def first_fortnight(plan: Plan, *, starts_on: date, zone: str) -> list[tuple[date, list[Expected]]]:
    """Return the sessions of the first 14 days by the day on which they become due, in order. Days without are left out."""
    found = [
        Expected(block, window)
        for block in plan.blocks
        if block.lines
        for window in windows(block.schedule, starts_on=starts_on, ends_on=starts_on + FORTNIGHT, zone=zone)
    ]
    days = sorted({expected.window.from_on for expected in found})
    return [(day, [expected for expected in found if expected.window.from_on == day]) for day in days]
