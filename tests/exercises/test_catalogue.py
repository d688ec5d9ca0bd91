import re
from typing import Any

import pytest

from exercises.catalogue import load, parse
from exercises.errors import CatalogueError
from exercises.figures.pose import movement
from exercises.kinds import Caution, Equipment, Gauge, Kind, Trigger
from exercises.models.labels_gates import GAUGES
from exercises.rules.content import ExerciseContent
from exercises.rules.ladder import ladders

# CLINICAL.md section 0, rows 26-34 and 39-43, and the moves the protocols need.
SEED = {
    "leg_swing",
    "leg_swing_side",
    "hip_circle",
    "torso_twist",
    "pigeon_pose",
    "hip_flexor_stretch",
    "butterfly_stretch",
    "forward_bend",
    "seated_hamstring_stretch",
    "lunge_stretch",
    "lunge_strength",
    "deadbug",
    "plank",
    "side_plank",
    "glute_bridge",
    "hip_thrust",
    "bird_dog",
    "cat_cow",
}
# How steps name each piece: by its word, by a part of it, or (a mat) by what is done on it.
NAMED = {
    Equipment.MAT: r"mat|lie (?:face|on your)|(?:half-)?kneel\w*|all fours",
    Equipment.FOAM_ROLLER: "roller",
    Equipment.YOGA_BLOCK: "yoga block",
    Equipment.BAND: "band",
    Equipment.DUMBBELL: "dumbbell",
    Equipment.BARBELL: "barbell",
    Equipment.BENCH: "bench",
    Equipment.STEP: "on a step",
    Equipment.STRAP: "strap",
    Equipment.CHAIR: "chair",
    Equipment.WALL: "wall",
    Equipment.BALL: "a ball",
    Equipment.BIKE: "saddle",
    Equipment.CROSS_TRAINER: "pedals",
    Equipment.POOL: "in water|lengths",
    Equipment.HEAT_PACK: "heat pack",
    Equipment.MACHINE: "plate",
}
ALTERNATIVE = re.compile(r"\bor (?:\w+ ){0,3}$")  # "a chair, or on a tall yoga block": the chair is enough
# The props that draw a piece, where they are called otherwise.
DRAWN_AS = {
    Equipment.MAT: {"mat", "rug"},
    Equipment.FOAM_ROLLER: {"roller"},
    Equipment.YOGA_BLOCK: {"block"},
    Equipment.BAND: {"band", "loop"},
    Equipment.WALL: {"wall", "panel"},
    Equipment.CROSS_TRAINER: {"machine"},
    Equipment.HEAT_PACK: {"pad"},
}
LOADS = {Equipment.BAND, Equipment.DUMBBELL, Equipment.BARBELL, Equipment.MACHINE}
BY_CODE = {entry.code: entry for entry in load().exercises}
EVERY = pytest.mark.parametrize("entry", load().exercises, ids=lambda entry: entry.code)


def test_catalogue_holds_every_exercise_of_the_seed() -> None:
    assert set(BY_CODE) >= SEED


@EVERY
def test_exercise_is_complete(entry: ExerciseContent) -> None:
    assert 3 <= len(entry.steps) <= 6
    assert entry.cues
    assert entry.mistakes
    assert entry.avoid_when
    assert entry.regions
    assert entry.dose_source
    assert entry.source
    assert entry.licence
    assert re.fullmatch(r"[a-z][a-z_]*[a-z]", entry.code)
    assert len(entry.name) <= 120


@EVERY
def test_sentences_end_and_cues_do_not(entry: ExerciseContent) -> None:
    assert all(text.endswith(".") for text in (*entry.steps, *entry.mistakes, entry.avoid_when))
    assert not any(text.endswith(".") for text in (*entry.cues, entry.dose_source))


@EVERY
def test_dose_is_valid_and_names_its_side(entry: ExerciseContent) -> None:
    entry.dose.validate()
    entry.dose.check_side(entry.laterality)
    assert entry.dose.seconds() <= (30 if entry.kind == Kind.ACTIVITY else 20) * 60


def needed(steps: tuple[str, ...]) -> set[Equipment]:
    """Return the pieces that steps ask for. What follows an "or" would do as well: it is not needed."""
    return {
        piece
        for piece, words in NAMED.items()
        for step in steps
        for found in re.finditer(rf"\b(?:{words})\b", step.lower())
        if not ALTERNATIVE.search(step.lower()[: found.start()])
    }


