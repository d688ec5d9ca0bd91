"""The forms of pain told outside a session."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from athletes.actions.pain import Answer
from athletes.forms.fields import PainField
from athletes.models import PainReport

Context = PainReport.Context
EARLIEST = date(2000, 1, 1)  # a week before the calendar's first day is no date at all


class MorningForm(forms.Form):
    """How the back is this morning: a score or "not sure", and one must be touched."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    about_on = forms.DateField(widget=forms.HiddenInput, validators=[MinValueValidator(EARLIEST)])
    score = PainField(required=True, error_messages={"required": _("Choose a number, or “Not sure”.")})

    def answer(self) -> Answer:
        """Return what the valid form says."""
        said = self.cleaned_data
        return Answer(said["client_id"], Context.NEXT_MORNING, said["score"], said["about_on"])


class WrongForm(forms.Form):
    """Something feels wrong: everything but the button may stay empty, and a lost hidden field does not stop it."""

    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    about_on = forms.DateField(required=False, widget=forms.HiddenInput, validators=[MinValueValidator(EARLIEST)])
    score = PainField()
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        for name in {"client_id", "about_on"} & self.errors.keys():  # nobody sees them, so nobody could mend them
            del self.errors[name]
            self.cleaned_data[name] = None
        return self.cleaned_data

    def answer(self, *, on: date) -> Answer:
        """Return what the valid form says, about a day unless it names its own."""
        said = self.cleaned_data
        about_on = min(said["about_on"] or on, on)
        return Answer(said["client_id"] or uuid4(), Context.REST_NOW, said["score"], about_on, note=said["note"])


def fresh(on: date) -> dict[str, Any]:
    """Return what an untouched form carries."""
    return {"client_id": uuid4(), "about_on": on.isoformat()}
