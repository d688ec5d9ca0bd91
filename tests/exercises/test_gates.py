from dataclasses import replace

import pytest

from exercises.catalogue import load
from exercises.forms.gate import usual
from exercises.kinds import Gauge, Operator, Proof
from exercises.models.labels_gates import AMOUNTS, GAUGES, LIMITS, OPERATORS, PROOFS
from exercises.rules.criteria import Criterion, Unit
from exercises.templatetags.gates import ICONS, gate_icon, gate_terms, gate_words

MORNING = Criterion(
    kind=Proof.SELF_REPORT, what=Gauge.NEXT_MORNING_PAIN, operator=Operator.AT_MOST, threshold=2, times=3
)
RISE = replace(MORNING, what=Gauge.NEXT_MORNING_RISE, threshold=0, in_a_row=True)
HOLD = Criterion(
    kind=Proof.LOGGED, what=Gauge.HOLD_SECONDS, operator=Operator.AT_LEAST, threshold=30, exercise="plank", times=2
)
DONE = Criterion(kind=Proof.LOGGED, what=Gauge.SESSION_DONE, operator=Operator.IS_TRUE, times=8, stale_days=14)
LIMP = Criterion(kind=Proof.CLINICIAN, what=Gauge.LIMP, operator=Operator.IS_FALSE, stale_days=1)
LOOK = Criterion(kind=Proof.CLINICIAN, what=Gauge.OTHER, operator=Operator.IS_TRUE, text="Squats with a level pelvis")
WELL = replace(LOOK, what=Gauge.MOVEMENT_QUALITY, text="back still")


@pytest.mark.parametrize(
    ("criterion", "exercise", "words", "terms"),
    [
        (MORNING, "", "Next-morning pain: 2 of 10 or less", "runner’s answer, the last 3 times, not older than 7 days"),
        (RISE, "", "Next morning no worse than usual", "runner’s answer, 3 days in a row, not older than 7 days"),
        (replace(RISE, threshold=1), "", "Next morning, above usual: 1 or less", None),
        (HOLD, "Forearm plank", "Hold, Forearm plank: 30 s or more", "logged, 2 times, not older than 7 days"),
        (replace(HOLD, operator=Operator.EXACTLY), "Plank", "Hold, Plank: exactly 30 s", None),
        (DONE, "", "Session done", "logged, 8 times, not older than 14 days"),
        (LIMP, "", "No limp", "clinician’s check, not older than 1 day"),
        (replace(LIMP, operator=Operator.IS_TRUE), "", "Limp", None),
        (replace(DONE, operator=Operator.IS_FALSE), "", "Session done: no", None),
        (LOOK, "", "Squats with a level pelvis", "clinician’s check, not older than 7 days"),
        (WELL, "", "Good movement (back still)", None),
    ],
)
def test_gate_in_words(criterion: Criterion, exercise: str, words: str, terms: str | None) -> None:
    assert gate_words(criterion, exercise) == words
    assert terms is None or gate_terms(criterion) == terms


def test_every_code_has_words_and_an_icon() -> None:
    assert (set(PROOFS), set(ICONS)) == (set(Proof), set(Proof))
    assert (set(GAUGES), set(OPERATORS), set(LIMITS)) == (set(Gauge), set(Operator), set(Operator))
    assert set(AMOUNTS) == set(Unit)


@pytest.mark.parametrize("what", Gauge)
def test_usual_gate_can_be_saved_but_for_what_only_the_clinician_knows(what: Gauge) -> None:
    said = usual(what)
    assert (said.operator in said.operators, said.kind in said.kinds) == (True, True)
    gate = Criterion(
        kind=said.kind, what=what, operator=said.operator, threshold=said.threshold, times=2, in_a_row=said.is_daily
    )
    allowed = {"exercise", "text", "threshold"} if said.threshold is None else {"exercise", "text"}
    assert {field for field, _code in gate.problems()} <= allowed
    fits = {operator for operator in Operator if "operator" not in dict(replace(gate, operator=operator).problems())}
    assert set(said.operators) == fits


def test_every_gate_of_the_catalogue_can_be_said() -> None:
    gates = [gate for protocol in load().protocols for phase in protocol.phases for gate in phase.exit_criteria]
    assert {gate.kind for gate in gates} == set(Proof)
    for gate in gates:
        said = (gate_words(gate, gate.exercise), gate_terms(gate), gate_icon(gate))
        assert all(said)
        assert "%" not in "".join(said)
