"""What a plan asks of a runner."""

from uuid import uuid4

import pytest

from athletes.rules.plan import Plan, PlannedBlock, PlannedLine
from exercises.kinds import Measure, Pattern, Side, Trigger
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

DAILY = Schedule(pattern=Pattern.DAILY)
THREE = Schedule(pattern=Pattern.PER_WEEK, per_week=3)
MONDAYS = Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0,))
BEFORE_RUN = Schedule(trigger=Trigger.BEFORE_RUN)
MINUTE = Dose(measure=Measure.TIME, time_s=60, side=Side.NONE)


def block(schedule: Schedule, lines: int = 1) -> PlannedBlock:
    filled = tuple(PlannedLine(exercise=uuid4(), dose=MINUTE) for _ in range(lines))
    return PlannedBlock(lineage=uuid4(), title="Block", schedule=schedule, lines=filled)


def test_load_adds_blocks_that_can_fall_on_one_day() -> None:
    load = Plan((block(DAILY, 2), block(THREE, 4))).load()
    assert (load.minutes, load.exercises, load.sessions_per_week) == (6, 6, 10)


def test_load_leaves_out_what_waits_for_a_run() -> None:
    load = Plan((block(DAILY, 1), block(BEFORE_RUN, 9))).load()
    assert (load.minutes, load.exercises, load.sessions_per_week) == (1, 1, 7)


def test_load_takes_the_fullest_weekday() -> None:
    tuesdays = Schedule(pattern=Pattern.WEEKDAYS, weekdays=(1,))
    assert Plan((block(MONDAYS, 3), block(tuesdays, 2))).load().exercises == 3


def test_load_counts_each_time_of_a_day_in_minutes() -> None:
    thrice = Schedule(pattern=Pattern.DAILY, times_per_day=3)
    load = Plan((block(thrice, 2),)).load()
    assert (load.minutes, load.exercises, load.sessions_per_week) == (6, 2, 21)


@pytest.mark.parametrize(("lines", "much"), [(4, False), (5, True)])
def test_load_is_much_above_four_exercises(lines: int, much: bool) -> None:
    assert Plan((block(DAILY, lines),)).load().is_much is much


def test_load_of_nothing_is_zero() -> None:
    load = Plan().load()
    assert (load.minutes, load.exercises, load.sessions_per_week, load.is_much) == (0, 0, 0, False)


def test_minutes_of_a_few_seconds_are_one() -> None:
    short = PlannedLine(exercise=uuid4(), dose=Dose(measure=Measure.HOLD, hold_s=5))
    assert PlannedBlock(lineage=uuid4(), title="", schedule=DAILY, lines=(short,)).minutes() == 1
