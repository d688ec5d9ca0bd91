"""The mathematics under the mannequin."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.figures.geometry import Point, bounds, fold, pair, polar, rounded, short, turn, two_bones

NUMBERS = st.floats(-400, 400, allow_nan=False)
POINTS = st.tuples(NUMBERS, NUMBERS)
BONES = st.floats(5, 60)


@given(POINTS, POINTS, BONES, BONES, st.sampled_from([-1, 1]))
def test_two_bones_end_at_their_target_or_say_by_how_much_they_miss(
    root: Point, target: Point, upper: float, lower: float, bend: int
) -> None:
    first, second, off = two_bones(root, target, upper, lower, bend)
    end = polar(polar(root, first, upper), second, lower)
    assert math.dist(end, target) == pytest.approx(off, abs=1e-3)


@given(POINTS, st.floats(10, 70), st.floats(-180, 180))
def test_the_joint_bends_to_the_side_it_is_told(root: Point, distance: float, angle: float) -> None:
    target = polar(root, angle, distance)
    first, second, _ = two_bones(root, target, 43, 41, 1)
    assert fold(first - second) > 0
    first, second, _ = two_bones(root, target, 43, 41, -1)
    assert fold(first - second) < 0


@given(st.floats(-5000, 5000), st.integers(-3, 3))
def test_fold_is_the_same_direction(angle: float, rounds: int) -> None:
    assert -180 < fold(angle + 360 * rounds) <= 180.0000001
    assert math.cos(math.radians(fold(angle))) == pytest.approx(math.cos(math.radians(angle)), abs=1e-6)


@given(st.floats(-180, 180), st.floats(-180, 180))
def test_turning_takes_the_shorter_way(a: float, b: float) -> None:
    assert abs(turn(a, b, 1) - a) <= 180.0000001
    assert abs(turn(a, b, 0.5) - a) <= 90.0000001


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0"), (-0.04, "0"), (12.0, "12"), (-7.25, "-7.2"), (3.14159, "3.1")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_paths_have_svgs_axes() -> None:
    assert pair((1, 2)) == "1-2"
    assert rounded([(0, 0), (4, 0), (4, 4)]).startswith("M2-2Q0 0 2 0")
    assert bounds([((0, 0), 2), ((5, 1), 1)]) == (-2, -2, 6, 2)
