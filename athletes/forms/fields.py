"""Fields of the runner's forms: what is not touched says nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from athletes.rules.bands import HIGHEST, LOWEST

UNSURE = "unsure"
SCORES = [(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]


class PainField(forms.TypedChoiceField):
    """Pain 0-10 (NPRS, CLINICAL.md section 1), "not sure", or nothing: the last two are None, never zero."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"required": False, "coerce": _score, "empty_value": None, **kwargs}
        super().__init__(choices=[("", ""), *SCORES, (UNSURE, _("Not sure"))], **kwargs)


def _score(value: str) -> int | None:
    return None if value == UNSURE else int(value)
