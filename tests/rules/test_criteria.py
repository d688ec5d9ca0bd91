from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.errors import ContentError
from exercises.kinds import Gauge, Operator, Proof
from exercises.rules.content_json import criterion_from, criterion_json
from exercises.rules.criteria import (
    NUMBERS,
    OF_AN_EXERCISE,
    ONLY_CLINICIAN,
    SCALES,
    STALE_DAYS,
    TIMES,
    Criterion,
    Evidence,
    Unit,
    Verdict,
    judge,
)

TODAY = date(2026, 11, 24)
MORNINGS = Criterion(
    kind=Proof.SELF_REPORT,
    what=Gauge.NEXT_MORNING_PAIN,
    operator=Operator.AT_MOST,
    threshold=2,
    times=3,
    in_a_row=True,
    stale_days=7,
)
SESSIONS = replace(MORNINGS, kind=Proof.LOGGED, what=Gauge.SESSION_PEAK_PAIN, times=2, in_a_row=False)
WALK = Criterion(
    kind=Proof.LOGGED, what=Gauge.WALK_MINUTES, operator=Operator.AT_LEAST, threshold=30, times=2, stale_days=14
)
PLANK = Criterion(
    kind=Proof.LOGGED, what=Gauge.HOLD_SECONDS, operator=Operator.AT_LEAST, threshold=30, exercise="plank"
)
LEGS = Criterion(kind=Proof.SELF_REPORT, what=Gauge.LEG_SYMPTOMS, operator=Operator.IS_FALSE)
LOOK = Criterion(kind=Proof.CLINICIAN, what=Gauge.OTHER, operator=Operator.IS_TRUE, text="Squats with a level pelvis")
DONE = Criterion(kind=Proof.LOGGED, what=Gauge.SESSION_DONE, operator=Operator.IS_TRUE)
RUNS = replace(SESSIONS, what=Gauge.RUN_PEAK_PAIN, threshold=3, stale_days=14)
HOPS = Criterion(kind=Proof.CLINICIAN, what=Gauge.HOPS, operator=Operator.AT_LEAST, threshold=10, stale_days=14)
ON_THE_SPOT = replace(WALK, what=Gauge.JOG_ON_SPOT_S, operator=Operator.EXACTLY)
NO_PAIN = replace(MORNINGS, threshold=0, times=1, in_a_row=False)
TWO_MORNINGS = replace(MORNINGS, times=2)
EXAMPLES = (MORNINGS, SESSIONS, WALK, PLANK, LEGS, LOOK, ON_THE_SPOT)


def readings(criterion: Criterion, *pairs: tuple[int, int]) -> list[Evidence]:
    """Return readings for a criterion: (days ago, value)."""
    return [
        Evidence(
            kind=criterion.kind,
            what=criterion.what,
            value=value,
            on=TODAY - timedelta(days=ago),
            exercise=criterion.exercise,
            text=criterion.text,
        )
        for ago, value in pairs
    ]


def seen(criterion: Criterion, evidence: list[Evidence], today: date = TODAY, *, since: date = date.min) -> Verdict:
    """Judge in a phase that began long ago, unless told otherwise."""
    return judge(criterion, evidence, since=since, today=today)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    """Draw any criterion that can be judged."""
    what = draw(st.sampled_from(Gauge))
    scale = SCALES[what]
    yes_no = scale.unit == Unit.YES_NO
    in_a_row = scale.state and draw(st.booleans())
    stale_days = draw(st.integers(*STALE_DAYS))
    return Criterion(
        kind=Proof.CLINICIAN if what in ONLY_CLINICIAN else draw(st.sampled_from(Proof)),
        what=what,
        operator=draw(st.sampled_from(sorted(set(Operator) - NUMBERS if yes_no else NUMBERS))),
        threshold=None if yes_no else draw(st.integers(scale.low, scale.high)),
        times=draw(st.integers(TIMES[0], min(TIMES[1], stale_days) if in_a_row else TIMES[1])),
        in_a_row=in_a_row,
        stale_days=stale_days,
        exercise=draw(st.sampled_from(["plank", "squat"])) if what in OF_AN_EXERCISE else "",
        text=draw(st.text(min_size=1, max_size=40).filter(str.strip)) if what == Gauge.OTHER else "",
    )


