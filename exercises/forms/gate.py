"""One gate between two phases of a protocol."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.problems import sentence
from exercises.forms.dose import number_field, text_field
from exercises.kinds import Gauge, Operator, Proof
from exercises.models.labels import choices
from exercises.models.labels_gates import GAUGES, OPERATORS, PROOFS, WITHOUT
from exercises.queries.names import Named
from exercises.rules import content as rule
from exercises.rules import criteria
from exercises.rules.criteria import Criterion, Unit

LABEL = rule.NAME + rule.CODE_LENGTH + 3  # a name, and in brackets the code

# What a gate begins with when its gauge is chosen: by whose word, and the number, both as in the gates of the catalogue.
USUAL: dict[Gauge, tuple[Proof, int | None]] = {
    Gauge.NEXT_MORNING_PAIN: (Proof.SELF_REPORT, 2),
    Gauge.NEXT_MORNING_RISE: (Proof.SELF_REPORT, 0),
    Gauge.SESSION_PEAK_PAIN: (Proof.LOGGED, 2),
    Gauge.RUN_PEAK_PAIN: (Proof.LOGGED, 3),
    Gauge.SITTING_PAIN: (Proof.SELF_REPORT, 2),
    Gauge.EFFORT: (Proof.LOGGED, 6),
    Gauge.LEG_SYMPTOMS: (Proof.SELF_REPORT, None),
    Gauge.LIMP: (Proof.SELF_REPORT, None),
    Gauge.NIGHT_PAIN: (Proof.SELF_REPORT, None),
    Gauge.SESSION_DONE: (Proof.LOGGED, None),
    Gauge.RUN_DONE: (Proof.LOGGED, None),
    Gauge.WALK_MINUTES: (Proof.LOGGED, 30),
    Gauge.RUN_MINUTES: (Proof.LOGGED, 30),
    Gauge.HOLD_SECONDS: (Proof.LOGGED, 30),
    Gauge.REPS_DONE: (Proof.LOGGED, 12),
    Gauge.LOAD_KG: (Proof.LOGGED, None),  # no number fits every movement
    Gauge.SINGLE_LEG_STAND_S: (Proof.CLINICIAN, 10),
    Gauge.SINGLE_LEG_SQUATS: (Proof.CLINICIAN, 10),
    Gauge.HOPS: (Proof.CLINICIAN, 10),
    Gauge.JOG_ON_SPOT_S: (Proof.CLINICIAN, 60),
    Gauge.MOVEMENT_QUALITY: (Proof.CLINICIAN, None),
    Gauge.RED_FLAGS_CLEAR: (Proof.CLINICIAN, None),
    Gauge.GOAL_REACHED: (Proof.CLINICIAN, None),
    Gauge.OTHER: (Proof.CLINICIAN, None),
}


class Usual(NamedTuple):
    """What a gauge can be asked, and how it usually is: for the page, which fits a gate to the gauge just chosen."""

    what: Gauge
    operators: list[Operator]
    operator: Operator
    threshold: int | None
    kinds: list[Proof]
    kind: Proof
    is_daily: bool  # asked day by day, so that it can be on days in a row


def usual(what: Gauge) -> Usual:
    """Return how a gauge is usually asked."""
    scale = criteria.SCALES[what]
    kind, threshold = USUAL[what]
    kinds = [Proof.CLINICIAN] if what in criteria.ONLY_CLINICIAN else list(Proof)
    if scale.unit == Unit.YES_NO:
        operators = [operator for operator in Operator if operator not in criteria.NUMBERS]
        operator = Operator.IS_FALSE if what in WITHOUT else Operator.IS_TRUE
    else:
        operators = [operator for operator in Operator if operator in criteria.NUMBERS]
        operator = Operator.AT_MOST if scale.state else Operator.AT_LEAST
    return Usual(what, operators, operator, threshold, kinds, kind, scale.state)


class GateForm(forms.Form):
    """What must be seen before the next phase, by whose word, how often and how fresh."""

    what = forms.ChoiceField(label=lazy("What"), choices=choices(GAUGES))
    exercise = text_field(lazy("Of which exercise"), length=LABEL)
    text = text_field(lazy("In your words"), length=criteria.TEXT_LENGTH)
    operator = forms.ChoiceField(label=lazy("Is"), choices=choices(OPERATORS))
    threshold = number_field(lazy("Number"))
    kind = forms.ChoiceField(label=lazy("By whose word"), choices=choices(PROOFS))
    times = number_field(lazy("How often"), required=True)
    in_a_row = forms.BooleanField(label=lazy("On days in a row"), required=False)
    stale_days = number_field(lazy("Not older than, days"), required=True)

    def __init__(self, data: Any, *, place: str, labels: Mapping[str, Named], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.place = place
        self.labels = labels

    def clean_exercise(self) -> str:
        """Return the code of the exercise that is named."""
        name = self.cleaned_data["exercise"].strip().casefold()
        if name and name not in self.labels:
            raise forms.ValidationError(_("No exercise in your library has this name."))
        return self.labels[name].code if name else ""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for field, code in self.criterion().problems():
                self.add_error(field, self._words(field, code))
        return said

    def criterion(self) -> Criterion:
        """Return the gate, once every field could be read. A yes or no has no number, whatever was left in it."""
        said = self.cleaned_data
        what = Gauge(said["what"])
        is_counted = criteria.SCALES[what].unit != Unit.YES_NO
        return Criterion(
            **said
            | {"kind": Proof(said["kind"]), "what": what, "operator": Operator(said["operator"])}
            | {"threshold": said["threshold"] if is_counted else None}
        )

    def small(self) -> list[BoundField]:
        """Return the parts that are short, in the order in which they are read."""
        return [self[name] for name in ("operator", "threshold", "kind", "times", "stale_days")]

    def said_errors(self) -> list[str]:
        """Return what is wrong, each with the name of its part; what the gauge asks for names the gauge."""
        return [
            str(text) if name == "operator" else f"{self[name].label}: {text}"
            for name in self.errors
            for text in self.errors[name]
        ]

    def _words(self, field: str, code: str) -> str:
        what = Gauge(self.cleaned_data["what"])
        scale = criteria.SCALES[what]
        if code == "operator_does_not_fit":
            yes_no = scale.unit == Unit.YES_NO
            text = _("%(what)s: choose yes or no.") if yes_no else _("%(what)s: choose at most, at least or exactly.")
            return text % {"what": GAUGES[what]}
        bounds = {
            "threshold": (scale.low, scale.high),
            "times": criteria.TIMES,
            "stale_days": criteria.STALE_DAYS,
        }.get(field)
        if code != "out_of_range" or bounds is None:
            return sentence(code)
        return _("%(low)s to %(high)s.") % {"low": bounds[0], "high": bounds[1]}
