"""When pain calls for a person: rules P1, P2 and P3 of CLINICAL.md section 9."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from athletes.rules.bands import HIGHEST, LOWEST
from athletes.rules.findings import Evidence, Finding

USUAL_DAYS = timedelta(days=7)
USUAL_AT_LEAST = 3  # days with an answer: CLINICAL.md section 1, `usual`


@dataclass(frozen=True, slots=True)
class PainFacts:
    """One answer about pain.

    `context` is when it hurt: "session", or a context of CLINICAL.md section 1. `score` is NPRS 0-10, None when
    unknown. `usual` is what `usual()` returns, for a next morning. `left_out` counts the exercises of a session that were
    skipped as too painful.
    """

    context: str
    score: int | None
    stopped: bool = False
    usual: float | None = None
    left_out: int = 0

    def __post_init__(self) -> None:
        if self.score is not None and not LOWEST <= self.score <= HIGHEST:
            raise ValueError(self.score)


@dataclass(frozen=True, slots=True)
class P1Thresholds:
    """The line for "stop": any score of 6 or more. CLINICAL.md section 9 P1, band RED of section 1, by convention."""

    pain_at_least: int = 6


@dataclass(frozen=True, slots=True)
class P2Thresholds:
    """How far a next morning may lie above usual: less than 2 points, the measurement's error [S:childs].

    CLINICAL.md section 9 P2.
    """

    rise_at_least: int = 2


@dataclass(frozen=True, slots=True)
class P3Thresholds:
    """How many exercises skipped as too painful call for a person: one. CLINICAL.md section 3 N3, by convention."""

    left_out_at_least: int = 1


def assess(
    facts: PainFacts, p1: P1Thresholds | None, p2: P2Thresholds | None, p3: P3Thresholds | None = None
) -> tuple[Finding, ...]:
    """Return what one answer calls for, most urgent first. A rule that is None is switched off.

    P1: a score over the line in any context, or a stop because of pain whatever the score.
    P2: a next morning over usual; none while either of the two is unknown.
    P3: exercises skipped as too painful. Beside P1 it is silent: that alert tells of the same session.
    """
    found = (p1 and _over_the_line(facts, p1), p2 and _not_settled(facts, p2))
    return tuple(finding for finding in found if finding) or _too_painful(facts, p3)


def usual(mornings: Sequence[tuple[date, int | None]], *, on: date, baseline: int | None) -> float | None:
    """Return the usual score before a day: the median of the 7 days before it, or the baseline, or None for unknown.

    `mornings` in the order they were told; a day's last known score counts, once. Fewer than three days with a known
    score say too little, and the baseline stands in. CLINICAL.md section 1.
    """
    known = {day: score for day, score in mornings if score is not None and on - USUAL_DAYS <= day < on}
    if len(known) >= USUAL_AT_LEAST:
        return float(median(known.values()))
    return None if baseline is None else float(baseline)


def _over_the_line(facts: PainFacts, p1: P1Thresholds) -> Finding | None:
    over = facts.score is not None and facts.score >= p1.pain_at_least
    if not (over or facts.stopped):
        return None
    said: dict[str, Evidence] = {"context": facts.context, "score": facts.score, "stopped": facts.stopped}
    return Finding("P1", "P1", {**said, "pain_at_least": p1.pain_at_least})


def _not_settled(facts: PainFacts, p2: P2Thresholds) -> Finding | None:
    if facts.context != "next_morning" or facts.score is None or facts.usual is None:
        return None
    if facts.score < facts.usual + p2.rise_at_least:
        return None
    said: dict[str, Evidence] = {"context": facts.context, "score": facts.score, "usual": facts.usual}
    return Finding("P2", "P2", {**said, "rise_at_least": p2.rise_at_least})


def _too_painful(facts: PainFacts, p3: P3Thresholds | None) -> tuple[Finding, ...]:
    if p3 is None or facts.left_out < p3.left_out_at_least:
        return ()
    said: dict[str, Evidence] = {"context": facts.context, "left_out": facts.left_out}
    return (Finding("P3", "P3", {**said, "left_out_at_least": p3.left_out_at_least}),)