@pytest.mark.parametrize(
    ("step", "pieces"),
    [
        ("Hold a dumbbell or a barbell.", {Equipment.DUMBBELL}),
        ("Rest on a chair, or on a tall yoga block.", {Equipment.CHAIR}),
        ("Lie on your back, heels on a bench.", {Equipment.MAT, Equipment.BENCH}),
        ("Take a long step on the ball of the foot.", set()),
    ],
)
def test_steps_tell_needs_from_alternatives(step: str, pieces: set[Equipment]) -> None:
    assert needed((step,)) == pieces


@EVERY
def test_equipment_is_what_the_steps_cannot_do_without(entry: ExerciseContent) -> None:
    """Who has a dumbbell must find what a dumbbell is enough for, and nothing that needs more."""
    assert set(entry.equipment) == needed(entry.steps)


@EVERY
def test_what_is_needed_is_drawn(entry: ExerciseContent) -> None:
    drawn = {prop["kind"] for prop in movement(entry.figure).props}
    assert [piece for piece in entry.equipment if not drawn & DRAWN_AS.get(piece, {piece.value})] == []


@EVERY
def test_load_is_marked(entry: ExerciseContent) -> None:
    """CLINICAL.md section 4: load is kilograms or a band, and none is the body alone."""
    assert (Caution.EXTERNAL_LOAD in entry.caution_tags) == bool(LOADS & set(entry.equipment))


@pytest.mark.parametrize("code", ["forward_bend", "seated_hamstring_stretch", "cat_cow"])
def test_what_bends_the_spine_says_so(code: str) -> None:
    assert Caution.SPINAL_FLEXION in BY_CODE[code].caution_tags


def test_side_plank_begins_on_the_knees() -> None:
    assert Caution.LOW_TOLERANCE in BY_CODE["side_plank"].caution_tags
    assert BY_CODE["side_plank"].easier == ("side_plank_knees",)


def test_ladders_have_no_circle() -> None:
    def climb(code: str, path: tuple[str, ...]) -> None:
        assert code not in path, (*path, code)
        for easier in BY_CODE[code].easier:
            climb(easier, (*path, code))

    for code in BY_CODE:
        climb(code, ())


LINKS = [(easier, entry.code) for entry in load().exercises for easier in entry.easier]
DIRECTIONS = {Caution.SPINAL_FLEXION, Caution.SPINAL_EXTENSION, Caution.SPINAL_ROTATION}


def test_harder_form_loads_the_same_part_of_the_body() -> None:
    for easier, harder in LINKS:
        assert set(BY_CODE[easier].regions) & set(BY_CODE[harder].regions), (easier, harder)


def test_ladder_moves_the_spine_in_one_direction() -> None:
    """Bending, arching and turning are no order: none of them is the harder form of another."""
    for ladder in ladders(LINKS):
        said = {code: DIRECTIONS & set(BY_CODE[code].caution_tags) for code in ladder}
        named = [directions for directions in said.values() if directions]
        assert not named or set.intersection(*named), said


def test_rolling_stands_only_on_ladders_of_rolling() -> None:
    rolled = {code for code, entry in BY_CODE.items() if "rolling" in entry.name}
    assert rolled
    for easier, harder in LINKS:
        assert (easier in rolled) == (harder in rolled), (easier, harder)


def test_phases_have_no_number_but_the_one_that_the_page_gives() -> None:
    for protocol in load().protocols:
        texts = [protocol.name, protocol.summary, protocol.audience, *(phase.name for phase in protocol.phases)]
        notes = [item.note for phase in protocol.phases for block in phase.blocks for item in block.items]
        steps = [step for entry in load().exercises for step in entry.steps]
        assert not [text for text in (*texts, *notes, *steps) if re.search(r"(?i)\b(stage|phase)s? \d", text)]


def test_gate_on_each_leg_says_so_once() -> None:
    for protocol in load().protocols:
        for gate in [gate for phase in protocol.phases for gate in phase.exit_criteria]:
            assert not ("left and right" in str(GAUGES[gate.what]) and "each leg" in gate.text.casefold()), gate


