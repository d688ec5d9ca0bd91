"""What one edition changes in another."""

from dataclasses import replace
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.diff import compare, pair_lines
from athletes.rules.plan import Plan, PlannedBlock, PlannedLine
from exercises.kinds import Measure, Pattern, Side
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

DAILY = Schedule(pattern=Pattern.DAILY)
THREE = Schedule(pattern=Pattern.PER_WEEK, per_week=3)
DOSE = Dose(measure=Measure.REPS, sets=3, reps=10)
PLANK, BRIDGE, BUG = uuid4(), uuid4(), uuid4()
ONE, TWO = UUID(int=1), UUID(int=2)


def line(exercise: UUID, **dose: object) -> PlannedLine:
    return PlannedLine(exercise=exercise, dose=replace(DOSE, **dose))


def plan(*lines: PlannedLine, schedule: Schedule = DAILY, lineage: UUID = ONE) -> Plan:
    return Plan((PlannedBlock(lineage=lineage, title="Strength", schedule=schedule, lines=lines),))


def test_compare_same_plan_is_nothing() -> None:
    assert not compare(plan(line(PLANK)), plan(line(PLANK)))


def test_compare_dose_names_the_parts_that_differ() -> None:
    (change,) = compare(plan(line(BRIDGE)), plan(line(BRIDGE, reps=8, side=Side.EACH))).lines()
    assert (change.kind, change.fields) == ("changed", {"reps", "side"})


def test_compare_note_is_a_change() -> None:
    (change,) = compare(plan(line(BUG)), plan(replace(line(BUG), note="Slowly"))).lines()
    assert change.fields == {"note"}


def test_compare_added_and_removed_lines() -> None:
    old, new = plan(line(PLANK), line(BRIDGE)), plan(line(PLANK), line(BRIDGE), line(BUG))
    assert [(change.kind, change.after.exercise) for change in compare(old, new).lines()] == [("added", BUG)]
    assert [(change.kind, change.before.exercise) for change in compare(new, old).lines()] == [("removed", BUG)]


def test_compare_exercise_in_the_place_of_another_is_swapped() -> None:
    (change,) = compare(plan(line(PLANK), line(BRIDGE)), plan(line(BUG), line(BRIDGE))).lines()
    assert (change.kind, change.before.exercise, change.after.exercise) == ("swapped", PLANK, BUG)


def test_compare_schedule_before_and_after() -> None:
    (block,) = compare(plan(line(PLANK)), plan(line(PLANK), schedule=THREE)).blocks
    assert block.schedule == (DAILY, THREE)
    assert block.lines == ()


def test_compare_blocks_by_lineage() -> None:
    difference = compare(plan(line(PLANK)), plan(line(PLANK), lineage=TWO))
    assert [block.kind for block in difference.blocks] == ["added", "removed"]


def test_compare_order_alone_is_a_change() -> None:
    difference = compare(plan(line(PLANK), line(BUG)), plan(line(BUG), line(PLANK)))
    assert difference.reordered
    assert not difference.blocks
    assert difference


def test_pair_lines_of_an_exercise_twice_first_to_first() -> None:
    old, new = (line(PLANK, reps=1), line(PLANK, reps=2)), (line(PLANK, reps=3), line(PLANK, reps=4))
    assert pair_lines(old, new) == list(zip(old, new, strict=True))


LINES = st.lists(st.builds(line, st.sampled_from([PLANK, BRIDGE, BUG]), reps=st.integers(1, 3)), max_size=5)


@given(LINES, LINES)
def test_pair_lines_use_every_line_once(old: list[PlannedLine], new: list[PlannedLine]) -> None:
    pairs = pair_lines(old, new)
    assert [after for _, after in pairs if after] == new
    assert sorted(map(repr, (before for before, _ in pairs if before))) == sorted(map(repr, old))


@given(LINES, LINES)
def test_compare_says_something_exactly_when_plans_differ(old: list[PlannedLine], new: list[PlannedLine]) -> None:
    assert bool(compare(plan(*old), plan(*new))) == (old != new)
