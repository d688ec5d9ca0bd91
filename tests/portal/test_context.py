"""The frame around the staff's pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from athletes.actions import alerts
from athletes.models import Alert
from clinic.models import Clinic, Member
from tests.cast import Cast
from tests.telling import log, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("olive", ["Caseload", "Alerts", "Library", "Staff"]),
        ("tess", ["Caseload", "Alerts", "Library"]),
        ("finn", ["Caseload", "Library"]),
    ],
)
def test_navigation_holds_what_the_role_may_open(cast: Cast, sign_in: SignIn, who: str, labels: list[str]) -> None:
    browser = sign_in(getattr(cast, who))
    nav = browser.get("/athletes/").context["shell"]["nav"]
    assert [str(entry.label) for entry in nav] == labels
    assert [str(entry.label) for entry in nav if entry.current] == ["Caseload"]
    assert all(browser.get(entry.url).status_code == 200 for entry in nav)


def test_runner_has_no_staff_navigation(cast: Cast, sign_in: SignIn) -> None:
    shell = sign_in(cast.ana.member).get("/library/").context["shell"]
    assert shell["nav"] == []
    assert shell["clinic"] == cast.riverside


def test_open_alerts_are_counted_for_clinicians(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    def count() -> list[int]:
        return [entry.count for entry in sign_in(cast.theo).get("/library/").context["shell"]["nav"]]

    assert count() == [0, 0, 0]
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
    assert count() == [0, 1, 0]
    with within(cast.riverside):
        alerts.acknowledge(alert=Alert.objects.get(), by=cast.tess, now=now)
    assert count() == [0, 0, 0]


def test_switch_is_offered_to_members_of_several_clinics(cast: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    assert browser.get("/library/").context["shell"]["memberships"] == 1
    with within(cast.hilltop):
        Member.objects.create(
            user=cast.tess.user,
            role="therapist",
            name="Tess",
            email="t@hilltop.example",
            active_from=cast.tess.active_from,
        )
    session = browser.session
    del session["clinic_id"]
    session.save()
    assert browser.get("/library/?q=a")["Location"] == "/clinics/?next=%2Flibrary%2F%3Fq%3Da"
    assert browser.post("/library/")["Location"] == "/clinics/"
    session = browser.session
    session["clinic_id"] = cast.riverside.pk
    session.save()
    page = browser.get("/library/")
    assert page.context["shell"]["memberships"] == 2
    assert 'href="/clinics/"' in page.content.decode()
