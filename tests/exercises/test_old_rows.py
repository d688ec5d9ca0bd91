"""Rows that a clinic adopted before versions, bases and typed gates were kept."""

from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest

from exercises.actions import catalogue, exercises, protocols, retiring, updates
from exercises.catalogue import load
from exercises.kinds import Gauge, Proof
from exercises.models import Exercise, ExerciseVersion, Protocol, ProtocolPhase, ProtocolVersion
from exercises.queries import history
from exercises.queries.content import exercise_content, protocol_content
from exercises.queries.exports import exercise_rows, protocol_rows
from exercises.queries.updates import updates as told
from exercises.rules.content_json import criterion_from, exercise_from, protocol_from
from tests.cast import Cast

typed = import_module("exercises.migrations.0004_walls_and_pictures")._typed


@pytest.fixture
def old(riverside: Cast, now: datetime) -> Cast:
    """Riverside as an older release left it: no versions, no bases, gates in sentences that the migration typed."""
    catalogue.adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    ExerciseVersion.objects.all().delete()
    ProtocolVersion.objects.all().delete()
    for model in (Exercise, Protocol):
        model.objects.update(catalogue_base=None, changed_at=None, catalogue_version="2026.11")
    for phase in ProtocolPhase.objects.all():
        phase.exit_criteria = [*typed(["Pain is calm.", "x" * 300])]
        phase.save()
    return riverside


def test_sentence_becomes_a_check_that_this_release_reads(old: Cast) -> None:
    gates = protocol_content(Protocol.objects.get(code="calm_and_move")).phases[0].exit_criteria
    assert [(gate.kind, gate.what, gate.stale_days) for gate in gates] == [(Proof.CLINICIAN, Gauge.OTHER, 7)] * 3
    assert gates[0].text == "Pain is calm."


@pytest.mark.parametrize(
    ("sentence", "checks"),
    [
        ("", []),
        ("  ", []),
        ("Two\nlines\there.\x00", ["Two lines here."]),
        (f"{'a' * 150} {'b' * 150}", ["a" * 150, "b" * 150]),
        ("é" * 250, ["é" * 200, "é" * 50]),
    ],
)
def test_any_sentence_becomes_checks_that_can_be_read(sentence: str, checks: list[str]) -> None:
    """One gate that cannot be read would take its protocol's pages with it, and every export."""
    assert [criterion_from(said).text for said in typed([sentence])] == checks


def test_old_rows_are_edited_restored_and_retired(old: Cast, now: datetime) -> None:
    plank = Exercise.objects.get(code="plank")
    before = exercise_content(plank)
    assert history.history(plank) == []
    exercises.edit(exercise=plank, content=replace(before, name="Ours"), revision=1, by=old.tess, now=now)
    exercises.restore(exercise=plank, number=1, revision=2, by=old.tess, now=now)
    assert exercise_content(Exercise.objects.get(code="plank")) == before
    plan = Protocol.objects.get(code="calm_and_move")
    before_plan = protocol_content(plan)
    protocols.edit(protocol=plan, content=replace(before_plan, name="Ours"), revision=1, by=old.tess, now=now)
    protocols.restore(protocol=plan, number=1, revision=2, by=old.tess, now=now)
    assert protocol_content(plan) == before_plan
    retiring.retire(row=Protocol.objects.get(code="maintenance"), by=old.tess, now=now)
    assert [state.version.origin for state in history.history(Protocol.objects.get(code="maintenance"))] == [
        "retired",
        "catalogue",
    ]


def test_old_rows_take_the_newer_catalogue_but_not_over_an_edit(old: Cast, now: datetime) -> None:
    plank = Exercise.objects.get(code="plank")
    ours = replace(exercise_content(plank), steps=("Our own step.",))
    exercises.edit(exercise=plank, content=ours, revision=1, by=old.tess, now=now)
    shipped = load()
    newer = replace(
        shipped,
        version="2027.1",
        exercises=tuple(replace(one, name=f"{one.name}!", steps=(*one.steps, "New.")) for one in shipped.exercises),
    )
    updates.take(tokens=[one.token for one in told(newer).found], by=old.olive, now=now, catalogue=newer)
    row = Exercise.objects.get(code="plank")
    assert (row.name, row.steps) == ("Forearm plank!", ["Our own step."])
    assert Exercise.objects.get(code="walk").steps[-1] == "New."
    first = Exercise.objects.get(code="walk").versions.get(number=1)
    assert exercise_from(first.content).name == "Walk"
    typed_again = protocol_content(Protocol.objects.get(code="calm_and_move"))
    assert typed_again == next(one for one in shipped.protocols if one.code == "calm_and_move")


def test_old_rows_go_into_files(old: Cast) -> None:
    del old
    assert {exercise_from(row).code for row in exercise_rows()} == {one.code for one in load().exercises}
    assert {protocol_from(row).code for row in protocol_rows()} == {one.code for one in load().protocols}
