"""One block of a program or a protocol: its title, its schedule, and the lines in it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as lazy

from clinic.problems import words
from exercises.errors import ScheduleError
from exercises.forms.dose import DoseForm, text_field
from exercises.kinds import Laterality, Pattern, Trigger
from exercises.models import Exercise
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


class LineForm(DoseForm):
    """One exercise in a block, with its dose."""

    exercise_id = forms.UUIDField(widget=forms.HiddenInput)
    note = text_field(lazy("Note for the runner"), length=300)
    in_bad_day_set = forms.BooleanField(label=lazy("In the five-minute version for bad days"), required=False)

    def __init__(self, data: Any, *, movement: Exercise, place: str, **kwargs: Any) -> None:
        super().__init__(data, laterality=Laterality(movement.laterality), **kwargs)
        self.movement = movement
        self.place = place  # as the buttons name it

    @property
    def exercise(self) -> UUID:
        """The exercise's id, by which lines of two editions are paired."""
        return self.movement.pk


class BlockForm(forms.Form):
    """A block's title and when it is done. What does not belong to the chosen "when" is not read."""

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

    def day_names(self) -> list[tuple[Any, str]]:
        """Return each weekday's tick box with its whole name, for those who hear it."""
        return list(zip(self["weekdays"], (str(name) for name in WEEKDAYS.values()), strict=True))

    def schedule_errors(self) -> list[str]:
        """Return what is wrong with the schedule."""
        names = ("when", "weekdays", "per_week", "times_per_day")
        return [str(text) for name in names for text in self.errors.get(name, [])]


def block_data(title: str, schedule: Schedule) -> dict[str, list[str]]:
    """Return a block's own fields as a browser would send them."""
    when = schedule.pattern if schedule.counted and schedule.pattern else schedule.trigger
    return {
        "title": [title],
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
