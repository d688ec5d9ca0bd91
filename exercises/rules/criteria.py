"""When a phase of a protocol may end: typed criteria, and what the evidence says about one of them.

A verdict is a suggestion to the clinician, who decides. Missing evidence is unknown and never met (CLINICAL.md, hazard
H6). Days are the runner's local days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from exercises.kinds import Gauge, Operator, Proof

STALE_DAYS = (1, 90)  # our own bounds: a gate looks back a day at least, a quarter of a year at most
TIMES = (1, 20)
TEXT_LENGTH = 200
CODE_LENGTH = 64

CODES: dict[str, type[StrEnum]] = {"kind": Proof, "what": Gauge, "operator": Operator}
NUMBERS = frozenset({Operator.AT_MOST, Operator.AT_LEAST, Operator.EXACTLY})


class Unit(StrEnum):
    """What a gauge is counted in."""

    PAIN = "pain"  # 0 to 10
    POINTS = "points"  # of pain, above usual
    EFFORT = "effort"  # 0 to 10
    YES_NO = "yes_no"
    MINUTES = "minutes"
    SECONDS = "seconds"
    TIMES = "times"
    KILOGRAMS = "kilograms"


class Verdict(StrEnum):
    """What the evidence says about one criterion. Only a person acts on it."""

    MET = "met"
    NOT_MET = "not_met"
    STALE = "stale"  # there is evidence, but too old to count
    UNKNOWN = "unknown"  # nobody said: never met


class Scale(NamedTuple):
    """What a gauge is counted in, its range, and how readings count.

    A `state` is judged by its newest readings, so that a bad day after good ones shows; an ability, once shown and still
    fresh, stays shown on an easier day.
    """

    unit: Unit
    low: int
    high: int
    state: bool


_YES_NO_STATE = Scale(Unit.YES_NO, 0, 1, state=True)
_PAIN = Scale(Unit.PAIN, 0, 10, state=True)
_DONE = Scale(Unit.YES_NO, 0, 1, state=False)

SCALES: dict[Gauge, Scale] = {
    Gauge.NEXT_MORNING_PAIN: _PAIN,
    Gauge.NEXT_MORNING_RISE: Scale(Unit.POINTS, 0, 10, state=True),
    Gauge.SESSION_PEAK_PAIN: _PAIN,
    Gauge.RUN_PEAK_PAIN: _PAIN,
    Gauge.SITTING_PAIN: _PAIN,
    Gauge.EFFORT: Scale(Unit.EFFORT, 0, 10, state=True),
    Gauge.LEG_SYMPTOMS: _YES_NO_STATE,
    Gauge.LIMP: _YES_NO_STATE,
    Gauge.NIGHT_PAIN: _YES_NO_STATE,
    Gauge.SESSION_DONE: _DONE,
    Gauge.RUN_DONE: _DONE,
    Gauge.WALK_MINUTES: Scale(Unit.MINUTES, 1, 240, state=False),
    Gauge.RUN_MINUTES: Scale(Unit.MINUTES, 1, 600, state=False),
    Gauge.HOLD_SECONDS: Scale(Unit.SECONDS, 1, 300, state=False),
    Gauge.REPS_DONE: Scale(Unit.TIMES, 1, 100, state=False),
    Gauge.LOAD_KG: Scale(Unit.KILOGRAMS, 1, 400, state=False),
    Gauge.SINGLE_LEG_STAND_S: Scale(Unit.SECONDS, 1, 120, state=False),
    Gauge.SINGLE_LEG_SQUATS: Scale(Unit.TIMES, 1, 50, state=False),
    Gauge.HOPS: Scale(Unit.TIMES, 1, 100, state=False),
    Gauge.JOG_ON_SPOT_S: Scale(Unit.SECONDS, 1, 600, state=False),
    Gauge.MOVEMENT_QUALITY: _YES_NO_STATE,
    Gauge.RED_FLAGS_CLEAR: _YES_NO_STATE,
    Gauge.GOAL_REACHED: _YES_NO_STATE,
    Gauge.OTHER: _YES_NO_STATE,
}
OF_AN_EXERCISE = frozenset({Gauge.HOLD_SECONDS, Gauge.REPS_DONE, Gauge.LOAD_KG})  # mean nothing without naming it
ONLY_CLINICIAN = frozenset({Gauge.MOVEMENT_QUALITY, Gauge.RED_FLAGS_CLEAR, Gauge.OTHER})


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One gate: "next-morning pain 2 or less, on the last 3 mornings, not older than 7 days".

    `threshold` is None for a yes/no gauge; `times` is how many readings it takes, on days that follow each other if
    `in_a_row`; evidence older than `stale_days` does not count. `exercise` is a code, `text` a clinician's own words.
    """

    kind: Proof
    what: Gauge
    operator: Operator
    threshold: int | None = None
    times: int = 1
    in_a_row: bool = False
    stale_days: int = 7
    exercise: str = ""
    text: str = ""

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return what is wrong as (field, code), in the order of the fields; nothing when it can be judged."""
        unknown = [(name, "unknown_code") for name, kind in CODES.items() if getattr(self, name) not in tuple(kind)]
        return tuple(unknown or [problem for problem in self._wrong() if problem])

    @property
    def scale(self) -> Scale:
        """What the gauge is counted in."""
        return SCALES[self.what]

    def reached_by(self, value: int) -> bool:
        """Return whether one reading fulfils it; yes is 1 and no is 0."""
        match self.operator:
            case Operator.AT_MOST:
                return value <= (self.threshold or 0)
            case Operator.AT_LEAST:
                return value >= (self.threshold or 0)
            case Operator.EXACTLY:
                return value == self.threshold
            case Operator.IS_TRUE:
                return value == 1
            case Operator.IS_FALSE:
                return value == 0

    def _wrong(self) -> Iterable[tuple[str, str] | None]:
        numeric = self.operator in NUMBERS
        if self.what in ONLY_CLINICIAN and self.kind != Proof.CLINICIAN:
            yield "kind", "only_clinician"
        if numeric == (self.scale.unit == Unit.YES_NO):
            yield "operator", "operator_does_not_fit"
        elif numeric != (self.threshold is not None):
            yield "threshold", "threshold_missing" if numeric else "threshold_without_number"
        elif self.threshold is not None:
            yield _within("threshold", self.threshold, (self.scale.low, self.scale.high))
        yield _within("times", self.times, TIMES)
        if self.in_a_row and not self.scale.state:
            yield "in_a_row", "not_a_state"
        yield _within("stale_days", self.stale_days, STALE_DAYS) or self._too_short()
        if (self.what in OF_AN_EXERCISE and not self.exercise) or len(self.exercise) > CODE_LENGTH:
            yield "exercise", "too_long" if self.exercise else "exercise_missing"
        if (self.what == Gauge.OTHER and not self.text.strip()) or len(self.text) > TEXT_LENGTH:
            yield "text", "too_long" if self.text.strip() else "missing"

    def _too_short(self) -> tuple[str, str] | None:
        return ("stale_days", "stale_before_done") if self.in_a_row and self.stale_days < self.times else None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One reading: what was seen, by whose word, on which day. `value` is in the gauge's unit, yes is 1 and no is 0."""

    kind: Proof
    what: Gauge
    value: int
    on: date
    exercise: str = ""
    text: str = ""

    def is_about(self, criterion: Criterion) -> bool:
        """Return whether it speaks to this criterion: the same word, gauge and, where it matters, exercise or check.

        What a clinician looks at is said in words ("on each leg"); a finding in other words is another finding.
        """
        return (
            (self.kind, self.what) == (criterion.kind, criterion.what)
            and criterion.exercise in ("", self.exercise)
            and (criterion.kind != Proof.CLINICIAN or criterion.text in ("", self.text))
        )


