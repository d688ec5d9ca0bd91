"""The columns of a dose, for every row that has one: a library default, a template line, a prescription, a target."""

from dataclasses import fields
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext_lazy as _

from exercises.kinds import LoadKind, Measure, Side
from exercises.models.labels import LOADS, MEASURES, SIDES, choices
from exercises.rules import dose as rule
from exercises.rules.dose import Dose

DOSE_FIELDS = tuple(field.name for field in fields(Dose))
PATTERN_LENGTH = 39  # ten sets of 100


class SetBySet(models.CharField):
    """Whole numbers, one for each set: (6, 4, 2) in Python, "6-4-2" in the column."""

    def from_db_value(self, value: str, *_: object) -> tuple[int, ...]:
        """Read what the column holds."""
        return self.to_python(value)

    def to_python(self, value: Any) -> tuple[int, ...]:
        """Read the numbers, also where they are numbers already."""
        return tuple(int(number) for number in value.split("-") if number) if isinstance(value, str) else value or ()

    def get_prep_value(self, value: Any) -> str:
        """Write them as the column holds them."""
        return "-".join(map(str, self.to_python(value)))

    def value_to_string(self, obj: models.Model) -> str:
        """Write them into a file of Django's."""
        return self.get_prep_value(self.value_from_object(obj))


class DoseFields(models.Model):
    """One dose, one column a part. Read and set it whole: `row.dose`.

    A concrete model adds DOSE_CONSTRAINTS to its own constraints: Django does not merge those of two parents.
    """

    measure = models.CharField(_("counted in"), max_length=12, choices=choices(MEASURES))
    sets = models.PositiveSmallIntegerField(_("sets"), default=1)
    reps = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    reps_max = models.PositiveSmallIntegerField(_("repetitions, at most"), null=True, blank=True)
    reps_pattern = SetBySet(_("repetitions, set by set"), max_length=PATTERN_LENGTH, blank=True, default=())
    hold_s = models.PositiveSmallIntegerField(_("hold, seconds"), null=True, blank=True)
    time_s = models.PositiveSmallIntegerField(_("time, seconds"), null=True, blank=True)
    distance_m = models.PositiveIntegerField(_("distance, metres"), null=True, blank=True)
    breaths = models.PositiveSmallIntegerField(_("breaths"), null=True, blank=True)
    side = models.CharField(_("side"), max_length=12, choices=choices(SIDES), default=Side.NONE.value)
    rest_s = models.PositiveSmallIntegerField(_("rest between sets, seconds"), default=0)
    tempo = models.CharField(_("tempo"), max_length=8, blank=True)
    load_kind = models.CharField(_("load"), max_length=8, choices=choices(LOADS), default=LoadKind.NONE.value)
    load_kg = models.DecimalField(_("load, kg"), max_digits=5, decimal_places=2, null=True, blank=True)
    band = models.CharField(_("band"), max_length=rule.BAND_LENGTH, blank=True)
    effort_rpe = models.PositiveSmallIntegerField(_("effort, 0 to 10"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def dose(self) -> Dose:
        """The dose as the rules know it."""
        values = {name: getattr(self, name) for name in DOSE_FIELDS}
        return Dose(
            **values
            | {"measure": Measure(self.measure), "side": Side(self.side), "load_kind": LoadKind(self.load_kind)}
        )

    @dose.setter
    def dose(self, dose: Dose) -> None:
        dose.validate()
        for name in DOSE_FIELDS:
            setattr(self, name, _plain(getattr(dose, name)))

    def copy_dose(self, other: "DoseFields") -> None:
        """Take over another row's dose as it is."""
        for name in DOSE_FIELDS:
            setattr(self, name, getattr(other, name))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Measure | Side | LoadKind) else value


def _within(field: str, bounds: tuple[Any, Any]) -> Q:
    return Q(**{f"{field}__gte": bounds[0], f"{field}__lte": bounds[1]})


def _optional(field: str, bounds: tuple[Any, Any]) -> Q:
    return Q(**{f"{field}__isnull": True}) | _within(field, bounds)


def _one_measure() -> Q:
    """Exactly the amounts that the measure allows, and the one it needs: one for all sets, or one for each."""
    either = Q()
    for measure, (needed, allowed) in rule.AMOUNTS.items():
        absent = {f"{name}__isnull": True for name in rule.ALL_AMOUNTS if name != needed and name not in allowed}
        either |= Q(measure=measure.value, reps_pattern="", **{f"{needed}__isnull": False}, **absent)
        if measure in rule.PATTERNED:
            absent |= {"reps__isnull": True, "reps_max__isnull": True}
            present = {f"{needed}__isnull": False} if needed != "reps" else {}
            either |= Q(~Q(reps_pattern=""), measure=measure.value, **present, **absent)
    return either


def _one_for_each_set() -> Q:
    """As many numbers as sets, each from 1 to 100."""
    dashes = Length("reps_pattern") - Length(Replace("reps_pattern", Value("-")))
    return Q(reps_pattern="") | Q(reps_pattern__regex=r"^([1-9][0-9]?|100)(-([1-9][0-9]?|100))*$", sets=dashes + 1)


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"%(app_label)s_%(class)s_{name}")


DOSE_CONSTRAINTS = (
    _check("sets", _within("sets", rule.SETS)),
    _check("rest", _within("rest_s", rule.REST_S)),
    _check("rpe", _optional("effort_rpe", rule.EFFORT_RPE)),
    _check("one_measure", _one_measure()),
    *(_check(name, _optional(name, bounds)) for name, bounds in rule.RANGES.items()),
    _check("reps_pattern", _one_for_each_set()),
    _check("reps_in_order", Q(reps_max=None) | Q(reps_max__gte=F("reps"))),
    _check(
        "load",
        Q(load_kind="none", load_kg=None, band="")
        | Q(_within("load_kg", rule.LOAD_KG), load_kind="kg", load_kg__isnull=False, band="")  # NULL would pass
        | (Q(load_kind="band", load_kg=None) & ~Q(band="")),
    ),
    _check("side", Q(side__in=[side.value for side in Side])),
)
