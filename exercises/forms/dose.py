"""A dose, edited in place as one phrase: in a program, in a protocol, and as an exercise's default."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.problems import words
from exercises.errors import DoseError
from exercises.kinds import Laterality, LoadKind, Measure, Side
from exercises.models.labels import MEASURES, SIDES, choices
from exercises.rules import dose as rule
from exercises.rules.dose import Dose

# The words around each part, and the order in which a measure says its parts. A part in OPTIONAL stands in the phrase
# only when it says something; until then it waits under "More".
PHRASES: dict[Measure, tuple[str, ...]] = {
    Measure.REPS: ("sets", "reps", "reps_max", "reps_pattern", "side", "hold_s"),
    Measure.HOLD: ("sets", "reps", "reps_pattern", "hold_s", "side"),
    Measure.TIME: ("sets", "time_s", "side"),
    Measure.DISTANCE: ("sets", "distance_m", "side"),
    Measure.BREATHS: ("sets", "breaths", "side"),
}
AMOUNTS = ("reps", "reps_max", "reps_pattern", "hold_s", "time_s", "distance_m", "breaths")
ALWAYS_OPTIONAL = ("tempo", "load_kg", "band", "effort_rpe", "rest_s")
AROUND = {
    "sets": ("", "×"),
    "reps_max": (lazy("to"), ""),
    "hold_s": (lazy("hold"), lazy("s")),
    "time_s": ("", lazy("s")),
    "distance_m": ("", lazy("m")),
    "breaths": ("", lazy("breaths")),
    "tempo": (lazy("tempo"), ""),
    "load_kg": ("", lazy("kg")),
    "band": ("", lazy("band")),
    "effort_rpe": (lazy("effort"), lazy("of 10")),
    "rest_s": (lazy("rest"), lazy("s")),
}
BOUNDS = {
    "sets": rule.SETS,
    "reps_pattern": rule.REPS,
    "rest_s": rule.REST_S,
    "effort_rpe": rule.EFFORT_RPE,
    "load_kg": rule.LOAD_KG,
    **rule.RANGES,
}


class SetBySetField(forms.CharField):
    """One number for each set, with anything but digits between them: "6-4-2", "6, 4, 2"."""

    def to_python(self, value: Any) -> Any:
        """Read the numbers."""
        numbers = re.split(r"[\s,;/–-]+", (super().to_python(value) or "").strip())
        if not all(re.fullmatch(r"\d{0,3}", number, re.ASCII) for number in numbers):
            raise forms.ValidationError(_("Write one number for each set: 6-4-2."))
        return tuple(int(number) for number in numbers if number)


class Part(NamedTuple):
    """One input of the phrase with the words before and after it, and what stood there in the edition before."""

    before: str
    field: BoundField
    after: str
    was: str


def number_field(label: Any, *, required: bool = False) -> forms.IntegerField:
    """Return a small whole number that is typed, not stepped."""
    box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"})
    errors = {"invalid": lazy("Enter a whole number."), "required": lazy("Say how much.")}
    return forms.IntegerField(label=label, required=required, widget=box, error_messages=errors)


def text_field(label: Any, *, length: int, **attrs: str) -> forms.CharField:
    """Return one line of text that may stay empty."""
    box = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, required=False, max_length=length, widget=box)


class DoseForm(forms.Form):
    """A dose. Every part is in the page, in the phrase or under "More"; none is lost on an error.

    Without a `laterality` every side is offered, and whoever knows the movement checks it.
    """

    measure = forms.ChoiceField(label=lazy("Counted in"), choices=choices(MEASURES))
    sets = number_field(lazy("Sets"), required=True)
    reps = number_field(lazy("Repetitions"))
    reps_max = number_field(lazy("Repetitions, at most"))
    reps_pattern = SetBySetField(
        label=lazy("Repetitions, set by set"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "39", "placeholder": "6-4-2"}),
    )
    hold_s = number_field(lazy("Hold, seconds"))
    time_s = number_field(lazy("Time, seconds"))
    distance_m = number_field(lazy("Distance, metres"))
    breaths = number_field(lazy("Breaths"))
    side = forms.ChoiceField(label=lazy("Side"), required=False)
    rest_s = number_field(lazy("Rest, seconds"))
    tempo = text_field(lazy("Tempo"), length=8, placeholder="3-1-1-0")
    load_kg = forms.DecimalField(
        label=lazy("Load, kg"),
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "6"}),
    )
    band = text_field(lazy("Band, colour"), length=rule.BAND_LENGTH)
    effort_rpe = number_field(lazy("Effort, 0 to 10"))

    def __init__(self, data: Any, *, laterality: Laterality | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.laterality = laterality
        sides = rule.SIDES[laterality] if laterality else frozenset(Side)
        self.has_sides = Side.NONE not in sides or laterality is None
        offered = [(code, label) for code, label in choices(SIDES) if code in sides]
        self.fields["side"].choices = [("", lazy("which side?")), *offered] if self.has_sides else offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            dose = dose_of(said)
            try:
                dose.validate()
                if self.laterality:
                    dose.check_side(self.laterality)
            except DoseError as error:
                self.add_error(error.field if error.field in self.fields else None, self._words(error))
        return said

    def dose(self) -> Dose:
        """Return the dose, once valid."""
        return dose_of(self.cleaned_data)

    def phrase(self) -> list[Part]:
        """Return the parts of the phrase in the order in which it is read."""
        names = [name for name in self._names() if name in self._said()]
        return [self._part(name) for name in names]

    def more(self) -> list[BoundField]:
        """Return the parts that say nothing yet: they wait under "More"."""
        waiting = [name for name in self._names() if name not in self._said()]
        return [self["measure"], *(self[name] for name in waiting)]

    def unused(self) -> list[BoundField]:
        """Return what this measure or movement does not ask. It travels along, unseen: changing back loses nothing."""
        return [self[name] for name in (*AMOUNTS, "side") if name not in self._names()]

    def said_errors(self) -> list[str]:
        """Return what is wrong, each with the name of its part."""
        lines = [
            f"{self[name].label}: {text}" for name in self.errors if name in self.fields for text in self.errors[name]
        ]
        return [*lines, *self.non_field_errors()]

    def parts(self) -> list[BoundField]:
        """Return how much and on which side, each part with a label of its own: the page of an exercise asks so."""
        return [self[name] for name in ("sets", *AMOUNTS, "side")]

    def extras(self) -> list[BoundField]:
        """Return what comes on top."""
        return [self[name] for name in ALWAYS_OPTIONAL]

    def says_more(self) -> bool:
        """Tell whether any of that is said or wrong."""
        return any(self._speaks(name) or name in self.errors for name in ALWAYS_OPTIONAL)

    def counted(self) -> Measure:
        """Return what is counted, as far as it can be read."""
        value = self["measure"].value()
        return Measure(value) if value in tuple(Measure) else Measure.REPS

    def before(self, _name: str) -> str:
        """Return what stood here in the edition before, as it is typed."""
        return ""

    def _names(self) -> tuple[str, ...]:
        names = (*PHRASES[self.counted()], *ALWAYS_OPTIONAL)
        return names if self.has_sides or "side" in self.errors else tuple(name for name in names if name != "side")

    def _said(self) -> set[str]:
        """Parts that stand in the phrase: those that the measure needs, and those with a value, an error or a past."""
        amount = rule.AMOUNTS[self.counted()][0]
        if amount == "reps" and self._speaks("reps_pattern"):
            amount = "reps_pattern"
        needed = {"sets", amount} | ({"side"} if self.has_sides else set())
        return needed | {name for name in self._names() if self._speaks(name) or name in self.errors}

    def _speaks(self, name: str) -> bool:
        silent = {"", "0", Side.NONE.value} if name in {"rest_s", "side"} else {""}
        return str(self[name].value() or "") not in silent or self.before(name) not in {"", "0"}

    def _part(self, name: str) -> Part:
        before, after = AROUND.get(name, ("", ""))
        if self.counted() == Measure.HOLD and name in {"hold_s", "reps", "reps_pattern"}:
            before, after = ("", lazy("s")) if name == "hold_s" else ("", lazy("holds of"))
        was, now = self.before(name), str(self[name].value() or "")
        if was == now or {was, now} == {"", "0"}:
            was = ""
        elif name == "side" and was:
            was = str(SIDES[Side(was)])
        return Part(str(before), self[name], str(after), was)

    def _words(self, error: DoseError) -> str:
        if error.code != "out_of_range" or error.field not in BOUNDS:
            return words(error)
        low, high = BOUNDS[error.field]
        return _("%(low)s to %(high)s.") % {"low": low, "high": high}


def typed(value: Any) -> str:
    """Return a part of a dose as it would be typed."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    return "" if value is None else str(value)


def dose_data(dose: Dose) -> dict[str, list[str]]:
    """Return a dose as a browser would send it."""
    said = {name: typed(getattr(dose, name)) for name in Dose.__dataclass_fields__ if name != "load_kind"}
    return {name: [value] for name, value in said.items() if value}


def dose_of(said: dict[str, Any]) -> Dose:
    """Return the dose that was typed: amounts of another measure do not count, zero and empty rest are the same."""
    measure = Measure(said["measure"])
    needed, allowed = rule.AMOUNTS[measure]
    amounts = {name: said[name] for name in rule.ALL_AMOUNTS if name == needed or name in allowed}
    return Dose(
        measure=measure,
        sets=said["sets"],
        side=Side(said["side"] or Side.NONE),
        rest_s=said["rest_s"] or 0,
        tempo=said["tempo"],
        load_kind=LoadKind.KG if said["load_kg"] is not None else LoadKind.BAND if said["band"] else LoadKind.NONE,
        load_kg=said["load_kg"],
        band=said["band"],
        effort_rpe=said["effort_rpe"],
        reps_pattern=said["reps_pattern"] if measure in rule.PATTERNED else (),
        **amounts,
    )
