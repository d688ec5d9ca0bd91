from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import AuditEvent, Clinic, Member
from exercises.actions import favourites
from exercises.models import Exercise, Favourite
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]


@pytest.fixture
def bridge(cast: Cast, within: Within) -> Exercise:
    with within(cast.riverside):
        make_exercise("Arm circles")
        return make_exercise("Bridge")


def names(browser: Client, **asked: Any) -> list[str]:
    return [tile["name"] for tile in browser.get("/library/", asked).context["library"].tiles]


def star_of(exercise: Exercise) -> str:
    return reverse("exercises:favourite", args=[exercise.pk])


def test_star_stands_first_and_is_the_members_own(cast: Cast, sign_in: SignIn, bridge: Exercise) -> None:
    tess, theo = sign_in(cast.tess), sign_in(cast.theo)
    assert names(tess) == ["Arm circles", "Bridge"]
    answer = tess.post(star_of(bridge), {"on": "1", "next": "/library/?kind=strength"})
    assert (answer.status_code, answer["Location"]) == (302, "/library/?kind=strength")
    assert names(tess) == ["Bridge", "Arm circles"]
    assert names(tess, shelf="favourites") == ["Bridge"]
    assert names(theo) == ["Arm circles", "Bridge"]
    assert names(theo, shelf="favourites") == []


def test_star_is_taken_away(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    ana = sign_in(cast.ana.member)
    for _ in range(2):  # twice is once
        ana.post(star_of(bridge), {"on": "1"})
    with within(cast.riverside):
        assert Favourite.objects.filter(member=cast.ana.member, exercise=bridge).count() == 1
    assert 'aria-pressed="true"' in ana.get(reverse("exercises:exercise", args=[bridge.pk])).content.decode()
    for _ in range(2):
        answer = ana.post(star_of(bridge), {"on": ""})
    assert answer["Location"] == reverse("exercises:exercise", args=[bridge.pk])
    with within(cast.riverside):
        assert not Favourite.objects.exists()
        verbs = list(AuditEvent.objects.filter(verb__startswith="exercise.").values_list("verb", flat=True))
    assert sorted(verbs) == ["exercise.starred", "exercise.unstarred"]


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "library", "?q=bridge"])
def test_star_leads_nowhere_else(cast: Cast, sign_in: SignIn, bridge: Exercise, onward: str) -> None:
    answer = sign_in(cast.tess).post(star_of(bridge), {"on": "1", "next": onward})
    assert answer["Location"] == reverse("exercises:exercise", args=[bridge.pk])


def test_htmx_gets_the_new_star_alone(cast: Cast, sign_in: SignIn, bridge: Exercise) -> None:
    part = sign_in(cast.tess).post(star_of(bridge), {"on": "1"}, headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<button class="star"')
    assert 'aria-pressed="true"' in part.content.decode()


def test_star_on_another_clinics_exercise_is_not_found(cast: Cast, sign_in: SignIn, bridge: Exercise) -> None:
    assert sign_in(cast.hugo).post(star_of(bridge), {"on": "1"}).status_code == 404


def test_actions_change_only_what_they_say(cast: Cast, within: Within, bridge: Exercise, now: datetime) -> None:
    with within(cast.riverside):
        favourites.star(exercise=bridge, by=cast.tess, now=now)
        favourites.star(exercise=bridge, by=cast.theo, now=now)
        favourites.unstar(exercise=bridge, by=cast.tess, now=now)
        assert list(Favourite.objects.values_list("member", flat=True)) == [cast.theo.pk]
