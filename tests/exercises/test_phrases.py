from dataclasses import replace
from decimal import Decimal

import pytest

from exercises.kinds import LoadKind, Measure, Pattern, Side, Trigger
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule
from exercises.templatetags.doses import amount, details, duration, minutes, phrase, schedule_phrase
from exercises.templatetags.library import caution_word, equipment_words, kind_word, laterality_words, region_words

REPS = Dose(measure=Measure.REPS, sets=3, reps=10)
HOLD = Dose(measure=Measure.HOLD, sets=3, hold_s=30)


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        (REPS, "3 × 10"),
        (replace(REPS, side=Side.BOTH), "3 × 10"),
        (replace(REPS, sets=1, reps=8, reps_max=10), "1 × 8–10"),
        (replace(REPS, reps=12, side=Side.ALTERNATING), "3 × 12 alternating sides"),
        (replace(REPS, hold_s=3, rest_s=60), "3 × 10, hold 3 s, rest 60 s"),
        (replace(REPS, sets=1, rest_s=60), "1 × 10"),
        (replace(REPS, tempo="3-0-1-0", effort_rpe=6), "3 × 10, tempo 3-0-1-0, effort 6 of 10"),
        (replace(REPS, effort_rpe=0), "3 × 10, effort 0 of 10"),
        (replace(REPS, load_kind=LoadKind.KG, load_kg=Decimal("2.50")), "3 × 10, 2.5 kg"),
        (replace(REPS, load_kind=LoadKind.KG, load_kg=Decimal("20.00")), "3 × 10, 20 kg"),
        (replace(REPS, load_kind=LoadKind.BAND, band="red"), "3 × 10, red band"),
        (replace(HOLD, side=Side.EACH), "3 × 30 s each side"),
        (replace(HOLD, side=Side.LEFT, rest_s=45), "3 × 30 s left side, rest 45 s"),
        (replace(HOLD, reps=6, hold_s=10), "3 × 6 holds of 10 s"),
        (replace(HOLD, sets=1, reps=6, hold_s=10), "6 holds of 10 s"),
        (replace(HOLD, reps_pattern=(6, 4, 2), hold_s=10, side=Side.EACH), "6, 4, 2 holds of 10 s each side"),
        (replace(REPS, reps=None, reps_pattern=(10, 8, 6), hold_s=2), "10, 8, 6 repetitions, hold 2 s"),
        (Dose(measure=Measure.TIME, time_s=900), "15 min"),
        (Dose(measure=Measure.TIME, sets=2, time_s=150), "2 × 2 min 30 s"),
        (Dose(measure=Measure.DISTANCE, distance_m=400), "400 m"),
        (Dose(measure=Measure.DISTANCE, sets=2, distance_m=1500), "2 × 1.5 km"),
        (Dose(measure=Measure.BREATHS, sets=2, breaths=8), "2 × 8 breaths"),
        (Dose(measure=Measure.BREATHS, breaths=1), "1 breath"),
    ],
)
def test_dose_in_words(dose: Dose, words: str) -> None:
    assert phrase(dose) == words


def test_amount_and_details_are_the_two_halves() -> None:
    dose = replace(HOLD, side=Side.EACH, rest_s=45)
    assert (amount(dose), details(dose)) == ("3 × 30 s each side", "rest 45 s")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(pattern=Pattern.DAILY), "every day"),
        (Schedule(pattern=Pattern.DAILY, times_per_day=2), "every day, 2 times"),
        (Schedule(pattern=Pattern.PER_WEEK, per_week=3), "3 times a week, any days"),
        (Schedule(pattern=Pattern.PER_WEEK, per_week=1), "once a week, any day"),
        (Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0, 2, 4)), "Mon, Wed, Fri"),
        (Schedule(pattern=Pattern.WEEKDAYS, weekdays=(6,), times_per_day=3), "Sun, 3 times"),
        (Schedule(trigger=Trigger.BEFORE_RUN), "before each run"),
        (Schedule(trigger=Trigger.AFTER_RUN), "after each run"),
        (Schedule(trigger=Trigger.IF_STIFF), "if stiff"),
    ],
)
def test_schedule_in_words(schedule: Schedule, words: str) -> None:
    assert schedule_phrase(schedule) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (60, "60 s"), (119, "119 s"), (120, "2 min"), (121, "2 min 1 s")]
)
def test_duration_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_minutes_of_a_block_are_rounded_and_never_none() -> None:
    assert minutes([replace(HOLD, side=Side.EACH), HOLD]) == 4  # 270 s
    assert minutes([replace(HOLD, sets=1, hold_s=5)]) == 1
    assert minutes([]) == 1


def test_codes_in_words() -> None:
    assert kind_word("warm_up") == "Warm-up"
    assert laterality_words("one_side") == "one side, then the other"
    assert region_words(["glutes", "hip"]) == "glutes, hip"
    assert equipment_words(["mat", "yoga_block"]) == "mat, yoga block"
    assert equipment_words([]) == "no equipment"
    assert caution_word("spinal_flexion") == "bends the spine"