@st.composite
def judged(draw: st.DrawFn) -> tuple[Criterion, list[Evidence]]:
    """Draw a criterion, and readings about it of the last four months."""
    criterion = replace(draw(criteria()), times=draw(st.integers(1, 3)), stale_days=draw(st.integers(3, 90)))
    high = max(1, criterion.scale.high)
    pairs = draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, high)), max_size=8))
    return criterion, readings(criterion, *pairs)


@pytest.mark.parametrize(
    ("criterion", "pairs", "verdict"),
    [
        (MORNINGS, [], Verdict.UNKNOWN),
        (MORNINGS, [(0, 1), (1, 2), (2, 0)], Verdict.MET),
        (MORNINGS, [(0, 1), (1, 2), (2, 3)], Verdict.NOT_MET),
        (MORNINGS, [(0, 1), (1, 2), (2, 0), (3, 9)], Verdict.MET),  # older than the three that count
        (MORNINGS, [(0, 1), (1, 2)], Verdict.UNKNOWN),
        (MORNINGS, [(0, 1), (1, 2), (3, 0)], Verdict.UNKNOWN),  # a morning in between was not said
        (MORNINGS, [(0, 1), (1, 2), (2, 0), (2, 4)], Verdict.NOT_MET),  # two answers on one day: the worse counts
        (MORNINGS, [(8, 1), (9, 2), (10, 0)], Verdict.STALE),
        (MORNINGS, [(6, 1), (7, 2), (8, 0)], Verdict.STALE),
        (MORNINGS, [(7, 1), (8, 9), (9, 0)], Verdict.UNKNOWN),
        (SESSIONS, [(0, 2), (5, 1)], Verdict.MET),
        (SESSIONS, [(0, 2), (5, 3)], Verdict.NOT_MET),
        (SESSIONS, [(0, 2), (5, 1), (5, 3)], Verdict.NOT_MET),  # which of the two came last is not known
        (SESSIONS, [(0, 2)], Verdict.UNKNOWN),
        (SESSIONS, [(0, 2), (8, 2)], Verdict.STALE),
        (SESSIONS, [(0, 4), (8, 2)], Verdict.NOT_MET),
        (WALK, [(0, 30), (9, 35)], Verdict.MET),
        (WALK, [(0, 30), (1, 10), (9, 35)], Verdict.MET),  # an easy walk takes nothing away
        (WALK, [(0, 30), (1, 10)], Verdict.NOT_MET),
        (WALK, [(0, 30)], Verdict.UNKNOWN),
        (WALK, [(0, 30), (20, 30)], Verdict.STALE),
        (WALK, [(20, 30)], Verdict.STALE),
        (ON_THE_SPOT, [(0, 30), (1, 30)], Verdict.MET),
        (ON_THE_SPOT, [(0, 30), (1, 29), (2, 31)], Verdict.NOT_MET),
        (LEGS, [], Verdict.UNKNOWN),
        (LEGS, [(1, 0)], Verdict.MET),
        (LEGS, [(1, 1)], Verdict.NOT_MET),
        (LEGS, [(9, 0)], Verdict.STALE),
        (LEGS, [(0, 0), (1, 1)], Verdict.MET),  # what counts is how it is
        (LEGS, [(0, 1), (1, 0)], Verdict.NOT_MET),
        (LOOK, [(2, 1)], Verdict.MET),
        (LOOK, [(2, 0)], Verdict.NOT_MET),
        (NO_PAIN, [(0, 0)], Verdict.MET),
        (NO_PAIN, [(0, 1)], Verdict.NOT_MET),  # nought is a line like any other
        (DONE, [(0, 0), (1, 1)], Verdict.MET),  # a session left out takes no other away
        (TWO_MORNINGS, [(0, 1), (0, 1), (1, 5)], Verdict.NOT_MET),  # two answers are one morning
        (TWO_MORNINGS, [(0, 1), (0, 2), (1, 1)], Verdict.MET),
        (SESSIONS, [(0, 1), (0, 2), (1, 9)], Verdict.MET),  # two sessions are two
    ],
)
def test_judge(criterion: Criterion, pairs: list[tuple[int, int]], verdict: Verdict) -> None:
    assert seen(criterion, readings(criterion, *pairs), TODAY) == verdict


