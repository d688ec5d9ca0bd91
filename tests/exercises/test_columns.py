from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction

from exercises.errors import DoseError, ScheduleError
from exercises.kinds import LoadKind, Measure, Pattern, Side, Trigger
from exercises.models import (
    DOSE_CONSTRAINTS,
    SCHEDULE_CONSTRAINTS,
    Exercise,
    ExerciseLink,
    Protocol,
    ProtocolBlock,
    ProtocolItem,
    ProtocolPhase,
)
from exercises.models.dose import DoseFields
from exercises.models.schedule import ScheduleFields
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule
from tests.cast import Cast

LOADED = Dose(
    measure=Measure.REPS,
    sets=3,
    reps=8,
    reps_max=10,
    hold_s=2,
    side=Side.EACH,
    rest_s=60,
    tempo="3-1-1-0",
    load_kind=LoadKind.KG,
    load_kg=Decimal("12.50"),
    effort_rpe=6,
)
PYRAMID = Dose(measure=Measure.HOLD, sets=3, reps_pattern=(6, 4, 2), hold_s=10)


def make(code: str = "plank", **fields: object) -> Exercise:
    row = Exercise(code=code, name=code.title(), kind="strength", laterality="together", steps=["Hold."])
    row.dose = Dose(measure=Measure.HOLD, sets=3, hold_s=20)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def make_block(code: str = "calm", **fields: object) -> ProtocolBlock:
    phase = ProtocolPhase.objects.create(
        protocol=Protocol.objects.create(code=code, name="Calm"), order=1, name="Settle"
    )
    row = ProtocolBlock(phase=phase, order=1, title="Mobility", pattern="daily")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


@pytest.mark.parametrize("dose", [LOADED, PYRAMID, replace(PYRAMID, sets=10, reps_pattern=(100,) * 10)])
def test_dose_comes_back_as_it_was_set(riverside: Cast, dose: Dose) -> None:
    row = make()
    row.dose = dose
    row.save()
    assert Exercise.objects.get(pk=row.pk).dose == dose
    assert Exercise.objects.values_list("reps_pattern", flat=True).get(pk=row.pk) == dose.reps_pattern


def test_sets_are_found_and_written_into_files_as_they_are_said(riverside: Cast) -> None:
    row = make()
    row.dose = PYRAMID
    row.save()
    assert Exercise.objects.get(reps_pattern=(6, 4, 2)) == row
    (read,) = serializers.deserialize("json", serializers.serialize("json", [row]))
    assert (read.object.reps_pattern, '"6-4-2"' in serializers.serialize("json", [row])) == ((6, 4, 2), True)


def test_dose_that_is_not_valid_is_not_taken_over(riverside: Cast) -> None:
    row = make()
    with pytest.raises(DoseError):
        row.dose = Dose(measure=Measure.REPS, sets=11, reps=10)
    assert row.sets == 3


@pytest.mark.parametrize("dose", [LOADED, PYRAMID])
def test_copy_dose_takes_every_part(riverside: Cast, dose: Dose) -> None:
    source, target = make("one"), make("two")
    source.dose = dose
    target.copy_dose(source)
    assert target.dose == dose


