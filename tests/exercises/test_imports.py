from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.errors import ConflictError
from clinic.models import AuditEvent
from exercises import exchange
from exercises.actions import exercises, protocols, retiring
from exercises.actions.catalogue import adopt
from exercises.actions.imports import Line, bring_in
from exercises.catalogue import load
from exercises.exchange import delimited, document
from exercises.models import Exercise, ExerciseVersion, Protocol
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.queries.exports import exercise_rows, protocol_rows
from exercises.queries.imports import Plan, dry_run
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_json, protocol_json
from tests import contents
from tests.cast import Cast

SHIPPED = load()
BY_CODE = {content.code: content for content in SHIPPED.exercises}
PLANK = BY_CODE["plank"]
FORMATS = pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
ROOMY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def by(riverside: Cast, now: datetime) -> dict[str, Any]:
    return {"by": riverside.olive, "now": now}


@pytest.fixture
def adopted(riverside: Cast, now: datetime) -> Cast:
    adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    return riverside


def exported(name: str) -> bytes:
    file = exchange.write(name, exercises=exercise_rows(), protocols=protocol_rows())
    assert file is not None
    return file[0]


def planned(data: bytes) -> Plan:
    return dry_run(exchange.read(data))


def write(plan: Plan, by: dict[str, Any]) -> int:
    return bring_in(lines=[Line(one.content, one.revision) for one in plan.to_write if one.content], **by)


def said(*rows: ExerciseContent | dict[str, Any]) -> bytes:
    return document.write(exercises=[row if isinstance(row, dict) else exercise_json(row) for row in rows])


def fates(plan: Plan) -> dict[str, str]:
    return {outcome.code: outcome.fate.value for outcome in plan.outcomes}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@FORMATS
def test_export_into_an_empty_clinic_makes_the_same_exercises(
    cast: Cast, within: Callable[..., Any], now: datetime, form: str
) -> None:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=None, now=now)
        data, whole = exported(f"exercises.{form}"), exercise_contents()
    with within(cast.hilltop):
        assert write(planned(data), {"by": cast.hanna, "now": now}) == len(SHIPPED.exercises)
        assert exercise_contents() == whole


def test_whole_library_into_an_empty_clinic(cast: Cast, within: Callable[..., Any], now: datetime) -> None:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=None, now=now)
        data, whole = exported("library.json"), (exercise_contents(), protocol_contents())
    with within(cast.hilltop):
        write(planned(data), {"by": cast.hanna, "now": now})
        assert (exercise_contents(), protocol_contents()) == whole
        assert set(ExerciseVersion.objects.values_list("origin", flat=True)) == {"imported"}


@pytest.mark.parametrize(
    "name", ["exercises.csv", "exercises.xlsx", "exercises.json", "protocols.json", "library.json"]
)
def test_export_into_the_same_clinic_changes_nothing(adopted: Cast, by: dict[str, Any], name: str) -> None:
    retiring.retire(row=Exercise.objects.get(code=PLANK.easier[0]), **by)  # a rung that is not in the file
    plan = planned(exported(name))
    assert set(fates(plan).values()) == {"same"}
    assert not [one for one in plan.outcomes if one.left_out]
    assert write(plan, by) == 0


@FORMATS
@ROOMY
@given(library=contents.libraries())
def test_any_library_comes_back_equal(by: dict[str, Any], form: str, library: tuple[ExerciseContent, ...]) -> None:
    with undone():
        for content in library:
            exercises.create(content=content, **by)
        data = exported(f"exercises.{form}")
        plan = planned(data)
        assert set(fates(plan).values()) == {"same"}
        Exercise.objects.all().delete()
        write(planned(data), by)
        assert exercise_contents() == {content.code: content for content in library}


