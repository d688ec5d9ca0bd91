"""The seed article is all there: each row of docs/CLINICAL.md section 0 points at what stands for it in the portal.

A row whose own object comes with a later part of the portal (intake fields, load advice, the review rule) still points at
what stands for it today, and LATER says what is missing. Section 4's starting table is held to the catalogue as well.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from athletes.models import EscalationRule, PainReport, Program
from clinic.roles import ROLES, Permission, Role
from exercises.catalogue import load
from exercises.kinds import CardKind, Caution, Equipment, Factor, Region, Trigger

CLINICAL = Path(settings.BASE_DIR, "docs/CLINICAL.md").read_text(encoding="utf-8")
EXERCISES = {exercise.code: exercise for exercise in load().exercises}
CARDS = {card.code: card for card in load().cards}
PROTOCOLS = {protocol.code: protocol for protocol in load().protocols}


def has_page(name: str) -> bool:
    """Tell whether our rooms serve a page of this name."""
    room, page = name.split(":")
    return page in {key for key in get_resolver().namespace_dict[room][1].reverse_dict if isinstance(key, str)}


KNOWN: dict[str, Any] = {
    "exercise": EXERCISES,
    "card": CARDS,
    "protocol": PROTOCOLS,
    "factor": Factor,
    "region": Region,
    "equipment": Equipment,
    "caution": Caution,
    "trigger": Trigger,
    "context": PainReport.Context.values,
    "rule": EscalationRule.Kind.values,
    "outcome": Program.Outcome.values,
    "permission": Permission,
}
# What a row's type asks for: the kinds of object of which one at least must stand for it.
ASKED = {
    "EX": {"exercise"},
    "ED": {"card"},
    "IN": {"factor"},
    "ER": {"rule"},
    "LA": {"card"},  # until load advice is computed, a card gives it and a clinician decides
    "PC": {"context"},
    "UX": {"permission"},
}
ROWS: dict[int, str] = {
    1: "factor:strain card:cause_strain",
    2: "factor:overuse card:cause_overuse",
    3: "factor:imbalance factor:weakness factor:tightness card:cause_imbalance region:core region:hip",
    4: "factor:biomechanics card:cause_biomechanics",
    5: "factor:running_form card:cause_running_form",
    6: "factor:footwear card:cause_footwear",
    7: "factor:herniated_disc card:cause_disc caution:spinal_flexion rule:feels_wrong",
    8: "factor:si_joint factor:bone_stress card:cause_si_joint card:cause_bone_stress",
    9: "factor:facet_joint card:cause_facet",
    10: "factor:si_joint card:cause_si_joint",
    11: "factor:load_spike card:cause_load_spike",
    12: "card:cause_impact",
    13: "card:prevent_footwear factor:footwear",
    14: "card:prevent_core protocol:core_hip_strength_8_weeks protocol:core_endurance",
    15: "exercise:leg_swing exercise:march_high_knees trigger:before_run card:prevent_warm_up",
    16: "exercise:cool_down_walk exercise:leg_swing trigger:after_run card:prevent_cool_down",
    17: "card:train_fewer",
    18: "card:train_shorter",
    19: "card:train_slower",
    20: "card:prevent_surfaces factor:surface",
    21: "card:train_low_impact exercise:swim",
    22: "card:train_low_impact exercise:cycle",
    23: "rule:P1 context:during_run card:train_stop card:key_stop",
    24: "card:heal_rest protocol:acute_flare_week",
    25: "card:train_adjust",
    26: "exercise:leg_swing exercise:leg_swing_side",
    27: "exercise:hip_circle",
    28: "exercise:torso_twist",
    29: "exercise:pigeon_pose exercise:figure_four",
    30: "exercise:hip_flexor_stretch",
    31: "exercise:butterfly_stretch",
    32: "exercise:forward_bend caution:spinal_flexion",
    33: "exercise:seated_hamstring_stretch caution:spinal_flexion",
    34: "exercise:lunge_stretch exercise:lunge_strength",
    35: "region:lower_back region:hip region:hamstrings",
    36: "equipment:foam_roller exercise:foam_roll_glutes exercise:foam_roll_quads exercise:foam_roll_thoracic "
    "exercise:foam_roll_hamstrings exercise:foam_roll_calves card:heal_rolling",
    37: "equipment:yoga_block exercise:pigeon_block exercise:forward_bend_block",
    38: "card:prevent_stretching page:athletes:athlete",
    39: "exercise:deadbug",
    40: "exercise:plank",
    41: "exercise:side_plank exercise:side_plank_knees caution:low_tolerance",
    42: "exercise:glute_bridge",
    43: "exercise:hip_thrust",
    44: "region:core region:lower_back region:glutes region:quadriceps region:hamstrings",
    45: "permission:prescribe card:help_technique page:athletes:publish page:exercises:exercise page:exercises:media",
    46: "card:prevent_strength",
    47: "card:prevent_gradual card:key_gradual protocol:return_to_running protocol:hip_glute_strength",
    48: "card:form_after",
    49: "card:heal_stay_active exercise:swim exercise:cycle exercise:walk",
    50: "card:heal_heat exercise:heat",
    51: "card:heal_ice",
    52: "card:heal_pain_relief factor:pain_relief",
    53: "page:athletes:draft page:athletes:my_program card:heal_physio",
    54: "card:heal_yoga exercise:yoga",
    55: "card:heal_tai_chi exercise:tai_chi",
    56: "factor:stress factor:sleep factor:mood card:heal_stress exercise:diaphragm_breathing",
    57: "card:help_plan outcome:goal_met page:athletes:new_program",
    58: "rule:feels_wrong card:help_persist factor:pain_persists outcome:referred",
    59: "card:prevent_hydration",
    60: "card:prevent_eating factor:low_energy factor:bone_stress",
    61: "card:prevent_listen rule:P1 rule:P2",
    62: "card:form_core",
    63: "card:form_neutral_spine exercise:pelvic_tilt exercise:bird_dog",
    64: "card:form_waist",
    65: "context:sitting factor:sitting card:cause_sitting",
    66: "card:prevent_breaks protocol:hamstring_desk",
    67: "card:prevent_posture",
    68: "card:prevent_workspace",
    69: "card:key_warm_up card:key_shoes card:key_gradual card:key_stop card:key_exercise",
    70: "card:faq_running card:faq_stop_getting card:faq_how_to_run card:faq_sitting page:exercises:faq",
    71: "context:during_run context:after_run context:sitting context:rest_now rule:P1 factor:pain_persists",
}
INTAKE = "the intake, where a clinician sets it; the code list, its words and its card stand"
ADVICE = "load advice computed from runs; the card says it and a clinician decides"
LATER: dict[int, str] = {
    **dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 56, 65), INTAKE),
    **dict.fromkeys((17, 18, 19, 20, 21, 22, 24, 25, 47, 49), ADVICE),
    11: f"{INTAKE}; {ADVICE}",
    38: "an adherence figure of its own for stretching; the record counts every session",
    52: f"{INTAKE}; asking before a session whether pain relief was taken",
    57: "goals in the runner’s words; a program ends with whether its goal was met",
    58: "the review rule P4; the emergency page and the card stand",
    60: "the low-energy screen; its factor and card stand",
    66: "the opt-in reminder; the desk protocol asks for the break",
}


def table(section: str, columns: int) -> list[list[str]]:
    """Return the rows of a section's tables that have so many columns, without their heads."""
    text = re.split(r"^## ", CLINICAL, flags=re.MULTILINE)
    [body] = [part for part in text if part.startswith(section)]
    rows = [[cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in body.splitlines() if line[:1] == "|"]
    return [row for row in rows if len(row) == columns or (len(row) == columns - 1 and columns == 5)]


SEED = {int(row[0]): row for row in table("0. Seed", 5) if row[0].isdigit()}


def stands(n: int) -> list[tuple[str, str]]:
    return [tuple(one.split(":", 1)) for one in ROWS[n].split()]  # type: ignore[misc]


def test_every_row_of_the_seed_has_an_answer() -> None:
    assert set(ROWS) == set(SEED) == set(range(1, 72))
    assert set(LATER) <= set(ROWS)


@pytest.mark.parametrize("n", ROWS)
def test_what_stands_for_a_row_exists(n: int) -> None:
    for kind, code in stands(n):
        assert has_page(code) if kind == "page" else code in list(KNOWN[kind]), (n, kind, code)


@pytest.mark.parametrize("n", ROWS)
def test_what_stands_for_a_row_is_of_its_type(n: int) -> None:
    kinds = {kind for kind, _ in stands(n)}
    types = set(re.findall(r"\b(EX|ED|IN|ER|LA|PC|UX)\b", SEED[n][3]))
    for one in types - ({"LA"} if "ED" in types else set()):
        assert kinds & ASKED[one], (n, SEED[n][1], one)


@pytest.mark.parametrize("n", ROWS)
def test_rows_that_wait_for_a_later_part_say_so(n: int) -> None:
    waits = re.search(r"\b(IN|LA|P4)\b|Goal|metric|reminder|screen link", SEED[n][3])
    assert bool(waits) == (n in LATER), (n, SEED[n][3])


def test_cards_carry_the_caveats_of_the_seed() -> None:
    said = {
        "heal_ice": "not enough evidence",
        "heal_heat": "small and short",
        "heal_rest": "Rest in bed for longer has not been shown to help",
        "heal_pain_relief": "no product and no dose",
        "heal_yoga": "when your therapist has recommended",
        "heal_tai_chi": "when your therapist has recommended",
        "prevent_strength": "not guaranteed",
        "prevent_gradual": "ten percent",
        "prevent_listen": "borrowed from tendon injuries",
        "prevent_hydration": "general advice",
        "cause_load_spike": "no score",
        "cause_si_joint": "bone stress",
        "prevent_footwear": "not been shown",
        "form_step_rate": "No trial in back pain",
    }
    assert {code for code, words in said.items() if words not in CARDS[code].caveat} == set()


def test_key_messages_are_five_and_every_question_is_answered() -> None:
    by_kind = [card.kind for card in load().cards]
    assert by_kind.count(CardKind.KEY_MESSAGE) == 5
    assert by_kind.count(CardKind.FAQ) >= 4


def test_only_clinicians_prescribe() -> None:
    """Row 45: no dose reaches a runner without one."""
    assert {role for role, may in ROLES.items() if Permission.PRESCRIBE in may} == {Role.OWNER, Role.THERAPIST}


def test_seated_and_standing_bends_are_marked_and_lunges_named_for_what_they_are() -> None:
    assert all(
        Caution.SPINAL_FLEXION in EXERCISES[c].caution_tags for c in ("forward_bend", "seated_hamstring_stretch")
    )
    assert Region.HAMSTRINGS not in EXERCISES["lunge_stretch"].regions
    assert {Region.HIP, Region.QUADRICEPS} & set(EXERCISES["lunge_stretch"].regions)


def test_library_is_large_enough() -> None:
    assert len(EXERCISES) >= 72
    assert len(PROTOCOLS) >= 8


@pytest.mark.parametrize("code", EXERCISES)
def test_dose_is_within_validation_and_ladder_leads_somewhere(code: str) -> None:
    exercise = EXERCISES[code]
    exercise.validate()
    exercise.dose.check_side(exercise.laterality)
    assert set(exercise.easier) <= set(EXERCISES)


@pytest.mark.parametrize("code", PROTOCOLS)
def test_protocol_is_within_validation_and_has_gates(code: str) -> None:
    protocol = PROTOCOLS[code]
    protocol.validate()
    assert protocol.source
    for phase in protocol.phases:
        assert phase.exit_criteria
        assert {gate.exercise for gate in phase.exit_criteria} - {""} <= set(EXERCISES)


# Section 4, "Starting templates": the row, our exercise, its dose there, and what the row regresses and progresses to.
START: dict[str, tuple[str, dict[str, object], set[str], set[str]]] = {
    "Deadbug": (
        "deadbug",
        {"sets": 2, "reps": 12, "tempo": "3-0-1-0"},
        {"heel_taps", "deadbug_arms"},
        {"deadbug_band"},
    ),
    "Plank": ("plank", {"sets": 3, "hold_s": 20, "rest_s": 45}, {"plank_knees", "plank_incline"}, {"plank_leg_lift"}),
    "Side plank": ("side_plank_knees", {"sets": 3, "hold_s": 10}, {"side_plank_wall"}, {"side_plank"}),
    "Bird-dog": ("bird_dog", {"sets": 3, "reps_pattern": (6, 4, 2), "hold_s": 5}, {"bird_dog_leg"}, set()),
    "Curl-up (McGill)": (
        "curl_up",
        {"sets": 3, "reps_pattern": (6, 4, 2), "hold_s": 5},
        {"abdominal_brace"},
        set(),
    ),
    "Glute bridge": (
        "glute_bridge",
        {"sets": 3, "reps": 12, "hold_s": 2},
        {"glute_bridge_short"},
        {"single_leg_bridge"},
    ),
    "Hip thrust": ("hip_thrust", {"sets": 3, "reps": 8, "reps_max": 10, "effort_rpe": 6}, {"glute_bridge"}, set()),
    "Split squat / lunge": (
        "lunge_strength",
        {"sets": 3, "reps": 8, "reps_max": 10},
        {"split_squat_supported"},
        {"split_squat_dumbbell"},
    ),
    "Leg press / squat": (
        "squat",
        {"sets": 3, "reps": 8, "reps_max": 10, "effort_rpe": 6},
        {"sit_to_stand"},
        {"goblet_squat"},
    ),
    "Hip abduction (side-lying/band)": (
        "side_lying_hip_abduction",
        {"sets": 3, "reps": 12},
        {"clamshell"},
        {"band_hip_abduction"},
    ),
    "Calf raise": ("calf_raise", {"sets": 3, "reps": 12}, {"calf_raise_seated"}, {"calf_raise_single"}),
    "Cat-cow": ("cat_cow", {"sets": 1, "reps": 8, "reps_max": 10}, {"seated_cat_cow"}, set()),
    "Torso twist (standing)": ("torso_twist", {"sets": 1, "reps": 20}, {"seated_twist"}, set()),
    "Leg swing": ("leg_swing", {"sets": 1, "reps": 10}, set(), set()),
    "Hip circle": ("hip_circle", {"sets": 1, "reps": 16}, set(), set()),
    "Hip-flexor stretch": (
        "hip_flexor_stretch",
        {"sets": 2, "hold_s": 30},
        {"standing_hip_flexor_stretch"},
        set(),
    ),
    "Pigeon": ("pigeon_pose", {"sets": 2, "hold_s": 30}, {"figure_four", "pigeon_block"}, set()),
    "Butterfly": ("butterfly_stretch", {"sets": 2, "hold_s": 30}, {"butterfly_supported"}, set()),
    "Hamstring: supine strap / seated": (
        "supine_hamstring_stretch",
        {"sets": 2, "hold_s": 30},
        {"supine_hamstring_bent"},
        {"seated_hamstring_stretch"},
    ),
    "Forward bend": ("forward_bend", {"sets": 2, "hold_s": 20}, {"forward_bend_block"}, set()),
    "Lunge stretch": ("lunge_stretch", {"sets": 2, "hold_s": 30}, {"lunge_stretch_short"}, set()),
    "Foam roll glute/quad/T-spine": ("foam_roll_glutes", {"sets": 1, "time_s": 45}, {"wall_ball_glutes"}, set()),
    "Walk": ("walk", {"sets": 1, "time_s": 900}, set(), {"run_walk"}),
}


def below(code: str) -> set[str]:
    """Return every easier form of an exercise, down its ladder."""
    return {found for easier in EXERCISES[code].easier for found in (easier, *below(easier))}


def test_every_row_of_the_starting_table_is_in_the_library() -> None:
    rows = [row[0] for row in table("4. Dosage", 5) if len(row) == 5]
    assert set(START) == set(rows[rows.index("Exercise") + 1 :]) - {"---"}


@pytest.mark.parametrize("name", START)
def test_starting_dose_and_ladder_are_those_of_the_table(name: str) -> None:
    code, dose, easier, harder = START[name]
    said = EXERCISES[code].dose
    assert {part: getattr(said, part) for part in dose} == dose
    assert easier <= below(code)
    assert all(code in below(one) for one in harder)


def test_stages_of_mcgills_protocol_are_those_of_the_table() -> None:
    """6-4-2, then 8-6-4, then 10-8-6; the holds go from 5 to 10 s. From the feet the side plank begins again."""
    stages = PROTOCOLS["core_endurance"].phases
    said = [
        {(i.exercise, i.dose.reps_pattern, i.dose.hold_s) for i in block.items} for s in stages for block in s.blocks
    ]
    three = ("curl_up", "side_plank_knees", "bird_dog")
    assert said == [
        {(code, (6, 4, 2), 5) for code in three},
        {(code, (8, 6, 4), 10) for code in three},
        {("curl_up", (10, 8, 6), 10), ("side_plank", (6, 4, 2), 10), ("bird_dog", (10, 8, 6), 10)},
    ]
