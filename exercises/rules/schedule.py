"""When a block is done: on days, so often a week, or when something happens."""

from dataclasses import dataclass

from exercises.errors import ScheduleError
from exercises.kinds import Pattern, Trigger

DAYS_A_WEEK = 7
TIMES_A_DAY = (1, 6)  # our own bound: more than six reminders of one block in a day help nobody


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One block's schedule. Weekdays count from Monday, which is 0.

    Only a scheduled block has a pattern; `per_week` counts sessions on any days of a week, at most one a day.
    """

    trigger: Trigger = Trigger.SCHEDULED
    pattern: Pattern | None = None
    weekdays: tuple[int, ...] = ()
    per_week: int | None = None
    times_per_day: int = 1

    @property
    def counted(self) -> bool:
        """Whether it makes due windows: what waits for a run or a stiff back can not be missed."""
        return self.trigger == Trigger.SCHEDULED

    def sessions_per_week(self) -> int:
        """Return how many sessions a full week makes due."""
        if not self.counted:
            return 0
        match self.pattern:
            case Pattern.WEEKDAYS:
                return len(self.weekdays) * self.times_per_day
            case Pattern.PER_WEEK:
                return self.per_week or 0
            case Pattern.DAILY:
                return DAYS_A_WEEK * self.times_per_day
        return 0

    def validate(self) -> None:
        """Raise ScheduleError at the first part that is out of range, missing or contradicts another."""
        if self.trigger not in tuple(Trigger):
            raise ScheduleError("trigger", "unknown_trigger")
        if self.counted != (self.pattern in tuple(Pattern)):
            raise ScheduleError("pattern", "pattern_missing" if self.counted else "pattern_without_schedule")
        self._check_weekdays()
        self._check_per_week()
        if not TIMES_A_DAY[0] <= self.times_per_day <= TIMES_A_DAY[1]:
            raise ScheduleError("times_per_day", "out_of_range")
        if self.times_per_day > 1 and self.pattern not in (Pattern.WEEKDAYS, Pattern.DAILY):
            raise ScheduleError("times_per_day", "only_on_named_days")

    def _check_weekdays(self) -> None:
        if (self.pattern == Pattern.WEEKDAYS) != bool(self.weekdays):
            raise ScheduleError("weekdays", "days_do_not_fit")
        if list(self.weekdays) != sorted(set(self.weekdays)) or not set(self.weekdays) <= set(range(DAYS_A_WEEK)):
            raise ScheduleError("weekdays", "out_of_range")

    def _check_per_week(self) -> None:
        if (self.pattern == Pattern.PER_WEEK) != (self.per_week is not None):
            raise ScheduleError("per_week", "times_do_not_fit")
        if self.per_week is not None and not 1 <= self.per_week <= DAYS_A_WEEK:
            raise ScheduleError("per_week", "out_of_range")
