from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.merge import TOGETHER, Merge, merge, rungs

PARTS = ("name", "steps", "cues", "avoid_when", "easier", *TOGETHER[0])
said = st.one_of(st.sampled_from(["", "a", "b", "c"]), st.lists(st.sampled_from("abc"), max_size=2))
contents = st.fixed_dictionaries(dict.fromkeys(PARTS, said))
three = given(base=contents, ours=contents, theirs=contents)
PLANK = {
    "name": "Plank",
    "steps": ["Hold."],
    "laterality": "together",
    "dose": {"sets": 3},
    "dose_source": "Convention",
}


def edited(base: dict[str, Any], ours: dict[str, Any]) -> set[str]:
    """Return what the clinic made its own: told here in a way of the test's own, not by asking the rule."""
    return {part for part, text in ours.items() if (text != base[part] if part in base else text)}


def fields(changes: Any) -> set[str]:
    return {change.field for change in changes}


def test_untouched_parts_follow_and_edited_parts_stay() -> None:
    ours = PLANK | {"name": "Our plank"}
    theirs = PLANK | {"name": "Forearm plank", "steps": ["Hold.", "Breathe."]}
    merged = merge(PLANK, ours, theirs)
    assert merged.content == ours | {"steps": ["Hold.", "Breathe."]}
    assert fields(merged.taken) == {"steps"}
    kept = merged.kept[0]
    assert (kept.field, kept.base, kept.ours, kept.theirs) == ("name", "Plank", "Our plank", "Forearm plank")


def test_source_of_a_dose_does_not_come_without_its_dose() -> None:
    ours = PLANK | {"dose": {"sets": 2}}
    merged = merge(PLANK, ours, PLANK | {"dose": {"sets": 4}, "dose_source": "A trial"})
    assert merged.content == ours
    assert fields(merged.kept) == {"dose", "dose_source"}


def test_exercise_keeps_having_sides_or_none() -> None:
    theirs = PLANK | {"laterality": "one_side", "dose": {"sets": 4}, "steps": ["Left, then right."]}
    merged = merge(PLANK, PLANK, theirs)
    assert merged.content == PLANK | {"steps": ["Left, then right."]}
    assert fields(merged.kept) == {"laterality", "dose"}
    one_side = PLANK | {"laterality": "one_side"}
    assert merge(one_side, one_side, one_side | {"laterality": "alternating"}).content["laterality"] == "alternating"


def test_half_of_a_group_follows_by_itself() -> None:
    """What says no source of its dose, as a protocol, has no parts that hold only together."""
    base = {"name": "Back", "laterality": "one_side", "dose": {"sets": 3}}
    ours = base | {"dose": {"sets": 2}}
    merged = merge(base, ours, base | {"dose": {"sets": 4}, "laterality": "alternating"})
    assert (fields(merged.taken), fields(merged.kept)) == ({"laterality"}, {"dose"})


def test_what_only_one_side_has_is_told() -> None:
    only_kept = merge(PLANK, PLANK | {"name": "Ours"}, PLANK | {"name": "Theirs"})
    assert (bool(only_kept.kept), fields(only_kept.taken)) == (True, set())
    only_taken = merge(PLANK, PLANK, PLANK | {"name": "Theirs"})
    assert (bool(only_taken.taken), fields(only_taken.kept)) == (True, set())


def test_same_change_on_both_sides_is_no_news() -> None:
    both = PLANK | {"steps": ["Hold still."]}
    merged = merge(PLANK, both, both)
    assert (merged.taken, merged.kept) == ((), ())


def test_part_of_a_later_release_is_taken_unless_the_clinic_wrote_it() -> None:
    new = PLANK | {"cues": ["Ribs down"]}
    assert merge(PLANK, PLANK | {"cues": []}, new).content == new
    assert merge(PLANK, PLANK | {"cues": ["Ours"]}, new).content["cues"] == ["Ours"]


@three
def test_no_edit_is_ever_lost(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge(base, ours, theirs)
    for part in edited(base, ours):
        assert merged.content[part] == ours[part]
    assert merged.content.keys() == ours.keys()


@three
def test_every_part_left_alone_follows(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge(base, ours, theirs)
    own = edited(base, ours)
    for part in set(PARTS) - own:
        held = any(part in group and own & set(group) for group in TOGETHER)
        assert merged.content[part] == (ours[part] if held else theirs[part])


@three
def test_taking_twice_changes_nothing(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    once = merge(base, ours, theirs)
    again = merge(theirs, once.content, theirs)
    assert again == Merge(content=once.content, taken=(), kept=())


@three
def test_what_is_told_is_what_differs(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge(base, ours, theirs)
    assert fields(merged.taken) == {part for part in PARTS if merged.content[part] != ours[part]}
    told = fields(merged.taken) | fields(merged.kept)
    assert told == {part for part in PARTS if theirs[part] not in (base[part], ours[part])}
    assert not fields(merged.taken) & fields(merged.kept)


@given(base=contents, ours=contents)
def test_catalogue_that_says_the_same_has_no_news(base: dict[str, Any], ours: dict[str, Any]) -> None:
    assert merge(base, ours, base) == Merge(content=ours, taken=(), kept=())


@three
def test_merging_writes_into_nothing(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    before = repr((base, ours, theirs))
    merge(base, ours, theirs).content["name"] = "other"
    assert repr((base, ours, theirs)) == before


def test_ladder_keeps_its_order_without_strangers() -> None:
    assert rungs(["c", "x", "a"], {"a", "c"}) == ["c", "a"]
