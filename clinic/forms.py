"""Shapes of input at the clinic's doors. Meaning is the actions'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models.member import ROLE_LABELS
from clinic.roles import Role


class PasswordForm(forms.Form):
    """A password for a new account."""

    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=256,
        help_text=_("At least 12 characters. A sentence is easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class StaffForm(forms.Form):
    """Someone who is to work here."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(
        label=_("Works as"),
        choices=[(role.value, ROLE_LABELS[role]) for role in (Role.THERAPIST, Role.ASSISTANT, Role.OWNER)],
    )
