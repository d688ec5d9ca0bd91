"""The one form of a session: built from the block's lines, posted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from athletes.forms.fields import PainField
from athletes.models import Entry, Prescription, SessionLog
from athletes.rules.sessions import TWO_SIDED, Session, Told

Done = Entry.Done
DONE = [(Done.DONE.value, _("Done")), (Done.PARTLY.value, _("Partly")), (Done.SKIPPED.value, _("Skipped"))]
SIDES = [("", _("Which side?")), *Entry.SideDone.choices]
REASONS = [("", _("Why?")), *Entry.Barrier.choices]
ALL = {"all": Done.DONE.value, "none": Done.SKIPPED.value}  # the two doors: "did it all already", "not today"

# The questions are the same on every form. Declared on the form, Django would copy them deeply for each; they keep no state.
QUESTIONS: dict[str, forms.Field] = {
    "client_id": forms.UUIDField(widget=forms.HiddenInput),
    "performed_on": forms.DateField(error_messages=dict.fromkeys(("required", "invalid"), _("Choose the day."))),
    "why_all": forms.ChoiceField(choices=REASONS, required=False),
    "pain_during": PainField(),
    "pain_after": PainField(),
    "stopped_for_pain": forms.BooleanField(required=False),
    "effort": forms.TypedChoiceField(
        choices=[("", ""), *SessionLog.Effort.choices], coerce=int, empty_value=None, required=False
    ),
    "note": forms.CharField(required=False, max_length=2000, widget=forms.Textarea),
}
# One field of each kind serves all exercises, too.
DONE_FIELD = forms.ChoiceField(choices=DONE, error_messages={"required": _("Say whether you did it.")})
WHY_FIELD = forms.ChoiceField(choices=REASONS, required=False)
SIDE_FIELD = forms.ChoiceField(choices=SIDES, required=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise on the form. `side` is asked only where one side can be left out."""

    line: Prescription
    done: BoundField
    why: BoundField
    side: BoundField | None


class SessionForm(forms.Form):
    """What was done and how it hurt. Nothing is claimed that was not touched: each exercise must be answered."""

    def __init__(self, data: Any = None, *, lines: Sequence[Prescription], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.lines = lines
        self.fields |= QUESTIONS
        for n, line in enumerate(lines):
            self.fields[f"done_{n}"] = DONE_FIELD
            self.fields[f"why_{n}"] = WHY_FIELD
            if line.side in TWO_SIDED:
                self.fields[f"side_{n}"] = SIDE_FIELD

    @property
    def rows(self) -> list[Row]:
        """The exercises in order, each with its questions."""
        return [
            Row(line, self[f"done_{n}"], self[f"why_{n}"], self[f"side_{n}"] if line.side in TWO_SIDED else None)
            for n, line in enumerate(self.lines)
        ]

    def clean(self) -> dict[str, Any]:
        one_reason = "why_all" in self.data  # asked once, for all
        for n, line in enumerate(self.lines):
            done = self.cleaned_data.get(f"done_{n}")
            field = "why_all" if one_reason else f"why_{n}"
            if done == Done.SKIPPED and not self._why(n) and field not in self.errors:
                self.add_error(field, _("Choose a reason: it helps to change the program."))
            if done == Done.PARTLY and line.side in TWO_SIDED and not self.cleaned_data.get(f"side_{n}"):
                self.add_error(f"side_{n}", _("Choose the side."))
        return self.cleaned_data

    def session(self, *, corrects: UUID | None = None) -> Session:
        """Return what the valid form says."""
        said = self.cleaned_data
        return Session(
            client_id=said["client_id"],
            performed_on=said["performed_on"],
            told=tuple(self._told(n, line) for n, line in enumerate(self.lines)),
            pain_during=said["pain_during"],
            pain_after=said["pain_after"],
            stopped_for_pain=said["stopped_for_pain"],
            effort=said["effort"],
            note=said["note"],
            corrects=corrects,
        )

    def _told(self, n: int, line: Prescription) -> Told:
        done = self.cleaned_data[f"done_{n}"]
        return Told(
            prescription=line.pk,
            done=done,
            side_done=self.cleaned_data.get(f"side_{n}", "") if done == Done.PARTLY else "",
            skipped_reason=self._why(n) if done == Done.SKIPPED else "",
        )

    def _why(self, n: int) -> str:
        return str(self.cleaned_data.get(f"why_{n}") or self.cleaned_data.get("why_all") or "")


def blank(lines: Sequence[Prescription], *, on: date, door: str = "") -> SessionForm:
    """Return an untouched form for a day; through a door (ALL) every exercise is answered alike."""
    initial: dict[str, Any] = {"client_id": uuid4(), "performed_on": on.isoformat()}
    if door in ALL:
        initial |= {f"done_{n}": ALL[door] for n in range(len(lines))}
    return SessionForm(lines=lines, initial=initial)


def filled(lines: Sequence[Prescription], log: SessionLog, entries: Mapping[UUID, Entry]) -> SessionForm:
    """Return a form that says what a log says, to be corrected."""
    initial: dict[str, Any] = {
        "client_id": uuid4(),
        "performed_on": log.performed_on.isoformat(),
        "pain_during": log.pain_during,
        "pain_after": log.pain_after,
        "stopped_for_pain": log.stopped_for_pain,
        "effort": log.effort,
        "note": log.note,
    }
    for n, line in enumerate(lines):
        if entry := entries.get(line.pk):
            initial |= {f"done_{n}": entry.done, f"why_{n}": entry.skipped_reason, f"side_{n}": entry.side_done}
    return SessionForm(lines=lines, initial=initial)
