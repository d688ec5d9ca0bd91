"""Rules P1 to P3, `usual` and the bands."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.bands import Limits, band
from athletes.rules.findings import LEVELS, Finding
from athletes.rules.pain import P1Thresholds, P2Thresholds, P3Thresholds, PainFacts, assess, usual

ON = date(2026, 11, 23)
P1, P2 = P1Thresholds(), P2Thresholds()
CONTEXTS = ("session", "rest_now", "during_run", "after_run", "next_morning", "sitting", "night")
MORNING = "next_morning"

scores = st.integers(0, 10)
contexts = st.sampled_from(CONTEXTS)
usuals = st.none() | st.sampled_from([n / 2 for n in range(21)])


def kinds(facts: PainFacts, p1: P1Thresholds | None = P1, p2: P2Thresholds | None = P2) -> list[str]:
    return [finding.kind for finding in assess(facts, p1, p2)]


def urgency(found: tuple[Finding, ...]) -> int:
    """5 for P0 down to 1 for P4, 0 for none."""
    return max((len(LEVELS) - LEVELS.index(finding.level) for finding in found), default=0)


# P1


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize(
    ("score", "stopped", "expected"),
    [
        (0, False, []),
        (5, False, []),
        (6, False, ["P1"]),
        (10, False, ["P1"]),
        (0, True, ["P1"]),
        (8, True, ["P1"]),
        (None, True, ["P1"]),
        (None, False, []),
    ],
)
def test_pain_over_the_line_or_a_stop_is_p1(
    *, context: str, score: int | None, stopped: bool, expected: list[str]
) -> None:
    assert kinds(PainFacts(context=context, score=score, stopped=stopped)) == expected


def test_p1_tells_what_it_read_and_the_line() -> None:
    assert assess(PainFacts(context="session", score=8, stopped=False), P1, P2) == (
        Finding("P1", "P1", {"context": "session", "score": 8, "stopped": False, "pain_at_least": 6}),
    )


def test_p1_follows_the_clinics_own_line() -> None:
    facts = PainFacts(context="during_run", score=4)
    assert kinds(facts, P1Thresholds(pain_at_least=4)) == ["P1"]
    assert kinds(facts, P1Thresholds(pain_at_least=5)) == []


# P3


def left_out(count: int, score: int | None = None, *, stopped: bool = False) -> PainFacts:
    return PainFacts(context="session", score=score, stopped=stopped, left_out=count)


@pytest.mark.parametrize(
    ("facts", "p3", "expected"),
    [
        (left_out(0), P3Thresholds(), []),
        (left_out(1), P3Thresholds(), ["P3"]),
        (left_out(3, 5), P3Thresholds(), ["P3"]),
        (left_out(1), P3Thresholds(left_out_at_least=2), []),
        (left_out(2), P3Thresholds(left_out_at_least=2), ["P3"]),
        (left_out(1), None, []),
        (left_out(1, 6), P3Thresholds(), ["P1"]),  # one alert tells of the session, not two
        (left_out(1, stopped=True), P3Thresholds(), ["P1"]),
    ],
)
def test_skipped_as_too_painful_is_p3(facts: PainFacts, p3: P3Thresholds | None, expected: list[str]) -> None:
    assert [finding.kind for finding in assess(facts, P1, P2, p3)] == expected


def test_pain_told_outside_a_session_left_nothing_out() -> None:
    assert assess(PainFacts(context="night", score=2), P1, P2, P3Thresholds()) == ()


def test_p3_is_there_where_the_clinic_switched_p1_off() -> None:
    said = {"context": "session", "left_out": 2, "left_out_at_least": 1}
    assert assess(left_out(2, 9), None, None, P3Thresholds()) == (Finding("P3", "P3", said),)


# P2


@pytest.mark.parametrize(
    ("score", "before", "expected"),
    [
        (4, 2.0, ["P2"]),
        (3, 2.0, []),
        (4, 2.5, []),
        (5, 2.5, ["P2"]),
        (2, 0.0, ["P2"]),
        (1, 0.0, []),
        (2, None, []),  # usual unknown: not zero
        (None, 0.0, []),  # score unknown: not zero, not ten
        (7, 5.0, ["P1", "P2"]),
        (7, 6.0, ["P1"]),
    ],
)
def test_next_morning_over_usual_is_p2(score: int | None, before: float | None, expected: list[str]) -> None:
    assert kinds(PainFacts(context=MORNING, score=score, usual=before)) == expected


@pytest.mark.parametrize("context", [context for context in CONTEXTS if context != MORNING])
def test_rise_at_another_time_than_the_morning_is_not_p2(context: str) -> None:
    assert kinds(PainFacts(context=context, score=5, usual=0.0)) == []


def test_p2_tells_what_it_read_and_the_line() -> None:
    assert assess(PainFacts(context=MORNING, score=4, usual=1.5), P1, P2) == (
        Finding("P2", "P2", {"context": MORNING, "score": 4, "usual": 1.5, "rise_at_least": 2}),
    )


def test_rule_that_is_switched_off_finds_nothing() -> None:
    facts = PainFacts(context=MORNING, score=9, stopped=True, usual=1.0)
    assert kinds(facts, None, P2) == ["P2"]
    assert kinds(facts, P1, None) == ["P1"]
    assert kinds(facts, None, None) == []


# Of any answer


rules_of_clinics = st.tuples(
    st.builds(P1Thresholds, pain_at_least=st.integers(1, 10)), st.builds(P2Thresholds, rise_at_least=st.integers(1, 10))
)


@given(
    context=contexts,
    pair=st.tuples(scores, scores),
    stopped=st.booleans(),
    before=usuals,
    rules=rules_of_clinics,
)
def test_more_pain_never_lowers_severity(
    *,
    context: str,
    pair: tuple[int, int],
    stopped: bool,
    before: float | None,
    rules: tuple[P1Thresholds, P2Thresholds],
) -> None:
    low, high = sorted(pair)
    milder = assess(PainFacts(context=context, score=low, stopped=stopped, usual=before), *rules)
    worse = assess(PainFacts(context=context, score=high, stopped=stopped, usual=before), *rules)
    assert urgency(worse) >= urgency(milder)
    assert {finding.kind for finding in milder} <= {finding.kind for finding in worse}


@given(contexts, st.none() | scores, usuals)
def test_stop_never_lowers_severity(context: str, score: int | None, before: float | None) -> None:
    facts = PainFacts(context=context, score=score, usual=before)
    stopped = PainFacts(context=context, score=score, stopped=True, usual=before)
    assert urgency(assess(stopped, P1, P2)) >= urgency(assess(facts, P1, P2))


@given(context=contexts, score=st.none() | scores, stopped=st.booleans(), before=usuals)
def test_findings_are_json_and_the_most_urgent_is_first(
    *, context: str, score: int | None, stopped: bool, before: float | None
) -> None:
    found = assess(PainFacts(context=context, score=score, stopped=stopped, usual=before), P1, P2)
    assert [LEVELS.index(finding.level) for finding in found] == sorted(LEVELS.index(f.level) for f in found)
    for finding in found:
        assert json.loads(json.dumps(finding.evidence)) == finding.evidence


@pytest.mark.parametrize("score", [-1, 11])
def test_score_off_the_scale_is_refused(score: int) -> None:
    with pytest.raises(ValueError, match=str(score)):
        PainFacts(context="session", score=score)


@pytest.mark.parametrize(("kind", "level"), [("P9", "P1"), ("P1", "P5"), ("p1", "P1")])
def test_finding_of_no_known_kind_or_level_is_refused(kind: str, level: str) -> None:
    with pytest.raises(ValueError, match=r"P9|P5|p1"):
        Finding(kind, level, {})


# Usual


def ago(days: int) -> date:
    return ON - timedelta(days=days)


@pytest.mark.parametrize(
    ("mornings", "baseline", "expected"),
    [
        ([], None, None),
        ([], 0, 0.0),
        ([], 3, 3.0),
        ([(1, 2), (2, 2)], 5, 5.0),  # two days say too little
        ([(1, 2), (2, 2)], None, None),
        ([(3, 1), (2, 2), (1, 6)], 9, 2.0),
        ([(4, 1), (3, 2), (2, 3), (1, 6)], None, 2.5),
        ([(7, 4), (2, 4), (1, 4)], 1, 4.0),  # the seventh day before counts
        ([(8, 4), (2, 4), (1, 4)], 1, 1.0),  # the eighth does not
        ([(2, 4), (1, 4), (0, 4)], 1, 1.0),  # nor does the day itself
        ([(3, None), (2, 4), (1, 4)], 1, 1.0),  # an unknown morning is not one with an answer
        ([(4, 0), (3, 0), (2, 0), (1, None)], 5, 0.0),  # and not a zero: nor is a zero unknown
        ([(1, 4), (1, 4), (1, 4)], 1, 1.0),  # one day told three times is one day
        ([(3, 2), (2, 2), (1, 9), (1, 2)], None, 2.0),  # the last told counts
        ([(3, 5), (2, 5), (1, 5), (1, None)], None, 5.0),  # "not sure" does not take back a score
    ],
)
def test_usual_is_the_median_of_the_week_before_or_the_baseline(
    mornings: list[tuple[int, int | None]], baseline: int | None, expected: float | None
) -> None:
    assert usual([(ago(days), score) for days, score in mornings], on=ON, baseline=baseline) == expected


told = st.lists(st.tuples(st.integers(-2, 20), st.none() | scores), max_size=20)


@given(told, st.none() | scores, st.integers(-4000, 4000))
def test_shifting_by_days_leaves_usual_as_it_is(
    mornings: list[tuple[int, int | None]], baseline: int | None, days: int
) -> None:
    by = timedelta(days=days)
    here = usual([(ago(n), score) for n, score in mornings], on=ON, baseline=baseline)
    there = usual([(ago(n) + by, score) for n, score in mornings], on=ON + by, baseline=baseline)
    assert here == there


@given(told, st.none() | scores)
def test_usual_lies_among_what_was_told(mornings: list[tuple[int, int | None]], baseline: int | None) -> None:
    found = usual([(ago(n), score) for n, score in mornings], on=ON, baseline=baseline)
    known = [score for _, score in mornings if score is not None] + ([] if baseline is None else [baseline])
    assert found is None or min(known) <= found <= max(known)


# Bands


@pytest.mark.parametrize(
    ("score", "expected"),
    [(None, "unknown"), (0, "calm"), (2, "calm"), (3, "watch"), (5, "watch"), (6, "stop"), (10, "stop")],
)
def test_score_has_a_band(score: int | None, expected: str) -> None:
    assert band(score, Limits()) == expected


@given(scores, scores, st.integers(1, 9), st.integers(1, 9))
def test_more_pain_never_has_a_calmer_band(one: int, other: int, watch: int, more: int) -> None:
    limits = Limits(watch_from=watch, stop_from=min(watch + more, 10))
    order = ("calm", "watch", "stop")
    low, high = sorted((one, other))
    assert order.index(band(low, limits)) <= order.index(band(high, limits))


@pytest.mark.parametrize(("watch", "stop"), [(0, 6), (6, 6), (7, 6), (3, 11)])
def test_limits_out_of_order_are_refused(watch: int, stop: int) -> None:
    with pytest.raises(ValueError, match=str(stop)):
        Limits(watch_from=watch, stop_from=stop)
