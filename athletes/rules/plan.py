"""A program's content as plain data: what a draft holds, what an edition fixes, what two editions are compared by."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from exercises.rules.dose import Dose
from exercises.rules.schedule import DAYS_A_WEEK, Schedule

MANY_EXERCISES = 4  # "builder warns at > 4": CLINICAL.md section 3, fewer exercises [S:bachmann]
SECONDS_A_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """One exercise in a block. `exercise` is its id; the same one may stand in several blocks, or twice in one."""

    exercise: UUID
    dose: Dose
    note: str = ""
    in_bad_day_set: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBlock:
    """Lines that share one schedule. `lineage` is the block's identity through all editions of its program."""

    lineage: UUID
    title: str
    schedule: Schedule
    lines: tuple[PlannedLine, ...] = ()

    def minutes(self) -> int:
        """Estimate one session, in whole minutes, never less than one when there is something to do."""
        return whole_minutes(sum(line.dose.seconds() for line in self.lines))

    def falls_on(self, weekday: int) -> bool:
        """Tell whether a session can be due on a weekday (Monday is 0); so-many-a-week blocks can be on any."""
        if not self.schedule.counted:
            return False
        return not self.schedule.weekdays or weekday in self.schedule.weekdays


@dataclass(frozen=True, slots=True)
class Plan:
    """All blocks of an edition, in order."""

    blocks: tuple[PlannedBlock, ...] = ()

    def lines(self) -> Iterator[PlannedLine]:
        """Every line of every block."""
        for block in self.blocks:
            yield from block.lines

    def load(self) -> "Load":
        """Return what the plan asks of a runner."""
        days = [[block for block in self.blocks if block.falls_on(day)] for day in range(DAYS_A_WEEK)]
        fullest = max(days, key=lambda blocks: (_seconds(blocks), sum(len(block.lines) for block in blocks)))
        return Load(
            minutes=whole_minutes(_seconds(fullest)),
            exercises=max(sum(len(block.lines) for block in blocks) for blocks in days),
            sessions_per_week=sum(block.schedule.sessions_per_week() for block in self.blocks if block.lines),
        )


@dataclass(frozen=True, slots=True)
class Load:
    """What a plan asks: minutes and exercises on its fullest day, due sessions in a whole week.

    Blocks that wait for a run or a stiff back are in none of them: nobody knows how often that will be.
    """

    minutes: int
    exercises: int
    sessions_per_week: int

    @property
    def is_much(self) -> bool:
        """Whether so many exercises tend to lower how often a program is done."""
        return self.exercises > MANY_EXERCISES


def whole_minutes(seconds: int) -> int:
    """Round an estimate to minutes, and anything above zero to at least one."""
    return max(1, round(seconds / SECONDS_A_MINUTE)) if seconds else 0


def _seconds(blocks: list[PlannedBlock]) -> int:
    return sum(line.dose.seconds() * block.schedule.times_per_day for block in blocks for line in block.lines)