@pytest.mark.parametrize(
    "changes",
    [
        {"exercise": "side_plank"},
        {"kind": Proof.SELF_REPORT},
        {"kind": Proof.CLINICIAN},
        {"what": Gauge.REPS_DONE},
        {"what": Gauge.EFFORT},
        {"on": date(2026, 11, 25)},
    ],
)
def test_evidence_about_something_else_is_no_evidence(changes: dict[str, Any]) -> None:
    [one] = readings(PLANK, (0, 60))
    assert seen(PLANK, [one], TODAY) == Verdict.MET
    assert seen(PLANK, [replace(one, **changes)], TODAY) == Verdict.UNKNOWN


def test_checks_in_other_words_are_other_checks() -> None:
    [one] = readings(LOOK, (0, 1))
    assert seen(LOOK, [replace(one, text="Walks without a limp")], TODAY) == Verdict.UNKNOWN
    each_leg = replace(HOPS, text="On each leg")
    assert seen(each_leg, readings(HOPS, (0, 12))) == Verdict.UNKNOWN
    assert seen(HOPS, readings(each_leg, (0, 12))) == Verdict.MET


def test_gate_that_asks_for_no_exercise_and_no_words_takes_any() -> None:
    walked = [replace(one, exercise="walk") for one in readings(WALK, (0, 30), (1, 30))]
    assert seen(WALK, walked) == Verdict.MET
    noted = replace(SESSIONS, text="Calm sessions")  # a note: only a clinician's check is told apart by its words
    assert seen(noted, readings(SESSIONS, (0, 2), (5, 1))) == Verdict.MET


def test_two_calm_runs_end_one_stage_and_not_the_next() -> None:
    calm = readings(RUNS, (9, 1), (7, 2))
    assert seen(RUNS, calm, since=TODAY - timedelta(days=10)) == Verdict.MET
    assert seen(RUNS, calm, since=TODAY - timedelta(days=7)) == Verdict.UNKNOWN
    assert seen(RUNS, calm, since=TODAY) == Verdict.UNKNOWN


@given(judged(), st.integers(0, 120))
def test_a_phase_knows_nothing_from_before_it(case: tuple[Criterion, list[Evidence]], ago: int) -> None:
    criterion, evidence = case
    since = TODAY - timedelta(days=ago)
    inside = [one for one in evidence if one.on >= since]
    assert seen(criterion, evidence, since=since) == seen(criterion, inside)


@given(criteria())
def test_without_evidence_nothing_is_met(criterion: Criterion) -> None:
    assert seen(criterion, [], TODAY) == Verdict.UNKNOWN


@given(judged(), st.randoms())
def test_the_order_of_evidence_does_not_matter(case: tuple[Criterion, list[Evidence]], random: Any) -> None:
    criterion, evidence = case
    mixed = random.sample(evidence, len(evidence))
    assert seen(criterion, mixed, TODAY) == seen(criterion, evidence, TODAY)


@given(judged(), st.integers(-400, 400))
def test_another_calendar_says_the_same(case: tuple[Criterion, list[Evidence]], days: int) -> None:
    criterion, evidence = case
    later = timedelta(days=days)
    moved = [replace(one, on=one.on + later) for one in evidence]
    assert seen(criterion, moved, TODAY + later) == seen(criterion, evidence, TODAY)


@given(judged())
def test_met_takes_enough_fresh_readings_that_reach_it(case: tuple[Criterion, list[Evidence]]) -> None:
    criterion, evidence = case
    good = [
        one for one in evidence if (TODAY - one.on).days <= criterion.stale_days and criterion.reached_by(one.value)
    ]
    if seen(criterion, evidence, TODAY) == Verdict.MET:
        assert len(good) >= criterion.times


