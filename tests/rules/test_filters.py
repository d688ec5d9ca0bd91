from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.filters import NO_EQUIPMENT, Card, Filters, Gear, Group, Level, Shelf, narrow


def card(kind: str, regions: str, equipment: str = NO_EQUIPMENT, cautions: str = "") -> Card:
    words = {Group.KIND: kind, Group.REGION: regions, Group.EQUIPMENT: equipment, Group.HIDE: cautions}
    return {group: frozenset(words.get(group, "").split()) for group in Group}


CARDS = [
    card("strength", "glutes hip", "mat"),  # 0
    card("strength", "glutes", "mat band"),  # 1
    card("strength", "core", cautions="low_tolerance"),  # 2
    card("stretch", "hip", "mat", "kneeling"),  # 3
    card("stretch", "hamstrings", "mat strap", "spinal_flexion kneeling"),  # 4
]


def chosen(*, gear: Gear = Gear.USES, **groups: str) -> Filters:
    return Filters({Group(name): frozenset(codes.split()) for name, codes in groups.items()}, gear)


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (chosen(), [0, 1, 2, 3, 4]),
        (chosen(kind=""), [0, 1, 2, 3, 4]),
        (chosen(kind="strength"), [0, 1, 2]),
        (chosen(kind="strength stretch"), [0, 1, 2, 3, 4]),  # any within a group
        (chosen(kind="stretch", region="hip"), [3]),  # all groups at once
        (chosen(region="hip core"), [0, 2, 3]),
        (chosen(hide="kneeling"), [0, 1, 2]),
        (chosen(hide="kneeling low_tolerance"), [0, 1]),
        (chosen(equipment="band strap"), [1, 4]),
        (chosen(equipment="none"), [2]),
        (chosen(equipment="mat", gear=Gear.ONLY), [0, 2, 3]),  # what needs nothing needs nothing beyond a mat
        (chosen(equipment="none", gear=Gear.ONLY), [2]),
        (chosen(equipment="mat", gear=Gear.WITHOUT), [2]),
        (chosen(equipment="band strap", gear=Gear.WITHOUT), [0, 2, 3]),
        (chosen(kind="dance"), []),
    ],
)
def test_filters_combine(filters: Filters, passing: list[int]) -> None:
    assert narrow(CARDS, filters).at == passing


def test_counts_say_what_each_code_would_find() -> None:
    counts = narrow(CARDS, chosen(kind="strength", hide="low_tolerance")).counts
    assert counts[Group.KIND] == {"strength": 2, "stretch": 2}  # as if no kind were chosen
    assert counts[Group.HIDE] == {"low_tolerance": 1}  # as if nothing were hidden
    assert counts[Group.REGION] == {"glutes": 2, "hip": 1}


def test_equipment_that_somebody_has_counts_what_it_would_show() -> None:
    """One card carries a band, and four can be done by whoever adds one to a mat."""
    shown = narrow(CARDS, chosen(equipment="mat", gear=Gear.ONLY))
    assert shown.counts[Group.EQUIPMENT] == {"mat": 3, "none": 3, "band": 4, "strap": 4}
    assert narrow(CARDS, chosen(gear=Gear.ONLY)).counts[Group.EQUIPMENT] == {"none": 1, "mat": 3, "band": 1, "strap": 1}


def test_retired_is_found_only_when_asked_for() -> None:
    gone = {**CARDS[0], Group.SHELF: frozenset({Shelf.RETIRED})}
    own = {**CARDS[1], Group.SHELF: frozenset({Shelf.OWN})}
    cards = [gone, own]
    assert [narrow(cards, asked).at for asked in (chosen(), chosen(kind="strength"), chosen(shelf="own"))] == [[1]] * 3
    assert narrow(cards, chosen(shelf="retired")).at == [0]
    assert narrow(cards, chosen(shelf="retired own")).at == [0, 1]
    assert narrow(cards, chosen()).counts == {**narrow([own], chosen()).counts, Group.SHELF: {"own": 1, "retired": 1}}


@st.composite
def libraries(draw: st.DrawFn) -> tuple[list[Card], Filters]:
    codes = st.frozensets(st.sampled_from("abc"))
    cards = st.fixed_dictionaries(dict.fromkeys(Group, codes))
    return draw(st.lists(cards, max_size=12)), Filters(draw(cards), draw(st.sampled_from(Gear)))


@given(libraries())
def test_a_count_is_what_choosing_that_code_alone_gives(given_: tuple[list[Card], Filters]) -> None:
    cards, filters = given_
    shown = narrow(cards, filters)
    for group in Group:
        if group == Group.HIDE or (group == Group.EQUIPMENT and filters.gear == Gear.WITHOUT):
            continue  # these take away: their counts say how many carry the code
        owned = filters.of(group) if group == Group.EQUIPMENT and filters.gear == Gear.ONLY else frozenset()
        for code in frozenset().union(*(card[group] for card in cards)):
            alone = Filters({**filters.chosen, group: owned | {code}}, filters.gear)
            assert shown.counts[group][code] == len(narrow(cards, alone).at)


@given(libraries())
def test_another_group_never_adds(given_: tuple[list[Card], Filters]) -> None:
    cards, filters = given_
    for group in Group:
        fewer = Filters({**filters.chosen, group: frozenset()}, filters.gear)
        assert set(narrow(cards, filters).at) <= set(narrow(cards, fewer).at)


def test_filters_tell_whether_anything_was_chosen() -> None:
    def asked(groups: Iterable[Filters]) -> list[bool]:
        return [bool(filters) for filters in groups]

    assert asked([Filters(), chosen(kind=""), chosen(hide="kneeling")]) == [False, False, True]
    assert Filters().of(Group.HIDE) == frozenset()


def test_words_of_an_address_stay() -> None:
    """People keep addresses of what they filtered, and programs send them."""
    assert list(Group) == ["kind", "region", "equipment", "hide", "level", "shelf"]
    assert list(Gear) == ["uses", "only", "without"]
    assert list(Level) == ["first", "between", "last", "alone"]
    assert list(Shelf) == ["favourites", "own", "retired"]
