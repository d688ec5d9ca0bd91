"""The shape of what changes a runner's way through the clinic."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why. Kept in the record."""

    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        help_text=lazy("A few words for the record. The runner does not see them."),
        error_messages={"required": lazy("Say why, in a few words.")},
    )


class PauseForm(forms.Form):
    """Days away, both included."""

    from_on = forms.DateField(label=lazy("First day away"), widget=DayInput())
    until_on = forms.DateField(
        label=lazy("Last day away"),
        widget=DayInput(),
        required=False,
        help_text=lazy("Leave it empty when nobody knows yet: the pause then holds until you end it."),
    )
    reason = forms.CharField(
        label=lazy("Reason"), max_length=120, required=False, help_text=lazy("Such as holiday, illness or race week.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from_on"].initial = today

    def clean_from_on(self) -> date:
        """Refuse days that have passed: what was due then keeps its answer."""
        from_on: date = self.cleaned_data["from_on"]
        if from_on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return from_on