@given(judged())
def test_what_is_old_or_yet_to_come_never_meets(case: tuple[Criterion, list[Evidence]]) -> None:
    criterion, evidence = case
    fresh = [one for one in evidence if (TODAY - one.on).days <= criterion.stale_days]
    to_come = [replace(one, on=TODAY + timedelta(days=1)) for one in evidence]
    met = seen(criterion, fresh, TODAY) == Verdict.MET
    assert (seen(criterion, [*evidence, *to_come], TODAY) == Verdict.MET) == met


@given(judged())
def test_time_alone_never_meets(case: tuple[Criterion, list[Evidence]]) -> None:
    criterion, evidence = case
    now, later = (seen(criterion, evidence, TODAY + timedelta(days=days)) for days in (0, 1))
    if later == Verdict.MET:
        assert now == Verdict.MET
    assert seen(criterion, evidence, TODAY + timedelta(days=400)) in (Verdict.STALE, Verdict.UNKNOWN)


@given(judged())
def test_a_bad_day_today_ends_a_state(case: tuple[Criterion, list[Evidence]]) -> None:
    criterion, evidence = case
    bad = [value for value in range(criterion.scale.high + 1) if not criterion.reached_by(value)]
    if criterion.scale.state and bad:
        assert seen(criterion, [*evidence, *readings(criterion, (0, bad[0]))], TODAY) == Verdict.NOT_MET


@given(judged(), st.integers(0, 10))
def test_a_stricter_threshold_is_not_met_sooner(case: tuple[Criterion, list[Evidence]], stricter: int) -> None:
    criterion, evidence = case
    step = {Operator.AT_MOST: -stricter, Operator.AT_LEAST: stricter}.get(criterion.operator)
    if step is None or criterion.threshold is None:
        return
    hard = replace(criterion, threshold=criterion.threshold + step)
    if seen(hard, evidence, TODAY) == Verdict.MET:
        assert seen(criterion, evidence, TODAY) == Verdict.MET


@given(criteria())
def test_json_is_lossless_and_plain(criterion: Criterion) -> None:
    said = criterion_json(criterion)
    assert criterion_from(said) == criterion
    assert {type(value) for value in said.values()} <= {str, int, bool, type(None)}
    assert list(said)[:4] == ["kind", "what", "operator", "threshold"]


@pytest.mark.parametrize(
    ("criterion", "field", "low", "high"),
    [
        (MORNINGS, "threshold", 0, 10),
        (replace(MORNINGS, what=Gauge.NEXT_MORNING_RISE), "threshold", 0, 10),
        (replace(MORNINGS, what=Gauge.EFFORT), "threshold", 0, 10),
        (WALK, "threshold", 1, 240),
        (PLANK, "threshold", 1, 300),
        (WALK, "times", 1, 20),
        (WALK, "stale_days", 1, 90),
    ],
)
def test_numbers_have_bounds(criterion: Criterion, field: str, low: int, high: int) -> None:
    for fits in (low, high):
        assert replace(criterion, **{field: fits}).problems() == ()
    for beyond in (low - 1, high + 1):
        assert replace(criterion, **{field: beyond}).problems() == ((field, "out_of_range"),)


def test_words_have_bounds() -> None:
    assert replace(LOOK, text="a" * 200).problems() == ()
    assert replace(PLANK, exercise="a" * 64).problems() == ()
    assert replace(PLANK, exercise="a" * 65).problems() == (("exercise", "too_long"),)
    assert replace(MORNINGS, times=7).problems() == ()  # as many mornings as days


def test_gate_looks_back_a_week_once_unless_it_says_else() -> None:
    assert (LEGS.times, LEGS.stale_days, LEGS.in_a_row) == (1, 7, False)
    assert (LEGS.exercise, LEGS.text) == ("", "")


@pytest.mark.parametrize("criterion", EXAMPLES)
def test_examples_are_valid(criterion: Criterion) -> None:
    assert criterion.problems() == ()


