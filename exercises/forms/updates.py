"""What the owner answers to a newer catalogue."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

ANSWERS = ("all", "take", "leave")


class AnswerForm(forms.Form):
    """What to do, and with which of the updates that were shown. Each is named by its token (queries/updates.py)."""

    do = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS])

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.said = data or QueryDict()

    def clean(self) -> dict[str, Any]:
        """Add `tokens`: the ticked ones, or all that were shown open."""
        said = super().clean() or {}
        said["tokens"] = self.said.getlist("open" if said.get("do") == "all" else "update")
        if not said["tokens"]:
            raise forms.ValidationError(_("Tick at least one."))
        return said

    @property
    def ticked(self) -> set[str]:
        """The keys that were ticked: they stay ticked when the page comes back."""
        return {token.rsplit(":", 2)[0] for token in self.said.getlist("update")}
