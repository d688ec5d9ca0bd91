from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import Clinic, Member
from exercises.actions import exercises, favourites
from exercises.actions.catalogue import adopt
from exercises.actions.updates import take
from exercises.catalogue import load
from exercises.models import Exercise
from exercises.queries.content import exercise_content
from exercises.queries.updates import updates
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
API = "/api/v1/exercises/"
DOOR = 4  # session, user, scope, member


@pytest.fixture
def catalogue(cast: Cast, within: Within, now: datetime) -> Cast:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=cast.olive, now=now)
    return cast


def names(browser: Client, **asked: Any) -> list[str]:
    return [row["name"] for row in browser.get(API, asked).json()["results"]]


def test_api_lists_exercises_with_their_doses(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    answer = sign_in(catalogue.ana.member).get(API)
    rows = {row["code"]: row for row in answer.json()["results"]}
    with within(catalogue.riverside):
        assert len(rows) == Exercise.objects.current().count()
    assert answer["Content-Type"] == "application/json"
    assert rows["side_plank"]["dose"]["hold_s"] == 20
    assert rows["side_plank"]["dose"]["side"] == "each"
    assert rows["bird_dog"]["dose"]["reps_pattern"] == [6, 4, 2]
    assert rows["side_plank"]["dose"]["reps_pattern"] == []
    assert rows["side_plank"]["caution_tags"] == ["shoulder_load", "low_tolerance"]


def test_api_takes_the_words_and_filters_of_the_page(
    catalogue: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    browser = sign_in(catalogue.tess)
    assert names(browser, q="glut brige")[0] == "Glute bridge"
    assert "Pigeon pose" not in names(browser, kind=["strength", "warm_up"])
    assert "Squat" not in names(browser, level="first")
    assert names(browser, shelf="favourites") == []
    with within(catalogue.riverside):
        favourites.star(exercise=Exercise.objects.get(code="plank"), by=catalogue.tess, now=now)
    assert names(browser, shelf="favourites") == ["Forearm plank"]  # never an old answer: it carries no mark
    own = browser.get(API, {"shelf": "favourites"})
    assert "ETag" not in own
    assert own["Cache-Control"] == "no-store"


def test_api_answers_304_until_something_changes(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    browser = sign_in(cast.tess)
    with within(cast.riverside):
        bridge = make_exercise("Bridge")
    answer = browser.get(API)
    mark = answer["ETag"]
    assert answer["Cache-Control"] == "private, no-cache"

    def again() -> int:
        return browser.get(API, headers={"If-None-Match": mark}).status_code

    assert again() == 304
    assert browser.get(API, {"q": "bridge"}, headers={"If-None-Match": mark}).status_code == 200  # another question
    for change in ({"revision": 2, "name": "Glute bridge"}, {"retired_at": now}, {"retired_at": None, "revision": 3}):
        with within(cast.riverside):
            Exercise.objects.filter(pk=bridge.pk).update(**change)
        assert again() == 200
        mark = browser.get(API)["ETag"]
        assert again() == 304
    with within(cast.riverside):
        make_exercise("Squat")
    assert again() == 200


def test_api_answers_alike_while_its_mark_is_the_same(
    catalogue: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    """An update of which nothing is taken makes no new version."""
    shipped = load()
    newer = tuple(replace(one, name="Plank 2") if one.code == "plank" else one for one in shipped.exercises)
    update = replace(shipped, exercises=newer, version="2027.1")
    browser = sign_in(catalogue.olive)
    with within(catalogue.riverside):
        plank = Exercise.objects.get(code="plank")
        mine = replace(exercise_content(plank), name="Our plank")
        exercises.edit(exercise=plank, content=mine, revision=1, by=catalogue.olive, now=now)
    before = browser.get(API)
    with within(catalogue.riverside):
        take(tokens=[updates(update).open[0].token], catalogue=update, by=catalogue.olive, now=now + timedelta(days=1))
    after = browser.get(API)
    assert (before["ETag"] == after["ETag"]) == (before.content == after.content)


def test_api_marks_are_of_one_clinic(cast: Cast, sign_in: SignIn, within: Within) -> None:
    for clinic in (cast.riverside, cast.hilltop):
        with within(clinic):
            make_exercise("Bridge")
    marks = {sign_in(member).get(API)["ETag"] for member in (cast.tess, cast.hugo)}
    assert len(marks) == 2


def test_api_answers_an_empty_library(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.tess).get(API).json() == {"results": []}


@pytest.mark.parametrize("asked", [{}, {"q": "number", "level": "alone", "shelf": ["own", "favourites"]}])
def test_api_takes_four_queries_at_most_for_any_number(
    cast: Cast, sign_in: SignIn, within: Within, asked: dict[str, Any]
) -> None:
    browser = sign_in(cast.tess)
    counts = []
    for have, want in ((0, 10), (10, 200)):
        with within(cast.riverside):
            for n in range(have, want):
                make_exercise(f"Number {n}")
        browser.get(API, asked)
        with CaptureQueriesContext(connection) as captured:
            assert len(browser.get(API, asked).json()["results"]) == want
        counts.append(sum(query["sql"].startswith("SELECT") for query in captured) - DOOR)
    assert counts[0] == counts[1] <= 4


def test_api_refuses_strangers(catalogue: Cast) -> None:
    assert Client().get(API).status_code == 403