BAD = [
    (replace(MORNINGS, threshold=None), "threshold", "threshold_missing"),
    (replace(MORNINGS, threshold=11), "threshold", "out_of_range"),
    (replace(MORNINGS, operator=Operator.IS_TRUE, threshold=None), "operator", "operator_does_not_fit"),
    (replace(LEGS, operator=Operator.AT_MOST, threshold=0), "operator", "operator_does_not_fit"),
    (replace(LEGS, threshold=1), "threshold", "threshold_without_number"),
    (replace(MORNINGS, times=0), "times", "out_of_range"),
    (replace(MORNINGS, stale_days=0), "stale_days", "out_of_range"),
    (replace(MORNINGS, stale_days=91), "stale_days", "out_of_range"),
    (replace(MORNINGS, stale_days=2), "stale_days", "stale_before_done"),
    (replace(WALK, in_a_row=True), "in_a_row", "not_a_state"),
    (replace(PLANK, exercise=""), "exercise", "exercise_missing"),
    (replace(PLANK, what=Gauge.REPS_DONE, exercise=""), "exercise", "exercise_missing"),
    (replace(PLANK, what=Gauge.LOAD_KG, exercise=""), "exercise", "exercise_missing"),
    (replace(LOOK, text=" "), "text", "missing"),
    (replace(LOOK, text="a" * 201), "text", "too_long"),
    (replace(LOOK, kind=Proof.LOGGED), "kind", "only_clinician"),
    (replace(LOOK, what=Gauge.MOVEMENT_QUALITY, kind=Proof.LOGGED), "kind", "only_clinician"),
    (replace(LOOK, what=Gauge.RED_FLAGS_CLEAR, kind=Proof.SELF_REPORT), "kind", "only_clinician"),
    (replace(LEGS, what="mood"), "what", "unknown_code"),  # type: ignore[arg-type]
    (replace(LEGS, kind="rumour"), "kind", "unknown_code"),  # type: ignore[arg-type]
    (replace(LEGS, operator="about"), "operator", "unknown_code"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("criterion", "field", "code"), BAD)
def test_criterion_that_cannot_be_names_its_part(criterion: Criterion, field: str, code: str) -> None:
    assert criterion.problems() == ((field, code),)


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        ({}, {("kind", "missing"), ("what", "missing"), ("operator", "missing")}),
        ({"kind": "rumour", "what": "limp", "operator": "is_false"}, {("kind", "unknown_code")}),
        ({"kind": "logged", "what": "limp", "operator": "is_false", "times": "3"}, {("times", "not_a_number")}),
        ({"kind": "logged", "what": "limp", "operator": "is_false", "mood": 3}, {("mood", "unknown_field")}),
    ],
)
def test_what_cannot_be_read_names_every_problem(said: dict[str, Any], problems: set[tuple[str, str]]) -> None:
    with pytest.raises(ContentError) as refused:
        criterion_from(said)
    assert set(refused.value.problems) == problems


ABILITIES = {
    Gauge.SESSION_DONE: (0, 1),
    Gauge.RUN_DONE: (0, 1),
    Gauge.WALK_MINUTES: (1, 240),
    Gauge.RUN_MINUTES: (1, 600),
    Gauge.HOLD_SECONDS: (1, 300),
    Gauge.REPS_DONE: (1, 100),
    Gauge.LOAD_KG: (1, 400),
    Gauge.SINGLE_LEG_STAND_S: (1, 120),
    Gauge.SINGLE_LEG_SQUATS: (1, 50),
    Gauge.HOPS: (1, 100),
    Gauge.JOG_ON_SPOT_S: (1, 600),
}


def test_only_what_was_once_shown_outlives_a_bad_day() -> None:
    """Every other gauge is a state: pain, effort, a limp, red flags are judged by the newest word."""
    assert SCALES.keys() == set(Gauge)
    shown = {gauge: (scale.low, scale.high) for gauge, scale in SCALES.items() if not scale.state}
    assert shown == ABILITIES
    states = {(scale.low, scale.high) for scale in SCALES.values() if scale.state}
    assert states == {(0, 10), (0, 1)}
