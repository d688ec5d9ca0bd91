"""The shape of an answer to an alert."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from athletes.models import Alert
from clinic.models import Member
from clinic.models.member import MemberQuerySet


class AssignForm(forms.Form):
    """Who takes an alert over: a clinician of the clinic."""

    to: "forms.ModelChoiceField[Member]" = forms.ModelChoiceField(
        queryset=None, label=_("Give it to"), empty_label=_("Choose a clinician")
    )

    def __init__(self, *args: Any, clinicians: MemberQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = clinicians  # type: ignore[attr-defined]


class SeenForm(forms.Form):
    """What an answer is an answer to: the newest finding on its page."""

    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ResolveForm(SeenForm):
    """What came of an alert. Nothing is chosen before a touch."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Alert.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    note = forms.CharField(
        label=_("Note for the record"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