@ROOMY
@given(data=st.data(), library=contents.libraries())
def test_any_protocol_comes_back_equal(
    by: dict[str, Any], data: st.DataObject, library: tuple[ExerciseContent, ...]
) -> None:
    content = data.draw(contents.protocols("calm", library))
    with undone():
        for exercise in library:
            exercises.create(content=exercise, **by)
        protocols.create(content=content, **by)
        whole, alone = exported("library.json"), exported("protocols.json")
        assert set(fates(planned(whole)).values()) == {"same"}
        Protocol.objects.all().delete()
        write(planned(alone), by)
        assert protocol_contents() == {"calm": content}
        Protocol.objects.all().delete()
        Exercise.objects.all().delete()
        write(planned(whole), by)
        assert protocol_contents() == {"calm": content}


def test_every_entry_has_its_outcome(adopted: Cast, by: dict[str, Any]) -> None:
    broken = exercise_json(PLANK) | {"code": "broken", "kind": "dance", "steps": []}
    plan = planned(
        said(
            BY_CODE["swim"],
            replace(PLANK, name="Our plank"),
            replace(PLANK, code="wall_plank", name="Wall plank", easier=()),
            broken,
        )
    )
    assert fates(plan) == {"swim": "same", "plank": "changed", "wall_plank": "new", "broken": "error"}
    assert [change.field for change in plan.changed[0].changes] == ["name"]
    assert plan.errors[0].problems == (("kind", "unknown_code"),)
    assert [one.row for one in plan.outcomes] == [1, 2, 3, 4]
    assert write(plan, by) == 2
    version = Exercise.objects.get(code="plank").versions.get(number=2)
    assert (version.origin, version.by_id) == ("imported", adopted.olive.pk)
    event = AuditEvent.objects.get(verb="library.imported")
    assert event.detail == {"exercises": 2, "protocols": 0}


def test_missing_column_leaves_the_part_alone_and_an_empty_cell_empties_it(adopted: Cast, by: dict[str, Any]) -> None:
    plan = planned(b"code,name,cues,hold_s\nplank,Our plank,,45\n")
    write(plan, by)
    assert exercise_contents()["plank"] == replace(
        PLANK, name="Our plank", cues=(), dose=replace(PLANK.dose, hold_s=45)
    )


def test_row_without_a_code_is_known_by_its_name(adopted: Cast, by: dict[str, Any]) -> None:
    sheet = "name,kind,laterality,steps,measure,reps,side\n{},strength,together,Push.,reps,8,none\n"
    assert fates(planned(sheet.format(PLANK.name.upper()).encode()))["plank"] in {"changed", "error"}
    plan = planned(sheet.format("Press-up against a wall").encode())
    assert fates(plan) == {"own_press_up_against_a_wall": "new"}
    write(plan, by)
    assert fates(planned(sheet.format("Press-up against a wall").encode())) == {"own_press_up_against_a_wall": "same"}


def test_problems_name_row_and_column(adopted: Cast) -> None:
    plan = planned(
        b"code,name,kind,laterality,steps,measure,sets,hold_s,side\n"
        b"one,One,strength,together,Hold.,hold,3,20,none\n"
        b"two,Two,strength,one_side,Hold.,hold,many,900,none\n"
        b"one,Three,strength,together,Hold.,hold,1,20,\n"
    )
    assert [one.row for one in plan.errors] == [3, 4]
    assert dict(plan.errors[0].problems)["dose.sets"] == "not_a_number"
    assert dict(plan.errors[1].problems) == {"code": "exercise_twice", "dose.side": "missing"}


def test_exercise_does_not_lose_its_sides(adopted: Cast) -> None:
    dose = replace(PLANK.dose, side="each")
    plan = planned(said(replace(PLANK, laterality="one_side", dose=dose)))
    assert plan.errors[0].problems == (("laterality", "sides_stay"),)


def test_figure_that_nobody_drew_is_an_error_in_its_row(adopted: Cast) -> None:
    plan = planned(said(replace(PLANK, figure="no_such_movement")))
    assert plan.errors[0].problems == (("figure", "unknown_figure"),)
    assert not planned(said(replace(PLANK, figure="squat"))).errors