def test_protocols_keep_blocks_short() -> None:
    for protocol in load().protocols:
        for phase in protocol.phases:
            assert phase.exit_criteria
            for block in phase.blocks:
                assert 2 <= len(block.items) <= 4, (protocol.code, block.title)


def test_protocols_use_every_kind_of_schedule_but_none_twice_for_one_day() -> None:
    blocks = [block for protocol in load().protocols for phase in protocol.phases for block in phase.blocks]
    assert {block.schedule.trigger for block in blocks} == set(Trigger)
    assert {block.schedule.pattern for block in blocks} >= {"daily", "per_week", "weekdays"}


def test_every_phase_with_due_sessions_has_a_five_minute_version() -> None:
    for protocol in load().protocols:
        for phase in protocol.phases:
            for block in phase.blocks:
                short = [item for item in block.items if item.in_bad_day_set]
                assert bool(short) == block.schedule.counted, (protocol.code, phase.name, block.title)
                assert sum(item.dose.seconds() for item in short) <= 10 * 60


def test_a_bad_day_never_asks_for_what_many_tolerate_badly() -> None:
    for protocol in load().protocols:
        for phase in protocol.phases:
            short = [item.exercise for block in phase.blocks for item in block.items if item.in_bad_day_set]
            assert not [code for code in short if Caution.LOW_TOLERANCE in BY_CODE[code].caution_tags], protocol.code


def test_no_phase_ends_without_looking_at_pain_and_the_mornings() -> None:
    """CLINICAL.md section 4, pain gate: the last two sessions calm, and next mornings as usual."""
    for protocol in load().protocols:
        for phase in protocol.phases[:-1]:
            gauges = {gate.what for gate in phase.exit_criteria}
            assert gauges & {Gauge.SESSION_PEAK_PAIN, Gauge.RUN_PEAK_PAIN}, (protocol.code, phase.name)
            assert gauges & {Gauge.NEXT_MORNING_RISE, Gauge.NEXT_MORNING_PAIN}, (protocol.code, phase.name)


def test_easier_never_means_a_weight_or_a_landing_more() -> None:
    heavier = {Caution.EXTERNAL_LOAD, Caution.IMPACT}
    for entry in load().exercises:
        for code in entry.easier:
            assert not heavier & set(BY_CODE[code].caution_tags) - set(entry.caution_tags), (entry.code, code)


def file(**changes: Any) -> dict[str, Any]:
    row = {
        "code": "plank",
        "name": "Plank",
        "kind": "strength",
        "laterality": "together",
        "regions": ["core"],
        "equipment": [],
        "steps": ["Hold."],
        "cues": [],
        "mistakes": [],
        "caution_tags": [],
        "avoid_when": "Never.",
        "dose": {"measure": "hold", "sets": 3, "hold_s": 20, "side": "none"},
        "dose_source": "None",
    }
    return {"version": "1", "source": "Test", "licence": "MIT", "exercise": [{**row, **changes}]}


def test_parse_accepts_a_whole_exercise() -> None:
    assert parse([file()]).exercises[0].dose.hold_s == 20


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "dance"},
        {"regions": ["elbow"]},
        {"caution_tags": ["scary"]},
        {"easier": ["nowhere"]},
        {"easier": ["plank"]},
        {"dose": {"measure": "hold", "sets": 3, "hold_s": 900, "side": "none"}},
        {"dose": {"measure": "hold", "sets": 3, "hold_s": 20}},
        {"dose": {"measure": "hold", "sets": 3, "hold_s": 20, "side": "each"}},
        {"dose": {"measure": "hold", "sets": 3, "hold_s": 20, "side": "none", "speed": 3}},
    ],
)
def test_parse_refuses_a_mistake(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match="plank"):
        parse([file(**changes)])


def test_parse_refuses_two_exercises_with_one_code() -> None:
    with pytest.raises(CatalogueError, match="share"):
        parse([file(), file()])


def test_parse_refuses_a_protocol_of_unknown_exercises() -> None:
    block = {"title": "Core", "schedule": {"trigger": "if_stiff"}, "items": [{"exercise": "nowhere"}]}
    phase = {"name": "One", "exit_criteria": [], "block": [block]}
    protocol = {"code": "p", "name": "P", "summary": "", "audience": "", "source": "", "phase": [phase]}
    with pytest.raises(CatalogueError, match="nowhere"):
        parse([file(), {"version": "1", "protocol": [protocol]}])