def judge(criterion: Criterion, evidence: Iterable[Evidence], *, since: date, today: date) -> Verdict:
    """Say what the evidence from `since`, the day on which the phase began, up to `today` means for one criterion.

    What came before does not count: two calm runs of one stage would else end all the stages after it as well. Met takes
    `times` fresh readings. One fresh reading that counts against it makes it not met. Where readings are too few it is
    stale if older ones would have been enough, else unknown.
    """
    known = [one for one in evidence if one.is_about(criterion) and since <= one.on <= today]
    fresh = [one for one in known if (today - one.on).days <= criterion.stale_days]
    verdict = _of(criterion, fresh)
    if verdict != Verdict.UNKNOWN or len(fresh) == len(known):
        return verdict
    return Verdict.STALE if not fresh or _of(criterion, known) == Verdict.MET else Verdict.UNKNOWN


def _of(criterion: Criterion, readings: list[Evidence]) -> Verdict:
    """Judge readings of any age."""
    counted = _newest(criterion, readings) if criterion.scale.state else readings
    reached = [one.on for one in counted if criterion.reached_by(one.value)]
    against = len(reached) < len(counted)
    if criterion.scale.state and against:
        return Verdict.NOT_MET
    if criterion.in_a_row:
        days = sorted(set(reached))
        together = all((later - earlier).days == 1 for earlier, later in pairwise(days))
        return Verdict.MET if together and len(days) >= criterion.times else Verdict.UNKNOWN
    if len(reached) >= criterion.times:
        return Verdict.MET
    return Verdict.NOT_MET if against else Verdict.UNKNOWN


def _newest(criterion: Criterion, readings: list[Evidence]) -> list[Evidence]:
    """Return the newest readings that it takes, and every other of their oldest day: order within a day is not known."""
    days = sorted((one.on for one in readings), reverse=True)
    if criterion.in_a_row:
        days = sorted(set(days), reverse=True)
    since = days[: criterion.times][-1:]
    return [one for one in readings if [one.on] >= since]


def _within(field: str, value: int, bounds: tuple[int, int]) -> tuple[str, str] | None:
    return None if bounds[0] <= value <= bounds[1] else (field, "out_of_range")
