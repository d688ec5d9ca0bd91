from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.errors import DoseError
from exercises.kinds import Laterality, LoadKind, Measure, Side
from exercises.rules.dose import AMOUNTS, PATTERNED, RANGES, Dose

TEN = Dose(measure=Measure.REPS, sets=3, reps=10)
HOLD = Dose(measure=Measure.HOLD, sets=3, hold_s=30)
PYRAMID = Dose(measure=Measure.HOLD, sets=3, reps_pattern=(6, 4, 2), hold_s=10)
WALK = Dose(measure=Measure.TIME, time_s=900)


def refusal(dose: Dose) -> tuple[str | None, str]:
    with pytest.raises(DoseError) as refused:
        dose.validate()
    return refused.value.field, refused.value.code


GOOD = [
    TEN,
    HOLD,
    WALK,
    Dose(measure=Measure.DISTANCE, sets=4, distance_m=400),
    Dose(measure=Measure.BREATHS, breaths=10),
    replace(TEN, reps=8, reps_max=10),
    replace(TEN, reps=8, reps_max=8),
    replace(TEN, hold_s=3),  # held at the top
    replace(HOLD, reps=6),  # six holds in a set
    replace(TEN, tempo="3-1-X-0"),
    replace(TEN, load_kind=LoadKind.KG, load_kg=Decimal("2.5")),
    replace(TEN, load_kind=LoadKind.BAND, band="red"),
    replace(TEN, effort_rpe=0),
    replace(TEN, sets=10, reps=100, rest_s=600, effort_rpe=10),
    replace(HOLD, hold_s=300),
    PYRAMID,
    replace(TEN, reps=None, reps_pattern=(10, 8, 6)),
    replace(PYRAMID, sets=10, reps_pattern=(1, *[100] * 9)),
]


@pytest.mark.parametrize("dose", GOOD)
def test_dose_in_range_is_accepted(dose: Dose) -> None:
    dose.validate()


