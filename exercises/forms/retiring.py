"""What is asked before something leaves the list."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from exercises.rules.content import NOTE


class RetireForm(forms.Form):
    """Why, for the history."""

    note = forms.CharField(
        label=lazy("Why"),
        required=False,
        max_length=NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy("For your colleagues; it stands in the history."),
    )


class RestoreForm(forms.Form):
    """Which state the page showed as the newest."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
