"""The shape of a new runner: one screen on the first day."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as lazy

from athletes.actions.athletes import NewRunner
from athletes.forms.care import DayInput
from athletes.models import Athlete
from athletes.rules.bands import HIGHEST, LOWEST
from clinic.models import Clinic, Member
from clinic.models.clinic import PHONE
from clinic.models.member import MemberQuerySet
from exercises.models import Protocol


class NewRunnerForm(forms.Form):
    """Who comes, what hurts, what they start with. What nobody knows yet stays unset."""

    name = forms.CharField(label=lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=lazy("E-mail"),
        help_text=lazy("The invitation goes here. It says nothing about health."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(label=lazy("Phone"), max_length=32, required=False, validators=[PHONE])
    complaint = forms.CharField(
        label=lazy("What it is about"), max_length=Athlete._meta.get_field("complaint").max_length, initial="Low back"
    )
    baseline_morning = forms.TypedChoiceField(
        label=lazy("Usual next-morning pain"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", lazy("Not known")), *((n, str(n)) for n in range(LOWEST, HIGHEST + 1))],
        help_text=lazy("0 to 10, before the program. A rise is measured against it; not known is fine."),
    )
    time_zone = forms.ChoiceField(
        label=lazy("Time zone"), choices=[], help_text=lazy("Where the runner lives: days and reminders follow it.")
    )
    protocol: "forms.ModelChoiceField[Protocol]" = forms.ModelChoiceField(
        queryset=None, label=lazy("Program to start with"), required=False, empty_label=lazy("None yet")
    )
    starts_on = forms.DateField(label=lazy("Starts on"), widget=DayInput())
    lead: "forms.ModelChoiceField[Member]" = forms.ModelChoiceField(
        queryset=None,
        label=lazy("Lead therapist"),
        empty_label=lazy("Choose a clinician"),
        help_text=lazy("Answers alerts and prescribes."),
    )

    def __init__(
        self, data: Any = None, *, member: Member, clinicians: MemberQuerySet, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        clinic: Clinic = member.clinic
        own = next((clinician.pk for clinician in clinicians if clinician.pk == member.pk), None)
        fields: dict[str, Any] = self.fields
        fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        fields["time_zone"].initial = clinic.time_zone
        fields["protocol"].queryset = Protocol.objects.current()
        fields["starts_on"].initial = today
        fields["starts_on"].widget.attrs["min"] = today.isoformat()
        fields["lead"].queryset = clinicians
        fields["lead"].initial = own

    def runner(self) -> NewRunner:
        """Return who comes, once valid."""
        said = self.cleaned_data
        return NewRunner(
            name=said["name"],
            email=said["email"],
            complaint=said["complaint"],
            phone=said["phone"],
            time_zone=said["time_zone"],
            baseline_morning=said["baseline_morning"],
        )