BAD = [
    (replace(TEN, sets=0), "sets", "out_of_range"),
    (replace(TEN, sets=11), "sets", "out_of_range"),
    (replace(TEN, reps=0), "reps", "out_of_range"),
    (replace(TEN, reps=101), "reps", "out_of_range"),
    (replace(TEN, reps_max=101), "reps_max", "out_of_range"),
    (replace(TEN, reps_max=9), "reps_max", "range_upside_down"),
    (replace(TEN, rest_s=-1), "rest_s", "out_of_range"),
    (replace(TEN, rest_s=601), "rest_s", "out_of_range"),
    (replace(TEN, effort_rpe=11), "effort_rpe", "out_of_range"),
    (replace(HOLD, hold_s=0), "hold_s", "out_of_range"),
    (replace(HOLD, hold_s=301), "hold_s", "out_of_range"),
    (replace(WALK, time_s=7201), "time_s", "out_of_range"),
    (replace(TEN, reps=None), "reps", "amount_missing"),
    (replace(HOLD, hold_s=None), "hold_s", "amount_missing"),
    (replace(TEN, time_s=60), "time_s", "two_measures"),
    (replace(HOLD, reps_max=6), "reps_max", "two_measures"),
    (replace(WALK, reps=1), "reps", "two_measures"),
    (replace(WALK, distance_m=1000), "distance_m", "two_measures"),
    (replace(PYRAMID, sets=2), "reps_pattern", "pattern_does_not_fit"),
    (replace(PYRAMID, reps_pattern=(12,)), "reps_pattern", "pattern_does_not_fit"),
    (replace(PYRAMID, reps_pattern=(6, 4, 0)), "reps_pattern", "out_of_range"),
    (replace(PYRAMID, reps_pattern=(101, 4, 2)), "reps_pattern", "out_of_range"),
    (replace(PYRAMID, reps=4), "reps_pattern", "pattern_beside_reps"),
    (replace(TEN, reps_pattern=(10, 8, 6)), "reps_pattern", "pattern_beside_reps"),
    (replace(TEN, reps=None, reps_max=12, reps_pattern=(10, 8, 6)), "reps_pattern", "pattern_beside_reps"),
    (replace(PYRAMID, hold_s=None), "hold_s", "amount_missing"),
    (replace(WALK, reps_pattern=(6,)), "reps_pattern", "two_measures"),
    (replace(TEN, tempo="3-1-1"), "tempo", "not_a_tempo"),
    (replace(TEN, tempo="3-1-1-0\n"), "tempo", "not_a_tempo"),
    (replace(TEN, tempo="3-X-1-0"), "tempo", "not_a_tempo"),
    (replace(HOLD, tempo="3-1-1-0"), "tempo", "tempo_without_reps"),
    (replace(TEN, load_kind=LoadKind.KG), "load_kg", "load_does_not_fit"),
    (replace(TEN, load_kg=Decimal(5)), "load_kg", "load_does_not_fit"),
    (replace(TEN, load_kind=LoadKind.KG, load_kg=Decimal(0)), "load_kg", "out_of_range"),
    (replace(TEN, load_kind=LoadKind.BAND), "band", "load_does_not_fit"),
    (replace(TEN, band="red"), "band", "load_does_not_fit"),
    (replace(TEN, load_kind=LoadKind.BAND, band="r" * 21), "band", "out_of_range"),
    (replace(TEN, side="upper"), "side", "unknown_side"),  # type: ignore[arg-type]
    (replace(TEN, measure="laps"), "measure", "unknown_measure"),  # type: ignore[arg-type]
    (replace(TEN, load_kind="bricks"), "load_kind", "unknown_load"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("dose", "field", "code"), BAD)
def test_dose_out_of_range_names_its_part(dose: Dose, field: str, code: str) -> None:
    assert refusal(dose) == (field, code)


KG = replace(TEN, load_kind=LoadKind.KG, load_kg=Decimal(20))


@pytest.mark.parametrize(
    ("dose", "field", "low", "high"),
    [
        (TEN, "sets", 1, 10),
        (TEN, "reps", 1, 100),
        (HOLD, "hold_s", 1, 300),
        (TEN, "rest_s", 0, 600),
        (TEN, "effort_rpe", 0, 10),
        (WALK, "time_s", 1, 7200),
        (Dose(measure=Measure.DISTANCE), "distance_m", 1, 42200),
        (Dose(measure=Measure.BREATHS), "breaths", 1, 100),
        (KG, "load_kg", Decimal("0.25"), Decimal(400)),
        (replace(TEN, reps=1), "reps_max", 1, 100),
    ],
)
def test_bounds_are_those_of_clinical_md(dose: Dose, field: str, low: Any, high: Any) -> None:
    step = Decimal("0.01") if field == "load_kg" else 1
    for fits in (low, high):
        replace(dose, **{field: fits}).validate()
    for beyond in (low - step, high + step):
        assert refusal(replace(dose, **{field: beyond})) == (field, "out_of_range")


def test_band_may_have_twenty_letters() -> None:
    replace(TEN, load_kind=LoadKind.BAND, band="r" * 20).validate()


def test_kilograms_finer_than_their_column_are_refused() -> None:
    """A column of two decimals would round them, and say something else than the version beside it."""
    assert refusal(replace(KG, load_kg=Decimal("2.505"))) == ("load_kg", "too_precise")
    replace(KG, load_kg=Decimal("2.500")).validate()
    replace(KG, load_kg=Decimal("4E+2")).validate()


def test_dose_is_a_value() -> None:
    assert {TEN: 1}[replace(TEN)] == 1


@pytest.mark.parametrize(
    ("laterality", "side", "code"),
    [
        (Laterality.ONE_SIDE, Side.NONE, "side_missing"),
        (Laterality.ONE_SIDE, Side.BOTH, "side_missing"),
        (Laterality.ALTERNATING, Side.NONE, "side_missing"),
        (Laterality.TOGETHER, Side.LEFT, "no_sides"),
        (Laterality.TOGETHER, Side.EACH, "no_sides"),
    ],
)
def test_side_that_does_not_suit_the_movement_is_refused(laterality: Laterality, side: Side, code: str) -> None:
    with pytest.raises(DoseError) as refused:
        replace(TEN, side=side).check_side(laterality)
    assert (refused.value.field, refused.value.code) == ("side", code)


@pytest.mark.parametrize(
    ("laterality", "side"),
    [
        (Laterality.ONE_SIDE, Side.EACH),
        (Laterality.ONE_SIDE, Side.LEFT),
        (Laterality.ALTERNATING, Side.ALTERNATING),
        (Laterality.TOGETHER, Side.NONE),
        (Laterality.TOGETHER, Side.BOTH),
    ],
)
def test_side_that_suits_the_movement_is_accepted(laterality: Laterality, side: Side) -> None:
    replace(TEN, side=side).check_side(laterality)


@pytest.mark.parametrize(
    ("dose", "seconds"),
    [
        (TEN, 90),
        (replace(TEN, rest_s=60), 90 + 120),
        (replace(TEN, hold_s=2), 150),
        (replace(TEN, reps=8, reps_max=10), 90),
        (replace(TEN, tempo="3-1-1-0"), 150),
        (replace(TEN, tempo="3-0-X-0"), 120),
        (HOLD, 90),
        (replace(HOLD, reps=6, hold_s=10), 180),
        (PYRAMID, 120),
        (replace(PYRAMID, side=Side.EACH, rest_s=30), 240 + 60),
        (replace(TEN, reps=None, reps_pattern=(10, 8, 6), hold_s=2), 24 * 5),
        (WALK, 900),
        (Dose(measure=Measure.DISTANCE, distance_m=1300), 1000),
        (Dose(measure=Measure.BREATHS, breaths=10), 50),
        (replace(HOLD, side=Side.EACH, rest_s=45), 180 + 90),
        (replace(TEN, side=Side.ALTERNATING), 90),
    ],
)
def test_seconds_of_a_dose(dose: Dose, seconds: int) -> None:
    assert dose.seconds() == seconds


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    measure = draw(st.sampled_from(Measure))
    needed, allowed = AMOUNTS[measure]
    amounts = {needed: draw(st.integers(*RANGES[needed]))}
    for name in sorted(allowed - {"reps_max"}):
        amounts[name] = draw(st.none() | st.integers(*RANGES[name]))
    if "reps_max" in allowed:
        amounts["reps_max"] = draw(st.none() | st.integers(amounts["reps"], 100))
    sets = draw(st.integers(1, 10))
    series: tuple[int, ...] = ()
    if measure in PATTERNED and draw(st.booleans()):
        series = tuple(draw(st.lists(st.integers(1, 100), min_size=sets, max_size=sets)))
        amounts = {name: value for name, value in amounts.items() if name not in {"reps", "reps_max"}}
    return Dose(
        measure=measure,
        sets=sets,
        reps_pattern=series,
        rest_s=draw(st.integers(0, 600)),
        side=draw(st.sampled_from(Side)),
        **amounts,
    )


@given(doses())
def test_any_valid_dose_takes_time(dose: Dose) -> None:
    dose.validate()
    assert dose.seconds() >= 1


@given(doses())
def test_each_side_doubles_the_work(dose: Dose) -> None:
    once, twice = (replace(dose, side=side, rest_s=0).seconds() for side in (Side.LEFT, Side.EACH))
    assert abs(twice - 2 * once) <= 1  # rounding of metres


@given(st.lists(st.integers(1, 100), min_size=1, max_size=10), st.sampled_from(Side), st.integers(0, 600))
def test_set_by_set_the_same_takes_as_long_as_said_once(numbers: list[int], side: Side, rest_s: int) -> None:
    said = replace(PYRAMID, sets=len(numbers), reps_pattern=tuple(numbers), side=side, rest_s=rest_s)
    once = replace(said, reps_pattern=(), reps=max(numbers))
    said.validate()
    assert said.seconds() <= once.seconds()
    assert replace(said, reps_pattern=(max(numbers),) * len(numbers)).seconds() == once.seconds()


@given(doses(), st.integers(1, 9))
def test_more_sets_never_take_less_time(dose: Dose, sets: int) -> None:
    assert replace(dose, sets=sets).seconds() <= replace(dose, sets=sets + 1).seconds()


@given(doses(), st.sampled_from(sorted(RANGES)), st.integers(1, 100))
def test_a_second_measure_is_refused(dose: Dose, field: str, value: int) -> None:
    needed, allowed = AMOUNTS[dose.measure]
    if field == needed or field in allowed:
        return
    assert refusal(replace(dose, **{field: value})) == (field, "two_measures")
