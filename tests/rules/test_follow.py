from dataclasses import replace

import pytest

from exercises.catalogue import load
from exercises.rules.content_json import as_json, exercise_json
from exercises.rules.follow import digest, follow, late_rungs

PLANK = next(one for one in load().exercises if one.code == "plank")
PLAN = load().protocols[0]
KNOWN = sorted(one.code for one in load().exercises)
KNEES, INCLINE = PLANK.easier
LADDER = (KNEES, INCLINE, "side_plank")
TALL = replace(PLANK, easier=LADDER)
EARLY = [code for code in KNOWN if code != "side_plank"]  # a library that has not all the rungs


def test_base_that_todays_rules_refuse_is_still_no_edit() -> None:
    """It was taken before a range was tightened, and before doses had a tempo."""
    old = replace(PLANK, dose=replace(PLANK.dose, sets=99))
    base = exercise_json(old)
    del base["dose"]["tempo"]
    followed = follow(base, old, PLANK, before=KNOWN, after=KNOWN)
    assert followed.content == PLANK
    assert followed.wished == PLANK


def test_base_that_can_no_longer_be_read_is_taken_as_it_stands() -> None:
    base = exercise_json(PLANK) | {"sport": "running"}
    del base["licence"]  # nor did it have all the parts
    ours = replace(PLANK, name="Our plank", licence="")
    followed = follow(base, ours, replace(PLANK, name="Front plank", cues=("Breathe.",)), before=KNOWN, after=KNOWN)
    assert followed.content == replace(ours, cues=("Breathe.",), licence=PLANK.licence)


def test_taking_keeps_what_the_clinic_wrote_and_tells_what_it_would_be_else() -> None:
    ours = replace(PLANK, name="Our plank")
    theirs = replace(PLANK, name="Front plank", cues=("Breathe.",))
    followed = follow(exercise_json(PLANK), ours, theirs, before=KNOWN, after=KNOWN)
    assert followed.content == replace(ours, cues=("Breathe.",))
    assert followed.wished == theirs


def test_all_is_taken_where_nothing_could_be_edited() -> None:
    theirs = replace(PLANK, name="Front plank", cues=("Breathe.",))
    followed = follow(None, PLANK, theirs, before=KNOWN, after=KNOWN)
    assert (followed.content, followed.wished) == (theirs, theirs)


def test_protocol_follows_like_an_exercise() -> None:
    ours = replace(PLAN, name="Our plan")
    theirs = replace(PLAN, name="Their plan", phases=PLAN.phases[:1])
    base = as_json(PLAN)
    del base["phases"][0]["exit_criteria"][0]["text"]  # taken before gates had words
    followed = follow(base, ours, theirs, before=(), after=())
    assert followed.content == replace(ours, phases=theirs.phases)
    assert followed.wished == theirs


def test_ladder_names_only_what_the_library_will_have() -> None:
    ours = replace(PLANK, easier=())
    base = exercise_json(ours)
    assert follow(base, ours, TALL, before=EARLY, after=EARLY).content.easier == (KNEES, INCLINE)
    assert follow(base, ours, TALL, before=EARLY, after=KNOWN).content.easier == LADDER


def test_rung_that_the_library_never_had_was_not_taken_out_by_the_clinic() -> None:
    theirs = replace(PLANK, easier=(KNEES, "bird_dog"))
    assert follow(exercise_json(TALL), PLANK, theirs, before=EARLY, after=KNOWN).content.easier == theirs.easier
    assert follow(exercise_json(TALL), PLANK, theirs, before=KNOWN, after=KNOWN).content.easier == PLANK.easier


@pytest.mark.parametrize(
    ("ours", "later"),
    [
        ((KNEES, INCLINE), LADDER),
        ((KNEES,), (KNEES,)),  # the clinic took a rung out
        ((INCLINE, KNEES), (INCLINE, KNEES)),
        ((), ()),
    ],
)
def test_late_rung_joins_a_ladder_that_the_clinic_left_alone(ours: tuple[str, ...], later: tuple[str, ...]) -> None:
    held = replace(PLANK, name="Our plank", easier=ours)
    assert late_rungs(exercise_json(TALL), held, before=EARLY, after=KNOWN) == replace(held, easier=later)


def test_digest_tells_words_and_not_their_order() -> None:
    said = exercise_json(PLANK)
    assert digest(dict(reversed(said.items()))) == digest(said)
    assert digest(said | {"name": "Front plank"}) != digest(said)