def test_ladder_of_strangers_is_told_and_left_out(adopted: Cast, by: dict[str, Any]) -> None:
    plan = planned(said(replace(PLANK, easier=(*PLANK.easier, "nobody")), replace(PLANK, code="new", easier=("gone",))))
    assert [one.left_out for one in plan.outcomes] == [("nobody",), ("gone",)]
    assert fates(plan) == {"plank": "same", "new": "new"}


def test_ladder_in_a_circle_is_refused_and_one_that_turns_round_is_not(adopted: Cast, by: dict[str, Any]) -> None:
    harder = next(one for one in SHIPPED.exercises if one.easier)
    easier = BY_CODE[harder.easier[0]]
    turned = replace(easier, easier=(harder.code,))
    circle = planned(said(turned))
    assert circle.errors[0].problems == (("easier", "ladder_in_a_circle"),)
    assert write(planned(said(turned, replace(harder, easier=()))), by) == 2
    assert exercise_contents()[easier.code].easier == (harder.code,)


def test_harder_form_may_stand_before_its_easier_one(adopted: Cast, by: dict[str, Any]) -> None:
    plan = planned(
        said(replace(PLANK, code="b", name="B", easier=("a",)), replace(PLANK, code="a", name="A", easier=()))
    )
    write(plan, by)
    assert exercise_contents()["b"].easier == ("a",)


def test_protocol_of_unknown_exercises_or_sides_is_refused(adopted: Cast) -> None:
    plan_of = SHIPPED.protocols[0]
    first = plan_of.phases[0].blocks[0]

    def with_item(**changes: Any) -> bytes:
        items = (replace(first.items[0], **changes), *first.items[1:])
        phase = replace(plan_of.phases[0], blocks=(replace(first, items=items), *plan_of.phases[0].blocks[1:]))
        return document.write(protocols=[protocol_json(replace(plan_of, phases=(phase, *plan_of.phases[1:])))])

    path = "phases.0.blocks.0.items.0"
    assert planned(with_item(exercise="nobody")).errors[0].problems == ((f"{path}.exercise", "unknown_exercise"),)
    sided = next(one for one in SHIPPED.exercises if contents.is_sided(one.laterality))
    wrong = with_item(exercise=sided.code, dose=PLANK.dose)
    assert planned(wrong).errors[0].problems == ((f"{path}.dose.side", "side_missing"),)


def test_entries_of_nonsense_are_told_one_by_one(adopted: Cast) -> None:
    plan = planned(
        said({}, {"code": ["x"], "name": 7}, {"colour": "red"}).replace(b'"protocols": []', b'"protocols": [3]')
    )
    assert len(plan.errors) == 4


def test_library_that_changed_meanwhile_takes_nothing(adopted: Cast, by: dict[str, Any]) -> None:
    plan = planned(said(replace(PLANK, name="Our plank"), replace(PLANK, code="wall", name="Wall", easier=())))
    row = Exercise.objects.get(code="plank")
    exercises.edit(exercise=row, content=replace(PLANK, cues=("Ours",)), revision=1, **by)
    with pytest.raises(ConflictError):
        write(plan, by)
    assert not Exercise.objects.filter(code="wall").exists()
    exercises.create(content=replace(PLANK, code="wall", easier=()), **by)
    only_new = replace(plan, outcomes=tuple(one for one in plan.outcomes if one.code == "wall"))
    with pytest.raises(ConflictError):
        write(only_new, by)


def test_dry_run_takes_as_many_queries_for_thirty_as_for_one(adopted: Cast) -> None:
    def queries(count: int) -> int:
        rows = [exercise_json(one) for one in SHIPPED.exercises[:count]]
        library = exchange.read(delimited.write(rows))
        with CaptureQueriesContext(connection) as captured:
            dry_run(library)
        return len(captured)

    assert queries(1) == queries(30)
