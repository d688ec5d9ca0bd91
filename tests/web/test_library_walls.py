"""What another clinic has is not there: whichever field or address names it. And odd addresses are 404s."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from clinic.models import Clinic, Member
from clinic.scope import in_clinic
from exercises.actions import exercises, favourites, protocols
from exercises.errors import ContentError
from exercises.models import Exercise, Favourite, Protocol
from exercises.queries.content import exercise_content
from tests.cast import Cast
from tests.exercises.actions.test_exercises import WALL_SIT
from tests.exercises.actions.test_protocols import PLAN
from tests.prescribing import make_exercise

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
HUGE = 10**20


@pytest.fixture
def theirs(cast: Cast, within: Within, now: datetime) -> Exercise:
    with within(cast.hilltop):
        row = exercises.create(content=replace(WALL_SIT, code="theirs", name="Hilltop secret"), by=cast.hugo, now=now)
        favourites.star(exercise=row, by=cast.hugo, now=now)
        return row


@pytest.fixture
def ours(cast: Cast, within: Within) -> Exercise:
    with within(cast.riverside):
        return make_exercise("Bridge")


def test_code_of_another_clinic_is_unknown(cast: Cast, within: Within, theirs: Exercise, now: datetime) -> None:
    with within(cast.riverside):
        for wrong in ({"easier": ("theirs",)}, {}):
            above = [] if wrong else ["theirs"]
            with pytest.raises(ContentError) as refused:
                exercises.create(content=replace(WALL_SIT, **wrong), by=cast.tess, now=now, easier_than=above)
            assert {code for _path, code in refused.value.problems} == {"unknown_exercise"}
        block = PLAN.phases[0].blocks[0]
        items = (replace(block.items[0], exercise="theirs"),)
        phase = replace(PLAN.phases[0], exit_criteria=(), blocks=(replace(block, items=items),))
        with pytest.raises(ContentError) as refused:
            protocols.create(content=replace(PLAN, phases=(phase,)), by=cast.tess, now=now)
        assert refused.value.problems == (("phases.0.blocks.0.items.0.exercise", "unknown_exercise"),)


def test_pages_about_another_clinics_exercise_are_not_there(cast: Cast, sign_in: SignIn, theirs: Exercise) -> None:
    client = sign_in(cast.tess)
    here = f"/library/{theirs.pk}/"
    for page in ("", "edit/", "copy/", "history/", "history/1/", "retire/", "media/"):
        assert client.get(here + page).status_code == 404, page
    for page in ("edit/", "copy/", "history/1/", "retire/", "bring-back/", "media/", "favourite/"):
        assert client.post(here + page, {"on": "1", "revision": "1"}).status_code == 404, page


def test_comparing_with_another_clinics_exercise_shows_one(
    cast: Cast, sign_in: SignIn, theirs: Exercise, ours: Exercise
) -> None:
    page = sign_in(cast.tess).get("/library/compare/", {"pick": [str(theirs.pk), str(ours.pk)]})
    assert page.status_code == 200
    assert "Hilltop" not in page.content.decode()
    assert (
        "Hilltop" not in sign_in(cast.tess).get("/library/", {"pick": str(theirs.pk), "q": "secret"}).content.decode()
    )


@pytest.mark.parametrize("number", [0, 2, 2**31, 2**63, HUGE])
def test_version_that_is_none_is_not_there(
    cast: Cast, sign_in: SignIn, within: Within, ours: Exercise, now: datetime, number: int
) -> None:
    with within(cast.riverside):
        plan = protocols.create(content=PLAN, by=cast.tess, now=now)
    client = sign_in(cast.tess)
    for here in (f"/library/{ours.pk}/history/{number}/", f"/library/protocols/{plan.pk}/history/{number}/"):
        assert client.get(here).status_code == 404
        assert client.post(here, {"revision": HUGE}).status_code in {404, 409, 422}


def test_restored_version_that_names_what_is_gone_is_refused_in_words(
    cast: Cast, sign_in: SignIn, within: Within, ours: Exercise, now: datetime
) -> None:
    with within(cast.riverside):
        low = exercises.create(content=WALL_SIT, by=cast.tess, now=now)
        content = exercise_content(ours)
        exercises.edit(exercise=ours, content=replace(content, easier=(low.code,)), revision=1, by=cast.tess, now=now)
        exercises.edit(exercise=ours, content=content, revision=2, by=cast.tess, now=now)
        low.delete()  # no page does; an operator might
    client = sign_in(cast.tess)
    assert client.get(f"/library/{ours.pk}/history/2/").status_code == 200
    page = client.post(f"/library/{ours.pk}/history/2/", {"revision": 3})
    assert page.status_code == 422
    assert "not in your library" in page.content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row-level security is PostgreSQL's")
def test_postgres_refuses_to_point_at_another_clinic(
    cast: Cast, theirs: Exercise, ours: Exercise, now: datetime
) -> None:
    with in_clinic(cast.riverside.pk):
        star = favourites.star(exercise=ours, by=cast.tess, now=now)
        plan = protocols.create(content=PLAN, by=cast.tess, now=now)
        low = exercises.create(content=replace(WALL_SIT, easier=("bridge",)), by=cast.tess, now=now)
        assert (Favourite.objects.count(), Protocol.objects.count(), low.revision) == (1, 1, 1)
        hostile = [
            ("exercises_favourite", "exercise_id", star.pk),
            ("exercises_exerciselink", "easier_id", low.to_easier.get().pk),
            ("exercises_exerciseversion", "exercise_id", low.versions.get().pk),
            ("exercises_protocolitem", "exercise_id", plan.phases.get().blocks.get().items.get().pk),
        ]
        for table, column, pk in hostile:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                with pytest.raises(DatabaseError), transaction.atomic():
                    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [theirs.pk, pk])  # noqa: S608
