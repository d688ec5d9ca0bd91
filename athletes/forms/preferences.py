"""When, and whether, the portal reminds a runner."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic

HALF = 30  # minutes


class RemindersForm(forms.Form):
    """A time within the clinic's hours for writing, in half hours."""

    wanted = forms.TypedChoiceField(
        label=_("Reminders by e-mail"),
        choices=[("yes", _("Send them")), ("no", _("Do not send any"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remind_at = forms.TypedChoiceField(label=_("Not before"), coerce=time.fromisoformat)

    def __init__(self, data: Any = None, *, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        times = half_hours(clinic.quiet_until, clinic.quiet_from)
        chosen = self.initial.get("remind_at")
        if isinstance(chosen, time) and chosen not in times:
            times = sorted([*times, chosen])
        self.fields["remind_at"].choices = [(f"{at:%H:%M}", f"{at:%H:%M}") for at in times]  # type: ignore[attr-defined]
        if isinstance(chosen, time):
            self.initial["remind_at"] = f"{chosen:%H:%M}"


def half_hours(first: time, last: time) -> list[time]:
    """Return the half hours from a time up to before another."""
    begin, end = (at.hour * 60 + at.minute for at in (first, last))
    return [time(*divmod(minute, 60)) for minute in range(-(-begin // HALF) * HALF, end, HALF)]
