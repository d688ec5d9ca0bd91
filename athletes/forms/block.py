"""One block of a draft: its title and its schedule."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as lazy

from athletes.forms.line import LineForm
from athletes.rules.plan import PlannedBlock, whole_minutes
from clinic.problems import words
from exercises.errors import ScheduleError
from exercises.kinds import Pattern, Trigger
from exercises.rules.schedule import Schedule

# One question where the schedule has two fields: a trigger, and a pattern only for what is scheduled.
WHEN = [
    (Pattern.DAILY.value, lazy("Every day")),
    (Pattern.WEEKDAYS.value, lazy("On certain weekdays")),
    (Pattern.PER_WEEK.value, lazy("So many times a week, on any days")),
    (Trigger.BEFORE_RUN.value, lazy("Before each run")),
    (Trigger.AFTER_RUN.value, lazy("After each run")),
    (Trigger.IF_STIFF.value, lazy("If stiff")),
]
SMALL = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "2"}
INVALID = {"invalid": lazy("Enter a whole number.")}


class BlockForm(forms.Form):
    """A block's title and when it is done. What does not belong to the chosen "when" is not read."""

    lineage = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=lazy("Title"), max_length=80, error_messages={"required": lazy("Give the block a title.")}
    )
    when = forms.ChoiceField(label=lazy("When"), choices=WHEN)
    weekdays = forms.MultipleChoiceField(
        label=lazy("Weekdays"),
        required=False,
        choices=[(str(day), name) for day, name in WEEKDAYS_ABBR.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    per_week = forms.IntegerField(
        label=lazy("Times a week"), required=False, widget=forms.TextInput(attrs=SMALL), error_messages=INVALID
    )
    times_per_day = forms.IntegerField(
        label=lazy("Times a day"), required=False, widget=forms.TextInput(attrs=SMALL), error_messages=INVALID
    )

    def __init__(self, data: Any, *, number: int, lines: list[LineForm], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.number = number
        self.lines = lines
        self.was: PlannedBlock | None = None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "when" in said and not {"weekdays", "per_week", "times_per_day"} & self.errors.keys():
            try:
                _schedule(said).validate()
            except ScheduleError as error:
                self.add_error(error.field if error.field in self.fields else "when", words(error))
        return said

    def schedule(self) -> Schedule:
        """Return the schedule, once it has no error."""
        return _schedule(self.cleaned_data)

    def planned(self) -> PlannedBlock:
        """Return the block, once valid, with those of its lines that are."""
        said = self.cleaned_data
        lines = tuple(line.planned() for line in self.lines if line.is_valid())
        return PlannedBlock(lineage=said["lineage"], title=said["title"], schedule=_schedule(said), lines=lines)

    def minutes(self) -> int:
        """Estimate one session from the lines that are valid, in minutes."""
        return whole_minutes(sum(line.planned().dose.seconds() for line in self.lines if line.is_valid()))

    def lineage_id(self) -> UUID | None:
        """Return the block's lineage, if it is readable."""
        return self.cleaned_data.get("lineage") if self.is_bound and not self.errors.get("lineage") else None

    def day_names(self) -> list[tuple[Any, str]]:
        """Return each weekday's tick box with its whole name, for those who hear it."""
        return list(zip(self["weekdays"], (str(name) for name in WEEKDAYS.values()), strict=True))

    def schedule_errors(self) -> list[str]:
        """Return what is wrong with the schedule."""
        names = ("when", "weekdays", "per_week", "times_per_day")
        return [str(text) for name in names for text in self.errors.get(name, [])]


def block_data(block: PlannedBlock) -> dict[str, list[str]]:
    """Return a block's own fields as a browser would send them."""
    schedule = block.schedule
    when = schedule.pattern if schedule.counted and schedule.pattern else schedule.trigger
    return {
        "lineage": [str(block.lineage)],
        "title": [block.title],
        "when": [when.value],
        "weekdays": [str(day) for day in schedule.weekdays],
        "per_week": [str(schedule.per_week or "")],
        "times_per_day": [str(schedule.times_per_day)],
    }


def _schedule(said: dict[str, Any]) -> Schedule:
    match said["when"]:
        case Pattern.DAILY:
            return Schedule(pattern=Pattern.DAILY, times_per_day=_times(said))
        case Pattern.WEEKDAYS:
            days = tuple(sorted(int(day) for day in said["weekdays"]))
            return Schedule(pattern=Pattern.WEEKDAYS, weekdays=days, times_per_day=_times(said))
        case Pattern.PER_WEEK:
            return Schedule(pattern=Pattern.PER_WEEK, per_week=said["per_week"])
    return Schedule(trigger=Trigger(said["when"]))


def _times(said: dict[str, Any]) -> int:
    return 1 if said["times_per_day"] is None else int(said["times_per_day"])
