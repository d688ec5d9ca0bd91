"""What can be said of an exercise and a protocol, and that nothing of it gets lost as JSON."""

import json
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.catalogue import load
from exercises.errors import ContentError
from exercises.kinds import Laterality
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


PLAN = protocol_json(PROTOCOLS["calm_and_move"])


def plan_problems(change: Callable[[dict[str, Any]], object]) -> dict[str, str]:
    row = deepcopy(PLAN)
    change(row)
    with pytest.raises(ContentError) as caught:
        protocol_from(row)
    return dict(caught.value.problems)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda row: row.update(phases=[]), {"phases": "missing"}),
        (lambda row: row.update(phases=row["phases"][:1] * 9), {"phases": "too_many"}),
        (lambda row: row["phases"][0].update(name=" "), {"phases.0.name": "missing"}),
        (lambda row: row["phases"][0].update(blocks=[]), {"phases.0.blocks": "missing"}),
        (
            lambda row: row["phases"][0].update(blocks=row["phases"][0]["blocks"][:1] * 13),
            {"phases.0.blocks": "too_many"},
        ),
        (
            lambda row: row["phases"][1].update(exit_criteria=row["phases"][1]["exit_criteria"][:1] * 11),
            {"phases.1.exit_criteria": "too_many"},
        ),
        (
            lambda row: row["phases"][0]["exit_criteria"][0].update(text="a\nb"),
            {"phases.0.exit_criteria.0.text": "not_writable"},
        ),
        (
            lambda row: row["phases"][0]["exit_criteria"][0].update(times=0, stale_days=0),
            {"phases.0.exit_criteria.0.times": "out_of_range", "phases.0.exit_criteria.0.stale_days": "out_of_range"},
        ),
        (lambda row: row["phases"][0]["blocks"][1].update(title=""), {"phases.0.blocks.1.title": "missing"}),
        (lambda row: row["phases"][0]["blocks"][1].update(items=[]), {"phases.0.blocks.1.items": "missing"}),
        (
            lambda row: row["phases"][0]["blocks"][1].update(items=row["phases"][0]["blocks"][1]["items"][:1] * 21),
            {"phases.0.blocks.1.items": "too_many"},
        ),
        (
            lambda row: row["phases"][0]["blocks"][1]["schedule"].update(per_week=8),
            {"phases.0.blocks.1.schedule.per_week": "out_of_range"},
        ),
        (
            lambda row: row["phases"][0]["blocks"][0]["items"][1].update(note="x" * 301),
            {"phases.0.blocks.0.items.1.note": "too_long"},
        ),
        (
            lambda row: row["phases"][0]["blocks"][0]["items"][1]["dose"].update(sets=11),
            {"phases.0.blocks.0.items.1.dose.sets": "out_of_range"},
        ),
        (
            lambda row: row["phases"][0]["blocks"][0]["items"][0].update(exercise="Cat cow"),
            {"phases.0.blocks.0.items.0.exercise": "not_a_code"},
        ),
    ],
)
def test_every_problem_of_a_protocol_is_told_with_its_path(
    change: Callable[[dict[str, Any]], object], expected: dict[str, str]
) -> None:
    assert plan_problems(change) == expected


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("colour", lambda row: row),
        ("phases.0.colour", lambda row: row["phases"][0]),
        ("phases.0.exit_criteria.0.colour", lambda row: row["phases"][0]["exit_criteria"][0]),
        ("phases.0.blocks.1.colour", lambda row: row["phases"][0]["blocks"][1]),
        ("phases.0.blocks.1.schedule.colour", lambda row: row["phases"][0]["blocks"][1]["schedule"]),
        ("phases.0.blocks.1.items.0.colour", lambda row: row["phases"][0]["blocks"][1]["items"][0]),
        ("phases.0.blocks.1.items.0.dose.colour", lambda row: row["phases"][0]["blocks"][1]["items"][0]["dose"]),
    ],
)
def test_word_that_a_protocol_does_not_know_is_told_wherever_it_stands(
    path: str, part: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    assert plan_problems(lambda row: part(row).update(colour="red")) == {path: "unknown_field"}


def test_protocol_may_be_as_large_as_its_bounds() -> None:
    row = deepcopy(PLAN)
    phase = row["phases"][0]
    phase["blocks"] = phase["blocks"][:1] * 12
    phase["blocks"][0]["items"] = phase["blocks"][0]["items"][:1] * 20
    phase["exit_criteria"] = phase["exit_criteria"][:1] * 10
    row["phases"] = [phase] * 8
    assert len(list(protocol_from(row).items())) == 8 * 12 * 20


def test_exercise_may_be_as_long_as_its_columns() -> None:
    longest = {
        "code": 64,
        "name": 120,
        "avoid_when": 2000,
        "dose_source": 200,
        "figure": 64,
        "source": 200,
        "licence": 80,
    }
    said_in_full = {field: "x" * length for field, length in longest.items()}
    exercise_from(said(**said_in_full, steps=["x" * 400] * 12))
    for field, length in longest.items():
        code = "not_a_code" if field in {"code", "figure"} else "too_long"
        assert problems(said(**{field: "x" * (length + 1)})) == {field: code}
    assert problems(said(steps=["x"] * 13)) == {"steps": "too_many"}
    assert problems(said(cues=["x" * 401])) == {"cues.0": "too_long"}
    assert problems(said(regions=["core", "core"])) == {"regions": "twice"}
    assert problems(said(avoid_when="a\x00b")) == {"avoid_when": "not_writable"}


def test_misfits_name_gate_and_line() -> None:
    plan = PROTOCOLS["calm_and_move"]
    known = {code: EXERCISES[code].laterality for code in plan.exercises()}
    assert plan.misfits(known) == []
    without_walk = {code: side for code, side in known.items() if code != "walk"}
    assert [path for path, code in plan.misfits(without_walk) if code == "unknown_exercise"] == [
        "phases.0.exit_criteria.2.exercise",
        "phases.0.blocks.1.items.0.exercise",
        "phases.1.blocks.2.items.0.exercise",
    ]
    turned = known | {"cat_cow": Laterality.ONE_SIDE}
    assert {code for _path, code in plan.misfits(turned)} == {"side_missing"}
    assert len(plan.misfits(turned)) == 3


def test_name_of_a_band_is_one_line() -> None:
    dose = {"measure": "reps", "reps": 8, "side": "none", "load_kind": "band", "band": "a\nb"}
    assert problems(said(dose=dose)) == {"dose.band": "not_writable"}
