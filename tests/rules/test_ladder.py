import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.filters import Level
from exercises.rules.ladder import ladders, levels

BRIDGE = [("tilt", "bridge"), ("bridge", "march"), ("march", "single"), ("bridge", "thrust"), ("plank_knees", "plank")]
links = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=20)


def rungs(pairs: list[tuple[str, str]]) -> list[list[list[str]]]:
    return [[sorted(rung) for rung in ladder.rungs] for ladder in ladders(pairs)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], []),
        ([("a", "b")], [[["a"], ["b"]]]),
        (BRIDGE, [[["tilt"], ["bridge"], ["march", "thrust"], ["single"]], [["plank_knees"], ["plank"]]]),
        ([("a", "c"), ("b", "c")], [[["a", "b"], ["c"]]]),
        ([("a", "c"), ("a", "b"), ("b", "c")], [[["a"], ["b"], ["c"]]]),  # above all of its easier forms
    ],
)
def test_ladders_stand_on_their_easiest(pairs: list[tuple[str, str]], expected: list[list[list[str]]]) -> None:
    assert rungs(pairs) == expected


def test_levels_say_what_is_below_and_above() -> None:
    known = levels(BRIDGE)
    assert known["tilt"] == Level.FIRST
    assert known["bridge"] == known["march"] == Level.BETWEEN
    assert known["single"] == known["thrust"] == known["plank"] == Level.LAST
    assert "cat_cow" not in known


@given(links)
def test_every_linked_exercise_stands_once(pairs: list[tuple[int, int]]) -> None:
    found = [one for ladder in ladders(pairs) for one in ladder]
    assert sorted(found) == sorted({one for pair in pairs for one in pair})


@given(links)
def test_harder_forms_stand_higher_unless_links_go_in_a_circle(pairs: list[tuple[int, int]]) -> None:
    upward = [(low, high) for low, high in pairs if low < high]
    height = {one: n for ladder in ladders(upward) for n, rung in enumerate(ladder.rungs) for one in rung}
    assert all(height[low] < height[high] for low, high in upward)
