"""What can be said of an exercise and a protocol, and that nothing of it gets lost as JSON."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.catalogue import load
from exercises.errors import ContentError
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_from, exercise_json, protocol_from, protocol_json

EXERCISES = {content.code: content for content in load().exercises}
PROTOCOLS = {content.code: content for content in load().protocols}


def said(**changes: Any) -> dict[str, Any]:
    return exercise_json(EXERCISES["plank"]) | changes


def problems(row: Any) -> dict[str, str]:
    with pytest.raises(ContentError) as caught:
        exercise_from(row)
    return dict(caught.value.problems)


@pytest.mark.parametrize("code", EXERCISES)
def test_exercise_survives_json(code: str) -> None:
    assert exercise_from(json.loads(json.dumps(exercise_json(EXERCISES[code])))) == EXERCISES[code]


@pytest.mark.parametrize("code", PROTOCOLS)
def test_protocol_survives_json(code: str) -> None:
    assert protocol_from(json.loads(json.dumps(protocol_json(PROTOCOLS[code])))) == PROTOCOLS[code]


ONE_LINE = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff"), max_size=40)


@given(lines=st.lists(ONE_LINE.filter(str.strip), min_size=1, max_size=12), name=ONE_LINE)
def test_any_text_survives_json(lines: list[str], name: str) -> None:
    row = said(steps=lines, name=f"n{name}")
    content = exercise_from(row)
    assert content.steps == tuple(lines)
    assert exercise_json(content) == row


def test_every_problem_is_told_with_its_path() -> None:
    found = problems(
        said(
            name=" ",
            steps=[],
            kind="sport",
            regions=["core", "moon"],
            colour="red",
            dose={"measure": "hold", "side": "none"},
        )
    )
    assert found == {"kind": "unknown_code", "regions.1": "unknown_code", "colour": "unknown_field"}


def test_a_readable_exercise_tells_all_that_is_missing() -> None:
    found = problems(said(name=" ", steps=[], cues=[""], easier=["plank"], dose={"measure": "hold", "side": "none"}))
    assert found == {
        "name": "missing",
        "steps": "missing",
        "cues.0": "missing",
        "easier": "easier_than_itself",
        "dose.hold_s": "amount_missing",
    }


@pytest.mark.parametrize(
    ("dose", "path", "code"),
    [
        ({"measure": "hold", "hold_s": 20}, "dose.side", "missing"),
        ({"measure": "hold", "hold_s": 20, "side": "up"}, "dose.side", "unknown_code"),
        ({"measure": "hold", "hold_s": True, "side": "none"}, "dose.hold_s", "not_a_number"),
        ({"measure": "hold", "hold_s": 2000, "side": "none"}, "dose.hold_s", "out_of_range"),
        (
            {"measure": "reps", "reps": 8, "side": "none", "load_kind": "kg", "load_kg": "heavy"},
            "dose.load_kg",
            "not_a_number",
        ),
        ("20 s", "dose", "not_an_object"),
    ],
)
def test_an_unreadable_dose_names_its_part(dose: Any, path: str, code: str) -> None:
    assert problems(said(dose=dose)) == {path: code}


@pytest.mark.parametrize("row", [None, [], "plank", 3])
def test_what_is_no_object_is_refused(row: Any) -> None:
    assert problems(row) == {"": "not_an_object"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_nonsense_is_refused_and_never_crashes(nonsense: Any) -> None:
    for field in exercise_json(EXERCISES["plank"]):
        with suppress(ContentError):
            assert isinstance(exercise_from(said(**{field: nonsense})), ExerciseContent)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ufffe", "\ud800", "\n", "\r"])
def test_line_that_no_file_can_hold_is_refused(character: str) -> None:
    assert problems(said(steps=[f"Hold{character}still."])) == {"steps.0": "not_writable"}


def test_text_may_have_paragraphs() -> None:
    assert exercise_from(said(avoid_when="One.\n\nTwo.")).avoid_when == "One.\n\nTwo."


def test_series_of_sets_comes_back_and_is_named_only_where_there_is_one() -> None:
    dose = {"measure": "hold", "hold_s": 10, "side": "none", "sets": 3, "reps_pattern": [6, 4, 2]}
    content = exercise_from(said(dose=dose))
    assert (content.dose.reps_pattern, exercise_json(content)["dose"]["reps_pattern"]) == ((6, 4, 2), [6, 4, 2])
    assert exercise_from(exercise_json(content)) == content
    assert "reps_pattern" not in exercise_json(EXERCISES["plank"])["dose"]


@pytest.mark.parametrize(
    ("series", "code"),
    [
        ("6-4-2", "not_a_list"),
        ([6, "4", 2], "not_a_number"),
        ([6, 4], "pattern_does_not_fit"),
        ([6, 4, 0], "out_of_range"),
    ],
)
def test_series_that_cannot_be_is_refused(series: object, code: str) -> None:
    dose = {"measure": "hold", "hold_s": 10, "side": "none", "sets": 3, "reps_pattern": series}
    assert problems(said(dose=dose)) == {"dose.reps_pattern": code}


def test_kilograms_are_written_one_way() -> None:
    dose = {"measure": "reps", "reps": 8, "side": "none", "load_kind": "kg"}
    written = [exercise_json(exercise_from(said(dose=dose | {"load_kg": kg})))["dose"] for kg in ("2.50", 2.5, "2.5")]
    assert [dose["load_kg"] for dose in written] == ["2.5", "2.5", "2.5"]
