"""One line of a draft: an exercise and its dose, edited in place as one phrase."""

from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from athletes.rules.plan import PlannedLine
from clinic.problems import words
from exercises.errors import DoseError
from exercises.kinds import Laterality, LoadKind, Measure, Side
from exercises.models import Exercise
from exercises.models.labels import MEASURES, SIDES, choices
from exercises.rules import dose as rule
from exercises.rules.dose import Dose

# The words around each part, and the order in which a measure says its parts. A part in OPTIONAL stands in the phrase
# only when it says something; until then it waits under "More".
PHRASES: dict[Measure, tuple[str, ...]] = {
    Measure.REPS: ("sets", "reps", "reps_max", "side", "hold_s"),
    Measure.HOLD: ("sets", "reps", "hold_s", "side"),
    Measure.TIME: ("sets", "time_s", "side"),
    Measure.DISTANCE: ("sets", "distance_m", "side"),
    Measure.BREATHS: ("sets", "breaths", "side"),
}
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
    "rest_s": rule.REST_S,
    "effort_rpe": rule.EFFORT_RPE,
    "load_kg": rule.LOAD_KG,
    **rule.RANGES,
}


class Part(NamedTuple):
    """One input of the phrase with the words before and after it, and what stood there in the edition before."""

    before: str
    field: BoundField
    after: str
    was: str


def _number(label: Any, *, required: bool = False) -> forms.IntegerField:
    box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"})
    errors = {"invalid": lazy("Enter a whole number."), "required": lazy("Say how much.")}
    return forms.IntegerField(label=label, required=required, widget=box, error_messages=errors)


def _text(label: Any, *, length: int, **attrs: str) -> forms.CharField:
    box = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, required=False, max_length=length, widget=box)


class LineForm(forms.Form):
    """The dose of one exercise. Every part is in the page, in the phrase or under "More"; none is lost on an error."""

    exercise_id = forms.UUIDField(widget=forms.HiddenInput)
    measure = forms.ChoiceField(label=lazy("Counted in"), choices=choices(MEASURES))
    sets = _number(lazy("Sets"), required=True)
    reps = _number(lazy("Repetitions"))
    reps_max = _number(lazy("Repetitions, at most"))
    hold_s = _number(lazy("Hold, seconds"))
    time_s = _number(lazy("Time, seconds"))
    distance_m = _number(lazy("Distance, metres"))
    breaths = _number(lazy("Breaths"))
    side = forms.ChoiceField(label=lazy("Side"), required=False)
    rest_s = _number(lazy("Rest, seconds"))
    tempo = _text(lazy("Tempo"), length=8, placeholder="3-1-1-0")
    load_kg = forms.DecimalField(
        label=lazy("Load, kg"),
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "6"}),
    )
    band = _text(lazy("Band, colour"), length=rule.BAND_LENGTH)
    effort_rpe = _number(lazy("Effort, 0 to 10"))
    note = _text(lazy("Note for the runner"), length=300)
    in_bad_day_set = forms.BooleanField(label=lazy("In the five-minute version for bad days"), required=False)

    def __init__(self, data: Any, *, movement: Exercise, place: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.movement = movement
        self.place = place  # block.line, as the buttons name it
        self.was: PlannedLine | None = None
        self.was_movement: Exercise | None = None
        self.is_new = False
        self.easier: Exercise | None = None  # the next form of the movement, either way
        self.harder: Exercise | None = None
        sides = rule.SIDES[Laterality(movement.laterality)]
        self.has_sides = Side.NONE not in sides
        offered = [(code, label) for code, label in choices(SIDES) if code in sides]
        self.fields["side"].choices = [("", lazy("which side?")), *offered] if self.has_sides else offered  # type: ignore[attr-defined]

    @property
    def exercise(self) -> UUID:
        """The exercise's id, by which lines of two editions are paired."""
        return self.movement.pk

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            dose = _dose(said)
            try:
                dose.validate()
                dose.check_side(Laterality(self.movement.laterality))
            except DoseError as error:
                self.add_error(error.field if error.field in self.fields else None, self._words(error))
        return said

    def planned(self) -> PlannedLine:
        """Return the line, once valid."""
        said = self.cleaned_data
        return PlannedLine(
            exercise=self.exercise, dose=_dose(said), note=said["note"], in_bad_day_set=said["in_bad_day_set"]
        )

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
        return [self[name] for name in (*rule.ALL_AMOUNTS, "side") if name not in self._names()]

    def changed(self) -> bool:
        """Tell whether the line differs from the edition before; a line with an error does."""
        return self.is_new or (self.was is not None and (not self.is_valid() or self.planned() != self.was))

    def said_errors(self) -> list[str]:
        """Return what is wrong, each with the name of its part."""
        lines = [
            f"{self[name].label}: {text}" for name in self.errors if name in self.fields for text in self.errors[name]
        ]
        return [*lines, *self.non_field_errors()]

    def _measure(self) -> Measure:
        value = self["measure"].value()
        return Measure(value) if value in tuple(Measure) else Measure.REPS

    def _names(self) -> tuple[str, ...]:
        names = (*PHRASES[self._measure()], *ALWAYS_OPTIONAL)
        return names if self.has_sides or "side" in self.errors else tuple(name for name in names if name != "side")

    def _said(self) -> set[str]:
        """Parts that stand in the phrase: those that the measure needs, and those with a value, an error or a past."""
        needed = {"sets", rule.AMOUNTS[self._measure()][0]} | ({"side"} if self.has_sides else set())
        return needed | {name for name in self._names() if self._speaks(name) or name in self.errors}

    def _speaks(self, name: str) -> bool:
        silent = {"", "0", Side.NONE.value} if name in {"rest_s", "side"} else {""}
        return str(self[name].value() or "") not in silent or self._before(name) not in {"", "0"}

    def _part(self, name: str) -> Part:
        before, after = AROUND.get(name, ("", ""))
        if self._measure() == Measure.HOLD and name in {"hold_s", "reps"}:
            before, after = ("", lazy("holds of")) if name == "reps" else ("", lazy("s"))
        was, now = self._before(name), str(self[name].value() or "")
        if was == now or {was, now} == {"", "0"}:
            was = ""
        elif name == "side" and was:
            was = str(SIDES[Side(was)])
        return Part(str(before), self[name], str(after), was)

    def _before(self, name: str) -> str:
        """Return what the edition before said here, as it is typed; nothing where another thing was counted."""
        if self.was is None or self.was.exercise != self.exercise or self.was.dose.measure != self._measure():
            return ""
        return typed(getattr(self.was.dose, name))

    def _words(self, error: DoseError) -> str:
        if error.code != "out_of_range" or error.field not in BOUNDS:
            return words(error)
        low, high = BOUNDS[error.field]
        return _("%(low)s to %(high)s.") % {"low": low, "high": high}


def typed(value: Any) -> str:
    """Return a part of a dose as it would be typed."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def line_data(line: PlannedLine) -> dict[str, list[str]]:
    """Return a line as a browser would send it."""
    said = {name: typed(getattr(line.dose, name)) for name in rule.Dose.__dataclass_fields__ if name != "load_kind"}
    said |= {
        "exercise_id": str(line.exercise),
        "note": line.note,
        "in_bad_day_set": "on" if line.in_bad_day_set else "",
    }
    return {name: [value] for name, value in said.items() if value}


def _dose(said: dict[str, Any]) -> Dose:
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
        **amounts,
    )
