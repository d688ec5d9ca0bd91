"""Joining, pausing, holding, resuming, discharging: by the care team, with a reason, once."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from athletes.actions import athletes
from athletes.models import Athlete, CareTie, Pause
from clinic.models import AuditEvent, Clinic, Member, Message
from tests.cast import Cast

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
NEVER = UUID("01900000-0000-7000-8000-000000000000")
PAUSE = {"from_on": "2026-11-24", "until_on": "2026-11-30", "reason": "Race week"}
SAID = {"pause": PAUSE, "hold": {"reason": "MRI"}, "resume": {"reason": "Clear"}, "discharge": {"reason": "Goal met"}}
CHANGES = [*SAID]


def url(cast: Cast, what: str) -> str:
    return f"/athletes/{cast.ana.pk}/{what}/"


def text(response: HttpResponse) -> str:
    """Return the page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def state(cast: Cast, within: Within) -> tuple[str, int]:
    """Return Ana's state and how many pauses she has."""
    with within(cast.riverside):
        return Athlete.objects.get(pk=cast.ana.pk).state, Pause.objects.count()


@pytest.mark.parametrize(
    ("what", "after"),
    [("pause", ("active", 1)), ("hold", ("on_hold", 0)), ("resume", ("active", 0)), ("discharge", ("discharged", 0))],
)
def test_care_team_changes_the_plan_and_a_second_click_changes_nothing(
    cast: Cast, sign_in: SignIn, within: Within, what: str, after: tuple[str, int]
) -> None:
    browser = sign_in(cast.tess)
    assert browser.get(url(cast, what)).status_code == 200
    for _ in range(2):
        response = browser.post(url(cast, what), SAID[what])
        if response.status_code != 302:
            break
        assert response["Location"] == f"/athletes/{cast.ana.pk}/"
    assert state(cast, within) == after
    with within(cast.riverside):
        said = AuditEvent.objects.filter(actor_id=cast.tess.pk, verb__in=["athlete.paused", f"athlete.{after[0]}"])
        assert said.count() == (0 if what == "resume" else 1)  # she was not on hold


