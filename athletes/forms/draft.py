"""The forms around a draft: what the desk remembers, and what publishing asks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from athletes.actions.drafts import Seen
from athletes.forms.care import DayInput
from athletes.models import Program
from exercises.models import Protocol
from exercises.models.labels import KINDS, choices


class DeskForm(forms.Form):
    """What travels with the page: the revision it was made from, the search in the library, where "add" puts things."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    q = forms.CharField(required=False, max_length=80)
    kind = forms.ChoiceField(required=False, choices=choices(KINDS))
    into = forms.IntegerField(required=False, min_value=0, max_value=99)

    def seen(self) -> Seen:
        """Return which draft the page showed; one that cannot be read was never current, so it conflicts."""
        self.is_valid()
        return Seen(self.cleaned_data.get("number") or 0, self.cleaned_data.get("revision") or 0)

    def asked(self) -> dict[str, Any]:
        """Return the search; what cannot be read counts as not asked."""
        self.is_valid()
        return {"search": self.cleaned_data.get("q", ""), "kind": self.cleaned_data.get("kind", "")}

    def target(self, blocks: int) -> int:
        """Return the block that "add" puts exercises in: the chosen one, else the last."""
        self.is_valid()
        into = self.cleaned_data.get("into")
        return into if into is not None and into < blocks else max(blocks - 1, 0)


class PublishForm(forms.Form):
    """From which day, and why. The runner reads the reason; the first edition can do without."""

    reason = forms.CharField(
        label=lazy("Reason, the runner reads this"),
        max_length=300,
        error_messages={"required": lazy("Say why, in a few words.")},
    )
    effective_on = forms.DateField(
        label=lazy("From"), widget=DayInput(), error_messages={"required": lazy("Choose a day.")}
    )

    def __init__(self, data: Any = None, *, first: bool, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].required = not first
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()
        self.fields["effective_on"].initial = today if first else date.fromordinal(today.toordinal() + 1)


class NewProgramForm(forms.Form):
    """A protocol, or a title for an empty program."""

    protocol: "forms.ModelChoiceField[Protocol]" = forms.ModelChoiceField(
        queryset=None,
        label=lazy("Start from"),
        required=False,
        empty_label=lazy("Nothing: I build it myself"),
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=lazy("Title"),
        max_length=120,
        required=False,
        help_text=lazy("What it is for, such as “Low back” or “Left calf”. Left empty, the protocol’s name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocol"].queryset = Protocol.objects.current()  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """What came of a program. Nothing is chosen before a touch."""

    outcome = forms.ChoiceField(
        label=lazy("What came of it?"),
        choices=Program.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose what came of it.")},
    )
