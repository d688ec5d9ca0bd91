import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.filters import Level
from exercises.rules.ladder import in_a_circle, ladders, leads_up, levels

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


def test_same_links_make_the_same_ladders() -> None:
    assert set(ladders(BRIDGE)) == set(ladders(BRIDGE))


def test_levels_say_what_is_below_and_above() -> None:
    known = levels(iter(BRIDGE))  # links may be read only once
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


CIRCLE = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]


@pytest.mark.parametrize(
    ("low", "high", "leads"),
    [("tilt", "bridge", True), ("tilt", "single", True), ("bridge", "tilt", False), ("tilt", "plank", False)],
)
def test_a_way_up_is_found_over_any_number_of_rungs(low: str, high: str, leads: bool) -> None:
    assert leads_up(BRIDGE, low, high) is leads


def test_looking_for_a_way_up_ends_in_a_circle() -> None:
    assert leads_up(CIRCLE, "a", "d")
    assert not leads_up(CIRCLE, "a", "e")
    assert not leads_up(CIRCLE, "d", "a")


def test_circle_is_found_from_those_who_stand_in_it() -> None:
    assert [in_a_circle(CIRCLE, one) for one in "abcde"] == [True, True, True, False, False]
    assert not in_a_circle(BRIDGE, "tilt")


@given(links)
def test_circle_is_a_way_up_to_oneself(pairs: list[tuple[int, int]]) -> None:
    for one in range(10):
        assert in_a_circle(pairs, one) == any(low == one and leads_up(pairs, high, one) for low, high in pairs)


@given(links)
def test_circles_do_not_hang_and_keep_everyone(pairs: list[tuple[int, int]]) -> None:
    for ladder in ladders([*pairs, *((high, low) for low, high in pairs)]):
        assert all(ladder.rungs)
