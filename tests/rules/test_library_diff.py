"""Two states of an exercise or a protocol beside each other: nothing is lost, nothing is invented."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.kinds import Gauge, Kind, Laterality, Measure, Operator, Pattern, Proof, Region
from exercises.rules import diff
from exercises.rules.codes import OWN, own_code
from exercises.rules.content import (
    CODE,
    CODE_LENGTH,
    BlockContent,
    ExerciseContent,
    ItemContent,
    PhaseContent,
    ProtocolContent,
)
from exercises.rules.criteria import Criterion
from exercises.rules.diff import Line, Mark
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

TEN = Dose(measure=Measure.REPS, sets=3, reps=10)
SQUAT = ExerciseContent(
    code="squat",
    name="Squat",
    kind=Kind.STRENGTH,
    laterality=Laterality.TOGETHER,
    regions=(Region.HIP,),
    steps=("Stand.", "Sit back.", "Stand up."),
    dose=TEN,
)
GATE = Criterion(kind=Proof.LOGGED, what=Gauge.SESSION_PEAK_PAIN, operator=Operator.AT_MOST, threshold=2)
BLOCK = BlockContent(
    title="Legs", schedule=Schedule(pattern=Pattern.DAILY), items=(ItemContent(exercise="squat", dose=TEN),)
)
PLAN = ProtocolContent(
    code="legs",
    name="Legs",
    phases=(
        PhaseContent(name="One", exit_criteria=(GATE,), blocks=(BLOCK,)),
        PhaseContent(name="Two", blocks=(BLOCK,)),
    ),
)


def of(lines: tuple[Line[object], ...], mark: Mark) -> list[object]:
    return [line.value for line in lines if line.mark in (Mark.SAME, mark)]


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_both_states_can_be_read_out_of_the_lines(old: list[str], new: list[str]) -> None:
    lines = diff.compare(old, new)
    assert of(lines, Mark.OUT) == old
    assert of(lines, Mark.IN) == new


def test_one_line_in_a_long_plan_is_one_change() -> None:
    lines = diff.compare(["squat"] * 300, ["squat"] * 150 + ["walk"] + ["squat"] * 150)
    assert [line for line in lines if line.mark != Mark.SAME] == [Line(Mark.IN, "walk")]


def test_same_content_has_no_change() -> None:
    assert diff.changes(SQUAT, SQUAT) == ()
    assert diff.plan_changes(PLAN, PLAN) == ()


def test_list_is_told_line_by_line() -> None:
    new = replace(SQUAT, steps=("Stand.", "Sit far back.", "Stand up."), avoid_when="The knee swells.")
    steps, avoid = diff.changes(SQUAT, new)
    assert (steps.field, [line.mark for line in steps.lines]) == ("steps", ["same", "out", "in", "same"])
    assert (avoid.field, avoid.lines) == ("avoid_when", (Line(Mark.IN, "The knee swells."),))


@pytest.mark.parametrize("field", ["regions", "equipment", "steps", "cues", "mistakes", "caution_tags", "easier"])
def test_every_list_is_told_line_by_line(field: str) -> None:
    old, new = (replace(SQUAT, **{field: lines}) for lines in (("one", "two"), ("one", "new", "two")))
    (change,) = diff.changes(old, new)
    assert change.lines == (Line(Mark.SAME, "one"), Line(Mark.IN, "new"), Line(Mark.SAME, "two"))


def test_dose_and_kind_are_one_line_each() -> None:
    new = replace(SQUAT, kind=Kind.WARM_UP, dose=replace(TEN, reps=12))
    assert [(change.field, [line.mark for line in change.lines]) for change in diff.changes(SQUAT, new)] == [
        ("kind", ["out", "in"]),
        ("dose", ["out", "in"]),
    ]


def test_plan_is_read_from_top_to_bottom() -> None:
    lighter = replace(BLOCK, items=(ItemContent(exercise="squat", dose=replace(TEN, sets=2)),))
    new = replace(PLAN, phases=(replace(PLAN.phases[0], blocks=(lighter,)), PLAN.phases[1]))
    lines = diff.plan_changes(PLAN, new)
    changed = [(line.mark, type(line.value).__name__) for line in lines if line.mark != Mark.SAME]
    assert changed == [(Mark.OUT, "ItemContent"), (Mark.IN, "ItemContent")]
    assert [type(line.value).__name__ for line in lines[:2]] == ["PhaseContent", "BlockContent"]
    assert diff.changes(PLAN, new) == ()


def test_moved_gate_is_a_change() -> None:
    one, two = PLAN.phases
    new = replace(PLAN, phases=(replace(one, exit_criteria=()), replace(two, exit_criteria=(GATE,))))
    assert [line.mark for line in diff.plan_changes(PLAN, new) if isinstance(line.value, Criterion)] == ["out", "in"]


def test_first_version_is_told_whole() -> None:
    told = diff.whole(SQUAT)
    assert [change.field for change in told] == ["name", "kind", "laterality", "regions", "steps", "dose"]
    assert {line.mark for change in told for line in change.lines} == {Mark.SAME}
    assert told[0].lines == (Line(Mark.SAME, "Squat"),)
    plan = diff.whole_plan(PLAN)
    assert (len(plan), plan[0]) == (7, Line(Mark.SAME, PhaseContent(name="One")))
    assert {line.mark for line in plan} == {Mark.SAME}
    assert diff.whole_plan(SQUAT) == ()


@given(st.text(max_size=130), st.sets(st.sampled_from(["own_x", "own_x_2", "own_a"])))
def test_own_code_is_a_free_code(name: str, taken: set[str]) -> None:
    code = own_code(name, taken)
    assert code.startswith(OWN)
    assert CODE.fullmatch(code)
    assert len(code) <= CODE_LENGTH
    assert code not in taken


def test_own_code_says_the_name() -> None:
    assert own_code("Wall sit, towel", ()) == "own_wall_sit_towel"
    assert own_code("Übung Größe", ()) == "own_ubung_groe"
    assert own_code("歩く", {"own_x"}) == "own_x_2"
    longest = own_code("w" * 120, ())
    assert len(longest) == CODE_LENGTH - 4
    assert len(own_code("w" * 120, {longest, *(f"{longest}_{n}" for n in range(2, 999))})) == CODE_LENGTH


def test_near_keeps_what_differs_below_its_phase_and_block() -> None:
    arms = replace(BLOCK, title="Arms")
    week = PhaseContent(name="Week", blocks=(BLOCK, arms), exit_criteria=(GATE,))
    plan = replace(PLAN, phases=(week, replace(week, name="Month")))
    push = ItemContent(exercise="push", dose=TEN)
    other = replace(week, name="Month", blocks=(BLOCK, replace(arms, items=(*arms.items, push))), exit_criteria=())
    told = diff.near(diff.plan_changes(plan, replace(plan, phases=(week, other))))
    assert [(line.mark, line.value) for line in told] == [
        (Mark.SAME, PhaseContent(name="Month")),
        (Mark.OUT, GATE),  # what is taken out stands before what is put in
        (Mark.SAME, replace(arms, items=())),
        (Mark.IN, push),
    ]
    assert diff.near(diff.plan_changes(plan, plan)) == ()


def test_near_gives_a_new_part_no_heading_that_it_does_not_stand_below() -> None:
    one, two = PLAN.phases
    push = ItemContent(exercise="push", dose=TEN)
    arms = replace(BLOCK, title="Arms", items=(push,))
    wider = replace(PLAN, phases=(replace(one, blocks=(BLOCK, arms)), two))
    assert diff.near(diff.plan_changes(PLAN, wider)) == (
        Line(Mark.SAME, PhaseContent(name="One")),
        Line(Mark.IN, replace(arms, items=())),
        Line(Mark.IN, push),
    )
    longer = replace(PLAN, phases=(one, two, PhaseContent(name="Three", blocks=(arms,))))
    assert diff.near(diff.plan_changes(PLAN, longer))[0] == Line(Mark.IN, PhaseContent(name="Three"))
