"""How much of an exercise: the vocabulary and ranges of CLINICAL.md section 4."""

import re
from dataclasses import dataclass
from decimal import Decimal

from exercises.errors import DoseError
from exercises.kinds import Laterality, LoadKind, Measure, Side

SETS = (1, 10)
REPS = (1, 100)
HOLD_S = (1, 300)
REST_S = (0, 600)  # between sets
EFFORT_RPE = (0, 10)  # CR10
# Our own bounds, where section 4 gives none: two hours, a marathon, ten minutes of slow breathing, a heavy hip thrust.
TIME_S = (1, 7200)
DISTANCE_M = (1, 42200)
BREATHS = (1, 100)
LOAD_KG = (Decimal("0.25"), Decimal(400))
BAND_LENGTH = 20
TEMPO = re.compile(r"\d-\d-[\dX]-\d", re.ASCII)  # lower - pause - lift - pause, in seconds; X is as fast as possible

# Only for the estimate of how long a session takes: conventions, not findings.
SECONDS_A_REP = 3
SECONDS_A_BREATH = 5
METRES_A_SECOND = Decimal("1.3")  # walking

# Which amounts a measure needs, and which others may stand beside it ("10 with a 3 s hold", "6 holds of 10 s").
AMOUNTS: dict[Measure, tuple[str, frozenset[str]]] = {
    Measure.REPS: ("reps", frozenset({"reps_max", "hold_s"})),
    Measure.HOLD: ("hold_s", frozenset({"reps"})),
    Measure.TIME: ("time_s", frozenset()),
    Measure.DISTANCE: ("distance_m", frozenset()),
    Measure.BREATHS: ("breaths", frozenset()),
}
PATTERNED = frozenset({Measure.REPS, Measure.HOLD})  # what may be counted set by set
ALL_AMOUNTS = ("reps", "reps_max", "hold_s", "time_s", "distance_m", "breaths")
SIDES: dict[Laterality, frozenset[Side]] = {
    Laterality.TOGETHER: frozenset({Side.NONE, Side.BOTH}),
    Laterality.ONE_SIDE: frozenset({Side.EACH, Side.ALTERNATING, Side.LEFT, Side.RIGHT}),
    Laterality.ALTERNATING: frozenset({Side.EACH, Side.ALTERNATING, Side.LEFT, Side.RIGHT}),
}


@dataclass(frozen=True, kw_only=True)
class Dose:
    """One line's amount. Seconds, metres, kilograms; None and what is empty mean "not said".

    `reps_pattern` has a number for each set, as in McGill's descending 6, 4, 2, and stands where `reps` has one for all:
    only one of them is said.
    """

    measure: Measure
    sets: int = 1
    reps: int | None = None
    reps_max: int | None = None
    reps_pattern: tuple[int, ...] = ()
    hold_s: int | None = None
    time_s: int | None = None
    distance_m: int | None = None
    breaths: int | None = None
    side: Side = Side.NONE
    rest_s: int = 0
    tempo: str = ""
    load_kind: LoadKind = LoadKind.NONE
    load_kg: Decimal | None = None
    band: str = ""
    effort_rpe: int | None = None

    def validate(self) -> None:
        """Raise DoseError at the first part that is out of range, missing or contradicts another."""
        _within("sets", self.sets, SETS)
        _within("rest_s", self.rest_s, REST_S)
        self._check_amounts()
        self._check_pattern()
        self._check_load()
        if self.side not in tuple(Side):
            raise DoseError("side", "unknown_side")
        if self.tempo and not TEMPO.fullmatch(self.tempo):
            raise DoseError("tempo", "not_a_tempo")
        if self.tempo and self.measure != Measure.REPS:
            raise DoseError("tempo", "tempo_without_reps")
        if self.effort_rpe is not None:
            _within("effort_rpe", self.effort_rpe, EFFORT_RPE)

    def check_side(self, laterality: Laterality) -> None:
        """Raise DoseError unless the side suits the movement: a sided one must name its side (hazard H4)."""
        if self.side not in SIDES[laterality]:
            raise DoseError("side", "side_missing" if self.side in SIDES[Laterality.TOGETHER] else "no_sides")

    def seconds(self) -> int:
        """Estimate how long it takes. A range counts with its upper end; `each` does the work twice."""
        sides = 2 if self.side == Side.EACH else 1
        times = sum(self.reps_pattern) or self.sets * (self.reps_max or self.reps or 1)
        return round(times * sides * self._seconds_once() + (self.sets - 1) * self.rest_s)

    def _seconds_once(self) -> Decimal:
        match self.measure:
            case Measure.REPS:
                return Decimal(self._seconds_a_rep() + (self.hold_s or 0))
            case Measure.HOLD:
                return Decimal(self.hold_s or 0)
            case Measure.TIME:
                return Decimal(self.time_s or 0)
            case Measure.DISTANCE:
                return Decimal(self.distance_m or 0) / METRES_A_SECOND
            case Measure.BREATHS:
                return Decimal((self.breaths or 0) * SECONDS_A_BREATH)

    def _seconds_a_rep(self) -> int:
        if not self.tempo:
            return SECONDS_A_REP
        return max(1, sum(1 if part == "X" else int(part) for part in self.tempo.split("-")))

    def _check_amounts(self) -> None:
        if self.measure not in AMOUNTS:
            raise DoseError("measure", "unknown_measure")
        needed, allowed = AMOUNTS[self.measure]
        if getattr(self, needed) is None and not (needed == "reps" and self.reps_pattern):
            raise DoseError(needed, "amount_missing")
        for field in ALL_AMOUNTS:
            amount = getattr(self, field)
            if amount is None:
                continue
            if field != needed and field not in allowed:
                raise DoseError(field, "two_measures")
            _within(field, amount, RANGES[field])
        if self.reps_max is not None and self.reps is not None and self.reps_max < self.reps:
            raise DoseError("reps_max", "range_upside_down")

    def _check_pattern(self) -> None:
        if not self.reps_pattern:
            return
        if self.measure not in PATTERNED:
            raise DoseError("reps_pattern", "two_measures")
        if self.reps is not None or self.reps_max is not None:
            raise DoseError("reps_pattern", "pattern_beside_reps")
        for reps in self.reps_pattern:
            _within("reps_pattern", reps, REPS)
        if len(self.reps_pattern) != self.sets:
            raise DoseError("reps_pattern", "pattern_does_not_fit")

    def _check_load(self) -> None:
        if self.load_kind not in tuple(LoadKind):
            raise DoseError("load_kind", "unknown_load")
        if (self.load_kind == LoadKind.KG) != (self.load_kg is not None):
            raise DoseError("load_kg", "load_does_not_fit")
        if (self.load_kind == LoadKind.BAND) != bool(self.band):
            raise DoseError("band", "load_does_not_fit")
        if self.load_kg is not None:
            _within("load_kg", self.load_kg, LOAD_KG)
            if self.load_kg != round(self.load_kg, 2):
                raise DoseError("load_kg", "too_precise")
        if len(self.band) > BAND_LENGTH:
            raise DoseError("band", "out_of_range")


RANGES: dict[str, tuple[int, int]] = {
    "reps": REPS,
    "reps_max": REPS,
    "hold_s": HOLD_S,
    "time_s": TIME_S,
    "distance_m": DISTANCE_M,
    "breaths": BREATHS,
}


def _within(field: str, value: int | Decimal, bounds: tuple[int | Decimal, int | Decimal]) -> None:
    if not bounds[0] <= value <= bounds[1]:
        raise DoseError(field, "out_of_range")
