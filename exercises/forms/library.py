"""The shape of what the library is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.models.labels import CAUTIONS, KINDS, choices


class LibraryForm(forms.Form):
    """A search in the address: what cannot be read counts as not asked."""

    q = forms.CharField(required=False, max_length=80, label=_("Search"))
    kind = forms.ChoiceField(required=False, choices=choices(KINDS))
    without = forms.ChoiceField(required=False, choices=choices(CAUTIONS))

    def asked(self) -> dict[str, Any]:
        """Return the readable parts as the query's own arguments."""
        self.is_valid()
        said = self.cleaned_data
        return {"search": said.get("q", ""), "kind": said.get("kind", ""), "without": said.get("without", "")}
