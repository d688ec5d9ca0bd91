"""One gate between two phases of a protocol."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.problems import sentence
from exercises.forms.dose import number_field, text_field
from exercises.kinds import Gauge, Operator, Proof
from exercises.models.labels import choices
from exercises.models.labels_gates import GAUGES, OPERATORS, PROOFS
from exercises.queries.names import Named
from exercises.rules import content as rule
from exercises.rules import criteria
from exercises.rules.criteria import Criterion, Unit

LABEL = rule.NAME + rule.CODE_LENGTH + 3  # a name, and in brackets the code


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
        """Return what is wrong, each with the name of its part."""
        return [f"{self[name].label}: {text}" for name in self.errors for text in self.errors[name]]

    def _words(self, field: str, code: str) -> str:
        scale = criteria.SCALES[Gauge(self.cleaned_data["what"])]
        bounds = {
            "threshold": (scale.low, scale.high),
            "times": criteria.TIMES,
            "stale_days": criteria.STALE_DAYS,
        }.get(field)
        if code != "out_of_range" or bounds is None:
            return sentence(code)
        return _("%(low)s to %(high)s.") % {"low": bounds[0], "high": bounds[1]}
