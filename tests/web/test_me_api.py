"""The runner's API: the same action and the same facts as the pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from athletes.facts.lines import lines_of
from athletes.models import Alert, Block, SessionLog
from clinic.models import Clinic, Member
from tests.cast import Cast
from tests.telling import EACH_SIDE, log, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
SESSIONS, TODAY = "/api/v1/me/sessions/", "/api/v1/me/today/"
JSON = "application/json"


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ana.member)


@pytest.fixture
def strength(cast: Cast, within: Within, now: datetime) -> Block:
    with within(cast.riverside):
        return prescribe(cast, now=now, dose=EACH_SIDE)


@pytest.fixture
def body(cast: Cast, within: Within, strength: Block) -> dict[str, Any]:
    with within(cast.riverside):
        entries = [{"prescription": str(line.pk), "done": "done"} for line in lines_of(cast.ana, strength.pk)]
    return {
        "block": str(strength.pk),
        "client_id": str(uuid4()),
        "performed_on": "2026-11-24",
        "entries": entries,
        "pain_during": 3,
    }


def test_session_is_created_once(cast: Cast, ana: Client, within: Within, body: dict[str, Any]) -> None:
    first, again = (ana.post(SESSIONS, body, content_type=JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    with within(cast.riverside):
        row = SessionLog.objects.get()
        assert (row.source, row.pain_during, row.pain_after) == ("api", 3, None)
    said = first.json()
    assert (said["id"], said["outcome"], said["pain_after"], said["findings"]) == (str(row.pk), "done", None, [])
    assert {entry["side_done"] for entry in said["entries"]} == {"both"}


def test_other_body_is_a_conflict_that_shows_both(
    cast: Cast, ana: Client, within: Within, body: dict[str, Any]
) -> None:
    ana.post(SESSIONS, body, content_type=JSON)
    response = ana.post(SESSIONS, {**body, "pain_during": 9}, content_type=JSON)
    problem = response.json()
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert (problem["code"], problem["kept"]["pain_during"], problem["sent"]["pain_during"]) == ("other_body", 3, 9)
    with within(cast.riverside):
        assert SessionLog.objects.count() == 1
        assert not Alert.objects.exists()


def test_pain_over_the_line_comes_back_as_a_finding(
    cast: Cast, ana: Client, within: Within, body: dict[str, Any]
) -> None:
    finding = ana.post(SESSIONS, {**body, "pain_after": 8}, content_type=JSON).json()["findings"][0]
    assert (finding["kind"], finding["evidence"]["score"]) == ("P1", 8)
    with within(cast.riverside):
        assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"pain_during": 11}, 400, None),
        ({"entries": []}, 400, None),
        ({"client_id": "x"}, 400, None),
        ({"performed_on": "2026-11-20"}, 422, "too_long_ago"),
        ({"corrects": str(uuid4())}, 422, "nothing_to_correct"),
        ({"block": str(uuid4())}, 404, None),
    ],
)
def test_bad_bodies_are_problems(
    ana: Client, body: dict[str, Any], change: dict[str, Any], status: int, code: str | None
) -> None:
    response = ana.post(SESSIONS, {**body, **change}, content_type=JSON)
    assert (response.status_code, response.json().get("code")) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


def test_partly_of_two_sides_needs_the_side(ana: Client, body: dict[str, Any]) -> None:
    body["entries"][0]["done"] = "partly"
    response = ana.post(SESSIONS, body, content_type=JSON)
    assert (response.status_code, response.json()["code"], response.json()["field"]) == (
        422,
        "side_missing",
        "side_done",
    )


def test_today_says_what_the_page_says(cast: Cast, ana: Client, within: Within, strength: Block, now: datetime) -> None:
    said = ana.get(TODAY).json()
    assert (said["state"], [card["title"] for card in said["due"]], said["asks_for_morning"]) == (
        "ready",
        ["Strength"],
        False,
    )
    with within(cast.riverside):
        log(cast.ana, strength, now=now)
    said = ana.get(TODAY).json()
    assert (said["due"], [bout["outcome"] for bout in said["done"]]) == ([], ["done"])


@pytest.mark.parametrize("who", ["tess", "olive", "finn"])
def test_staff_are_refused(cast: Cast, sign_in: SignIn, who: str, body: dict[str, Any]) -> None:
    browser = sign_in(getattr(cast, who))
    assert browser.get(TODAY).status_code == 403
    assert browser.post(SESSIONS, body, content_type=JSON).status_code == 403


def test_another_clinics_block_does_not_exist(cast: Cast, sign_in: SignIn, body: dict[str, Any]) -> None:
    assert sign_in(cast.ben.member).post(SESSIONS, body, content_type=JSON).status_code == 404


def test_post_needs_the_csrf_token(cast: Cast, body: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ana.member.user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(SESSIONS, body, content_type=JSON).status_code == 403