@pytest.mark.parametrize(
    "fields",
    [
        {"sets": 0},
        {"sets": 11},
        {"rest_s": 601},
        {"hold_s": 0},
        {"hold_s": 301},
        {"hold_s": None},
        {"time_s": 60},
        {"reps": 101},
        {"measure": "reps"},
        {"measure": "laps"},
        {"measure": "reps", "reps": 10, "reps_max": 8},
        {"reps_pattern": (6, 4)},
        {"reps_pattern": (6, 4, 0)},
        {"reps_pattern": (101, 4, 2)},
        {"reps_pattern": (6, 4, 2), "reps": 4},
        {"reps_pattern": (6, 4, 2), "hold_s": None},
        {"reps_pattern": (6, 4, 2), "measure": "reps", "reps": 6},
        {"reps_pattern": (6, 4, 2), "measure": "reps", "reps_max": 6},
        {"reps_pattern": (6, 4, 2), "measure": "time", "hold_s": None, "time_s": 60},
        {"effort_rpe": 11},
        {"side": "upper"},
        {"load_kind": "kg"},
        {"load_kind": "kg", "load_kg": Decimal(0)},
        {"load_kind": "kg", "load_kg": Decimal("400.25")},
        {"load_kg": Decimal(5)},
        {"load_kind": "band"},
        {"band": "red"},
        {"code": "taken"},
    ],
)
def test_database_refuses_a_dose_out_of_range(riverside: Cast, fields: dict[str, object]) -> None:
    make("taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**{"code": "new", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("load_kg", ["0.25", "9.75", "100", "400"])
def test_database_takes_a_load_in_range(riverside: Cast, load_kg: str) -> None:
    row = make(load_kind="kg", load_kg=Decimal(load_kg))
    row.refresh_from_db()
    assert row.load_kg == Decimal(load_kg)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(pattern=Pattern.DAILY, times_per_day=2),
        Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0, 2, 6)),
        Schedule(pattern=Pattern.PER_WEEK, per_week=3),
        Schedule(trigger=Trigger.BEFORE_RUN),
        Schedule(trigger=Trigger.IF_STIFF),
    ],
)
def test_schedule_comes_back_as_it_was_set(riverside: Cast, schedule: Schedule) -> None:
    row = make_block()
    row.schedule = schedule
    row.save()
    assert ProtocolBlock.objects.get(pk=row.pk).schedule == schedule


def test_schedule_that_is_not_valid_is_not_taken_over(riverside: Cast) -> None:
    row = make_block()
    with pytest.raises(ScheduleError):
        row.schedule = Schedule(pattern=Pattern.PER_WEEK, per_week=8)
    assert row.pattern == "daily"


@pytest.mark.parametrize(
    "fields",
    [
        {"pattern": ""},
        {"pattern": "monthly"},
        {"trigger": "at_noon"},
        {"trigger": "before_run"},
        {"weekdays": "02"},
        {"pattern": "weekdays"},
        {"pattern": "weekdays", "weekdays": "20"},
        {"pattern": "weekdays", "weekdays": "07"},
        {"pattern": "per_week"},
        {"pattern": "per_week", "per_week": 8},
        {"pattern": "per_week", "per_week": 3, "times_per_day": 2},
        {"times_per_day": 0},
        {"times_per_day": 7},
    ],
)
def test_database_refuses_a_schedule_that_cannot_be(riverside: Cast, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_block(**fields)  # type: ignore[arg-type]


def test_exercise_is_no_easier_form_of_itself(riverside: Cast) -> None:
    row = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExerciseLink.objects.create(easier=row, harder=row)


def test_exercise_in_a_protocol_is_not_deleted(riverside: Cast) -> None:
    row, block = make(), make_block()
    item = ProtocolItem(block=block, exercise=row, order=1)
    item.copy_dose(row)
    item.save()
    with pytest.raises(IntegrityError), transaction.atomic():  # ProtectedError is one
        row.delete()


def subclasses(parent: type) -> list[type]:
    return [leaf for child in parent.__subclasses__() for leaf in (child, *subclasses(child))]


@pytest.mark.parametrize(
    ("mixin", "constraints"), [(DoseFields, DOSE_CONSTRAINTS), (ScheduleFields, SCHEDULE_CONSTRAINTS)]
)
def test_every_model_with_the_columns_has_the_constraints(mixin: type, constraints: tuple[object, ...]) -> None:
    models = [model for model in subclasses(mixin) if not model._meta.abstract]  # type: ignore[attr-defined]
    assert len(models) >= 2
    for model in models:
        conditions = [getattr(c, "condition", None) for c in model._meta.constraints]  # type: ignore[attr-defined]
        assert all(c.condition in conditions for c in constraints), model  # type: ignore[attr-defined]


def test_retired_exercise_leaves_the_current_ones(riverside: Cast, now: datetime) -> None:
    make("one")
    make("two", retired_at=now)
    assert [row.code for row in Exercise.objects.current()] == ["one"]