def test_hold_and_resume_tell_what_happened(cast: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    told = browser.post(url(cast, "hold"), {"reason": "MRI"}, follow=True)
    assert "Ana Duarte’s program is on hold. Reminders have stopped." in text(told)
    assert url(cast, "resume") in told.content.decode()
    told = browser.post(url(cast, "resume"), {"reason": "Clear"}, follow=True)
    assert "Ana Duarte’s program goes on." in text(told)
    assert state(cast, within) == ("active", 0)


@pytest.mark.parametrize("what", CHANGES)
def test_clinician_outside_the_team_is_refused_and_offered_to_join(
    cast: Cast, sign_in: SignIn, within: Within, what: str
) -> None:
    browser = sign_in(cast.olive)
    page = browser.get(url(cast, what))
    assert page.status_code == 200
    assert "Join care" in text(page)
    assert 'name="reason"' not in page.content.decode()
    refused = browser.post(url(cast, what), SAID[what])
    assert refused.status_code == 403
    assert f'action="{url(cast, "join")}"' in refused.content.decode()
    assert state(cast, within) == ("active", 0)


@pytest.mark.parametrize("what", [*CHANGES, "join"])
@pytest.mark.parametrize("who", ["finn", "ana"])
def test_assistant_and_runner_change_nothing(cast: Cast, sign_in: SignIn, within: Within, what: str, who: str) -> None:
    person = getattr(cast, who)
    browser = sign_in(getattr(person, "member", person))
    assert browser.post(url(cast, what), SAID.get(what, {})).status_code == 403
    assert state(cast, within) == ("active", 0)


@pytest.mark.parametrize("what", [*CHANGES, "join", f"pause/{NEVER}/end"])
def test_other_clinics_runner_is_the_404_of_one_that_never_existed(
    cast: Cast, sign_in: SignIn, within: Within, what: str
) -> None:
    browser = sign_in(cast.hugo)
    theirs = browser.post(url(cast, what), SAID.get(what, {}))
    nowhere = browser.post(f"/athletes/{NEVER}/{what}/", SAID.get(what, {}))
    assert theirs.status_code == nowhere.status_code == 404
    token = rb'name="csrfmiddlewaretoken" value="\w+"'
    assert re.sub(token, b"", theirs.content) == re.sub(token, b"", nowhere.content)
    assert state(cast, within) == ("active", 0)
    with within(cast.riverside):
        assert not CareTie.objects.filter(part="cover").exists()


@pytest.mark.parametrize(
    ("what", "said", "words"),
    [
        ("hold", {"reason": "  "}, "Say why, in a few words."),
        ("resume", {}, "Say why, in a few words."),
        ("discharge", {"reason": "x" * 201}, "at most 200 characters"),
        ("pause", {"from_on": ""}, "This field is required."),
        ("pause", {"from_on": "2026-11-23"}, "Choose today or a later day."),
        ("pause", PAUSE | {"until_on": "2026-11-01"}, "The last day must not be before the first."),
    ],
)
def test_missing_or_wrong_answer_is_422_and_kept(
    cast: Cast, sign_in: SignIn, within: Within, what: str, said: dict[str, str], words: str
) -> None:
    response = sign_in(cast.tess).post(url(cast, what), said)
    assert response.status_code == 422
    assert words in text(response)
    for value in said.values():
        assert f'value="{value.strip()}"' in response.content.decode() or not value.strip()
    assert state(cast, within) == ("active", 0)


@pytest.mark.parametrize("what", ["pause", "hold", "resume"])
def test_discharged_runner_stays_discharged(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime, what: str
) -> None:
    with within(cast.riverside):
        athletes.discharge(athlete=cast.ana, reason="Goal met", by=cast.tess, now=now)
    response = sign_in(cast.tess).post(url(cast, what), SAID[what])
    assert response.status_code == 422
    assert "Care at this clinic has ended, so nothing was saved." in text(response)
    assert state(cast, within) == ("discharged", 0)


def test_pause_may_begin_on_the_runners_today(cast: Cast, sign_in: SignIn, within: Within, clock: Clock) -> None:
    """In Auckland it is Wednesday already; the clinic's Tuesday is over."""
    with within(cast.riverside):
        Athlete.objects.update(time_zone="Pacific/Auckland")
    clock(datetime.fromisoformat("2026-11-24T20:00:00+00:00"))
    browser = sign_in(cast.tess)
    assert browser.get(url(cast, "pause")).context["form"]["from_on"].initial == date(2026, 11, 25)
    assert browser.post(url(cast, "pause"), PAUSE).status_code == 422
    assert browser.post(url(cast, "pause"), PAUSE | {"from_on": "2026-11-25"}).status_code == 302


def test_pause_is_ended_or_called_off_and_a_second_click_is_harmless(
    cast: Cast, sign_in: SignIn, within: Within, clock: Clock, now: datetime
) -> None:
    browser = sign_in(cast.tess)
    browser.post(url(cast, "pause"), PAUSE)
    browser.post(url(cast, "pause"), {"from_on": "2026-12-20"})
    with within(cast.riverside):
        holding, ahead = Pause.objects.order_by("from_on")
    clock(now + 2 * DAY)
    for _ in range(2):
        assert browser.post(url(cast, f"pause/{holding.pk}/end")).status_code == 302
    with within(cast.riverside):
        assert Pause.objects.get(pk=holding.pk).until_on == TODAY + DAY
    for _ in range(2):
        assert browser.post(url(cast, f"pause/{ahead.pk}/end")).status_code == 302
    with within(cast.riverside):
        assert [pause.pk for pause in Pause.objects.all()] == [holding.pk]
    assert sign_in(cast.olive).post(url(cast, f"pause/{holding.pk}/end")).status_code == 403


def test_joining_is_one_audited_click(cast: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.olive)
    assert browser.get(url(cast, "join")).status_code == 405
    for _ in range(2):
        response = browser.post(url(cast, "join"))
        assert response["Location"] == f"/athletes/{cast.ana.pk}/"
    with within(cast.riverside):
        assert CareTie.objects.filter(member=cast.olive, part="cover").count() == 1
        assert AuditEvent.objects.get(verb="care.joined").subject_ids == [str(cast.ana.pk)]
    assert browser.post(url(cast, "hold"), {"reason": "MRI"}).status_code == 302


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "caseload"]
)
def test_joining_leads_nowhere_outside(cast: Cast, sign_in: SignIn, onward: str) -> None:
    response = sign_in(cast.olive).post(url(cast, "join"), {"next": onward})
    assert response["Location"] == f"/athletes/{cast.ana.pk}/"


def test_invitation_is_sent_again_until_it_is_accepted(cast: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.finn)
    with within(cast.riverside):
        invitations = Message.objects.filter(kind="invitation", recipient=cast.ana.member).count()
    page = browser.post(url(cast, "invite"), follow=True)
    assert "No invitation was sent: this person has accepted already" in text(page)
    with within(cast.riverside):
        assert Message.objects.filter(kind="invitation", recipient=cast.ana.member).count() == invitations
        Member.objects.filter(pk=cast.ana.member_id).update(user=None)
    assert "Send it again" in text(browser.get(f"/athletes/{cast.ana.pk}/"))
    assert "on its way" in text(browser.post(url(cast, "invite"), follow=True))
    with within(cast.riverside):
        assert Message.objects.filter(kind="invitation", recipient=cast.ana.member).count() == invitations + 1
