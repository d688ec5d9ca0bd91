"""Fields that the editors of the library share."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from exercises.models.labels import choices


class LinesField(forms.CharField):
    """A list of sentences, one a line. Empty lines do not count."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        box = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=box, help_text=lazy("One a line."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it would be typed."""
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines."""
        return tuple(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())


class ParagraphsField(forms.CharField):
    """A longer text. Browsers end its lines with two signs; one is kept, so that what was not touched stays the same."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """Read the text."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Chosen(forms.SelectMultiple):
    """Several selects of one name; those left empty say nothing."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return what was chosen, in the order of the page."""
        del files
        return [value for value in data.getlist(name) if value]


class ChipsField(forms.MultipleChoiceField):
    """Codes to tick."""

    def __init__(self, label: Any, labels: Mapping[Any, Any], **kwargs: Any) -> None:
        super().__init__(
            label=label, required=False, choices=choices(labels), widget=forms.CheckboxSelectMultiple, **kwargs
        )
