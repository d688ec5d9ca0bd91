"""The shape of what the pages to read are asked."""

from django import forms

from exercises.models.labels import choices
from exercises.models.labels_education import FACTORS


class ShelfForm(forms.Form):
    """A filter in the address: what cannot be read counts as not asked."""

    factor = forms.ChoiceField(required=False, choices=choices(FACTORS))

    def asked(self) -> str:
        """Return the factor that is asked for, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get("factor", ""))
