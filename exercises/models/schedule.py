"""The columns of a schedule, for every block: of a template and of a program."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from exercises.kinds import Pattern, Trigger
from exercises.models.labels import PATTERNS, TRIGGERS, choices
from exercises.rules.schedule import DAYS_A_WEEK, TIMES_A_DAY, Schedule

SCHEDULE_FIELDS = ("trigger", "pattern", "weekdays", "per_week", "times_per_day")


class ScheduleFields(models.Model):
    """One schedule, one column a part. Read and set it whole: `row.schedule`.

    `weekdays` are digits from Monday = 0, so "024" is Monday, Wednesday and Friday. A concrete model adds
    SCHEDULE_CONSTRAINTS to its own constraints: Django does not merge those of two parents.
    """

    trigger = models.CharField(_("when"), max_length=12, choices=choices(TRIGGERS), default=Trigger.SCHEDULED.value)
    pattern = models.CharField(_("on which days"), max_length=12, choices=choices(PATTERNS), blank=True)
    weekdays = models.CharField(_("weekdays"), max_length=DAYS_A_WEEK, blank=True)
    per_week = models.PositiveSmallIntegerField(_("times a week"), null=True, blank=True)
    times_per_day = models.PositiveSmallIntegerField(_("times a day"), default=1)

    class Meta:
        abstract = True

    @property
    def schedule(self) -> Schedule:
        """The schedule as the rules know it."""
        return Schedule(
            trigger=Trigger(self.trigger),
            pattern=Pattern(self.pattern) if self.pattern else None,
            weekdays=tuple(int(day) for day in self.weekdays),
            per_week=self.per_week,
            times_per_day=self.times_per_day,
        )

    @schedule.setter
    def schedule(self, schedule: Schedule) -> None:
        schedule.validate()
        self.trigger = Trigger(schedule.trigger).value
        self.pattern = Pattern(schedule.pattern).value if schedule.pattern else ""
        self.weekdays = "".join(str(day) for day in schedule.weekdays)
        self.per_week = schedule.per_week
        self.times_per_day = schedule.times_per_day

    def copy_schedule(self, other: "ScheduleFields") -> None:
        """Take over another row's schedule as it is."""
        for name in SCHEDULE_FIELDS:
            setattr(self, name, getattr(other, name))


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"%(app_label)s_%(class)s_{name}")


SCHEDULE_CONSTRAINTS = (
    _check("trigger", Q(trigger__in=[trigger.value for trigger in Trigger])),
    _check(
        "pattern",
        (~Q(trigger="scheduled") & Q(pattern="", weekdays="", per_week=None, times_per_day=1))
        | (Q(trigger="scheduled", pattern="weekdays", per_week=None) & ~Q(weekdays=""))
        | Q(trigger="scheduled", pattern="per_week", weekdays="", per_week__isnull=False, times_per_day=1)
        | Q(trigger="scheduled", pattern="daily", weekdays="", per_week=None),
    ),
    _check("weekdays", Q(weekdays__regex=r"^0?1?2?3?4?5?6?$")),
    _check("per_week", Q(per_week=None) | Q(per_week__gte=1, per_week__lte=DAYS_A_WEEK)),
    _check("times_per_day", Q(times_per_day__gte=TIMES_A_DAY[0], times_per_day__lte=TIMES_A_DAY[1])),
)
