"""A clinic's own exercises: every state is kept, nobody overwrites what they have not read."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clinic.errors import ConflictError, DomainError
from clinic.models import AuditEvent
from clinic.scope import in_clinic
from exercises.actions import catalogue, exercises, retiring
from exercises.errors import ContentError
from exercises.kinds import Kind, Laterality, Measure, Origin, Side
from exercises.models import Exercise, ExerciseLink
from exercises.queries.content import exercise_content
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_from, exercise_json
from exercises.rules.dose import Dose
from tests.cast import Cast

WALL_SIT = ExerciseContent(
    code="own_wall_sit",
    name="Wall sit",
    kind=Kind.STRENGTH,
    laterality=Laterality.TOGETHER,
    steps=("Slide down the wall.", "Stay."),
    dose=Dose(measure=Measure.HOLD, sets=3, hold_s=30),
)


def add(code: str, *easier: str, cast: Cast, now: datetime) -> Exercise:
    return exercises.create(content=replace(WALL_SIT, code=code, easier=easier), by=cast.tess, now=now)


def states(exercise: Exercise) -> list[tuple[int, str]]:
    return list(exercise.versions.order_by("number").values_list("number", "origin"))


def problems(error: ContentError) -> dict[str, str]:
    return dict(error.problems)


def test_new_exercise_is_kept_with_its_first_version(riverside: Cast, now: datetime) -> None:
    row = exercises.create(content=WALL_SIT, by=riverside.tess, now=now, note="For the stairs group")
    assert exercise_content(row) == WALL_SIT
    assert (row.revision, row.changed_at, row.catalogue_version) == (1, now, "")
    version = row.versions.get()
    assert (version.number, version.origin, version.by, version.note) == (
        1,
        Origin.CREATED,
        riverside.tess,
        "For the stairs group",
    )
    assert exercise_from(version.content) == WALL_SIT
    event = AuditEvent.objects.get(verb="exercise.created")
    assert (event.object_id, event.actor_id) == (str(row.pk), riverside.tess.pk)


def test_code_is_free_in_another_clinic_and_taken_in_ones_own(cast: Cast, now: datetime) -> None:
    with in_clinic(cast.hilltop.pk):
        exercises.create(content=WALL_SIT, by=cast.hugo, now=now)
    with in_clinic(cast.riverside.pk):
        exercises.create(content=WALL_SIT, by=cast.tess, now=now)
        with pytest.raises(ContentError) as refused:
            exercises.create(content=WALL_SIT, by=cast.theo, now=now)
    assert problems(refused.value) == {"code": "exercise_exists"}


def test_edit_makes_a_version_and_keeps_the_one_before(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    later = now + timedelta(days=1)
    new = replace(WALL_SIT, name="Wall sit, towel", dose=replace(WALL_SIT.dose, hold_s=45))
    exercises.edit(exercise=row, content=new, revision=1, by=riverside.theo, now=later, note="Too easy")
    row.refresh_from_db()
    assert (row.name, row.hold_s, row.revision, row.changed_at) == ("Wall sit, towel", 45, 2, later)
    old, newest = row.versions.order_by("number")
    assert exercise_from(old.content) == WALL_SIT
    assert exercise_from(newest.content) == new
    assert (newest.by, newest.at, newest.note, newest.origin) == (riverside.theo, later, "Too easy", Origin.EDITED)
    assert AuditEvent.objects.get(verb="exercise.edited").detail["revision"] == 2


def test_edit_of_what_was_not_read_is_a_conflict_and_changes_nothing(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    exercises.edit(exercise=row, content=replace(WALL_SIT, name="Theirs"), revision=1, by=riverside.theo, now=now)
    with pytest.raises(ConflictError, match="stale_exercise"):
        exercises.edit(exercise=row, content=replace(WALL_SIT, name="Mine"), revision=1, by=riverside.tess, now=now)
    row.refresh_from_db()
    assert row.name == "Theirs"
    assert states(row) == [(1, "created"), (2, "edited")]


def test_same_content_again_makes_no_version(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    exercises.edit(exercise=row, content=WALL_SIT, revision=1, by=riverside.tess, now=now)
    assert states(row) == [(1, "created")]


def test_code_stays(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    with pytest.raises(ContentError) as refused:
        exercises.edit(exercise=row, content=replace(WALL_SIT, code="x"), revision=1, by=riverside.tess, now=now)
    assert problems(refused.value) == {"code": "code_stays"}


@pytest.mark.parametrize("to", [Laterality.ONE_SIDE, Laterality.ALTERNATING])
def test_movement_without_sides_never_gets_some(riverside: Cast, now: datetime, to: Laterality) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    sided = replace(WALL_SIT, laterality=to, dose=replace(WALL_SIT.dose, side=Side.EACH))
    with pytest.raises(ContentError) as refused:
        exercises.edit(exercise=row, content=sided, revision=1, by=riverside.tess, now=now)
    assert problems(refused.value) == {"laterality": "sides_stay"}


def test_movement_with_sides_may_use_them_in_turn(riverside: Cast, now: datetime) -> None:
    sided = replace(WALL_SIT, laterality=Laterality.ONE_SIDE, dose=replace(WALL_SIT.dose, side=Side.EACH))
    row = exercises.create(content=sided, by=riverside.tess, now=now)
    in_turn = replace(sided, laterality=Laterality.ALTERNATING)
    exercises.edit(exercise=row, content=in_turn, revision=1, by=riverside.tess, now=now)
    with pytest.raises(ContentError, match="content_invalid"):
        exercises.edit(exercise=row, content=WALL_SIT, revision=2, by=riverside.tess, now=now)


def test_edit_of_a_catalogue_exercise_keeps_what_was_taken(riverside: Cast, now: datetime) -> None:
    catalogue.adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    plank = Exercise.objects.get(code="plank")
    shipped, version = exercise_content(plank), plank.catalogue_version
    exercises.edit(exercise=plank, content=replace(shipped, name="Our plank"), revision=1, by=riverside.tess, now=now)
    plank.refresh_from_db()
    assert plank.catalogue_base == exercise_json(shipped)
    assert plank.catalogue_version == version
    assert states(plank) == [(1, "catalogue"), (2, "edited")]


def test_row_without_versions_keeps_what_it_was(riverside: Cast, now: datetime) -> None:
    """Rows that were adopted before versions were kept have none, and no base."""
    row = add("own_wall_sit", cast=riverside, now=now)
    row.versions.all().delete()
    Exercise.objects.filter(pk=row.pk).update(catalogue_version="2026.11", catalogue_base=None)
    exercises.edit(exercise=row, content=replace(WALL_SIT, name="Ours"), revision=1, by=riverside.tess, now=now)
    row.refresh_from_db()
    assert states(row) == [(1, "catalogue"), (2, "edited")]
    assert row.catalogue_base["name"] == "Wall sit"
    other = add("own_other", cast=riverside, now=now)
    other.versions.all().delete()
    retiring.retire(row=other, by=riverside.tess, now=now)
    assert states(other) == [(1, "catalogue"), (2, "retired")]


def test_restored_version_is_a_new_one(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    exercises.edit(exercise=row, content=replace(WALL_SIT, name="Other"), revision=1, by=riverside.tess, now=now)
    exercises.restore(exercise=row, number=1, revision=2, by=riverside.theo, now=now)
    row.refresh_from_db()
    assert exercise_content(row) == WALL_SIT
    assert states(row) == [(1, "created"), (2, "edited"), (3, "restored")]
    with pytest.raises(ConflictError, match="stale_exercise"):
        exercises.restore(exercise=row, number=2, revision=2, by=riverside.theo, now=now)
    with pytest.raises(DomainError, match="nothing_to_restore"):
        exercises.restore(exercise=row, number=9, revision=3, by=riverside.theo, now=now)


def test_retired_exercise_comes_back_as_it_was(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    retiring.retire(row=row, by=riverside.tess, now=now, note="Nobody has a wall")
    retiring.retire(row=row, by=riverside.tess, now=now)  # a second click
    row.refresh_from_db()
    assert (row.retired_at, row.revision) == (now, 2)
    assert not Exercise.objects.current().filter(pk=row.pk).exists()
    retiring.bring_back(row=row, by=riverside.theo, now=now)
    row.refresh_from_db()
    assert row.retired_at is None
    assert exercise_content(row) == WALL_SIT
    assert states(row) == [(1, "created"), (2, "retired"), (3, "brought_back")]
    assert row.versions.get(number=2).note == "Nobody has a wall"
    assert [AuditEvent.objects.filter(verb=f"exercise.{verb}").count() for verb in ("retired", "brought_back")] == [
        1,
        1,
    ]


def test_editor_that_was_open_while_it_was_retired_conflicts(riverside: Cast, now: datetime) -> None:
    row = add("own_wall_sit", cast=riverside, now=now)
    retiring.retire(row=row, by=riverside.theo, now=now)
    with pytest.raises(ConflictError, match="stale_exercise"):
        exercises.edit(exercise=row, content=replace(WALL_SIT, name="Mine"), revision=1, by=riverside.tess, now=now)


def test_rungs_stand_in_the_order_that_was_said(riverside: Cast, now: datetime) -> None:
    for code in ("own_a", "own_b"):
        add(code, cast=riverside, now=now)
    top = add("own_top", "own_b", "own_a", cast=riverside, now=now)
    assert exercise_content(top).easier == ("own_b", "own_a")
    turned = replace(exercise_content(top), easier=("own_a", "own_b"))
    exercises.edit(exercise=top, content=turned, revision=1, by=riverside.tess, now=now)
    assert exercise_content(top).easier == ("own_a", "own_b")


def test_harder_form_is_an_edit_of_the_harder_one(riverside: Cast, now: datetime) -> None:
    above = add("own_above", cast=riverside, now=now)
    row = exercises.create(content=WALL_SIT, by=riverside.tess, now=now, easier_than=["own_above"])
    assert exercise_content(above).easier == ("own_wall_sit",)
    assert states(above) == [(1, "created"), (2, "edited")]
    assert states(row) == [(1, "created")]
    exercises.edit(
        exercise=row, content=WALL_SIT, revision=1, by=riverside.tess, now=now, no_longer_easier_than=["own_above"]
    )
    assert not ExerciseLink.objects.exists()
    assert states(above)[-1] == (3, "edited")


def test_harder_form_keeps_a_rung_that_it_has(riverside: Cast, now: datetime) -> None:
    row, other = add("own_wall_sit", cast=riverside, now=now), add("own_other", cast=riverside, now=now)
    above = add("own_above", "own_wall_sit", "own_other", cast=riverside, now=now)
    exercises.edit(exercise=row, content=WALL_SIT, revision=1, by=riverside.tess, now=now, easier_than=["own_above"])
    assert exercise_content(above).easier == ("own_wall_sit", "own_other")
    assert states(above) == [(1, "created")]
    assert states(other) == [(1, "created")]


@pytest.mark.parametrize("where", ["easier", "harder", "itself"])
def test_ladder_never_goes_in_a_circle(riverside: Cast, now: datetime, where: str) -> None:
    low = add("own_low", cast=riverside, now=now)
    add("own_middle", "own_low", cast=riverside, now=now)
    top = add("own_top", "own_middle", cast=riverside, now=now)
    row = low if where == "easier" else top
    easier = ("own_top",) if where == "easier" else ("own_middle",)
    above = {"easier": [], "harder": ["own_low"], "itself": ["own_top"]}[where]
    content = replace(exercise_content(row), easier=easier)
    with pytest.raises(ContentError) as refused:
        exercises.edit(exercise=row, content=content, revision=1, by=riverside.tess, now=now, easier_than=above)
    assert set(problems(refused.value)) == {"easier" if where == "easier" else "harder"}
    assert ExerciseLink.objects.count() == 2
    assert [exercise.revision for exercise in Exercise.objects.all()] == [1, 1, 1]


def test_unknown_rung_is_refused(riverside: Cast, now: datetime) -> None:
    with pytest.raises(ContentError) as refused:
        add("own_wall_sit", "own_nobody", cast=riverside, now=now)
    assert problems(refused.value) == {"easier.0": "unknown_exercise"}
    with pytest.raises(ContentError) as refused:
        exercises.create(content=WALL_SIT, by=riverside.tess, now=now, easier_than=["own_nobody"])
    assert problems(refused.value) == {"harder": "unknown_exercise"}
    assert not Exercise.objects.exists()
