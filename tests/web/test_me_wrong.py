"""Something feels wrong: always there, always the numbers, always an alert."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from athletes.actions import athletes
from athletes.models import Alert, EscalationRule, PainReport
from clinic.models import AuditEvent, Clinic, Member, Message
from tests.cast import Cast
from tests.telling import log, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
WRONG = "/me/wrong/"


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ana.member)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def assert_numbers(page: str) -> None:
    assert 'href="tel:112"' in page
    assert 'href="tel:+442079460134"' in page
    assert "go to an emergency department now" in page
    assert "around the clock" in page


@pytest.mark.parametrize("path", ["/me/", "/me/history/", "/me/program/", "/me/reminders/"])
def test_every_page_leads_here(ana: Client, path: str) -> None:
    assert f'href="{WRONG}"' in text(ana.get(path))


EMERGENCIES = (
    "genitals, back passage or inner thighs",
    "to hold pee or bowels",
    "sexual feeling",
    "both legs",
    "numbness that spreads",
    "a direct blow",
    "Chest pain",
)


def test_page_names_every_emergency_and_comforts_nobody(ana: Client) -> None:
    """CLINICAL.md section 2, RF1 to RF9; a low number beside the button is no good news."""
    page = text(ana.get(WRONG))
    assert not [sign for sign in EMERGENCIES if sign not in page]
    assert "see a doctor the same day" in page
    assert "Below the lines" not in page


@pytest.mark.parametrize("state", ["active", "hold", "discharge"])
def test_page_opens_an_alert_in_every_state(cast: Cast, ana: Client, within: Within, now: datetime, state: str) -> None:
    with within(cast.riverside):
        if state != "active":
            getattr(athletes, state)(athlete=cast.ana, reason="So", by=cast.tess, now=now)
    assert_numbers(text(ana.get(WRONG)))
    response = ana.post(WRONG, {"score": "7", "note": "Sharp", "client_id": str(uuid4())})
    page = text(response)
    assert response.status_code == 200
    assert_numbers(page)
    assert "It is on Riverside’s list" in page
    assert "Sharp" in page
    with within(cast.riverside):
        alert = Alert.objects.get()
        assert (alert.kind, alert.level, alert.evidence["score"]) == ("feels_wrong", "P1", 7)
        assert Message.objects.filter(kind="alert").count() == 1


@pytest.mark.parametrize(
    "said",
    [{}, {"score": ""}, {"score": "unsure"}, {"client_id": "lost", "about_on": "never"}, {"about_on": "2999-01-01"}],
)
def test_button_alone_is_enough(cast: Cast, ana: Client, within: Within, said: dict[str, str]) -> None:
    assert ana.post(WRONG, said).status_code == 200
    with within(cast.riverside):
        assert Alert.objects.get().evidence["score"] is None
        assert PainReport.objects.get().score is None


def test_rules_switched_off_do_not_silence_it(cast: Cast, ana: Client, within: Within) -> None:
    with within(cast.riverside):
        EscalationRule.objects.update(enabled=False, in_force=False)
    assert ana.post(WRONG, {}).status_code == 200
    with within(cast.riverside):
        assert Alert.objects.count() == 1


def test_reload_of_the_answer_rings_once(cast: Cast, ana: Client, within: Within) -> None:
    said = {"client_id": str(uuid4()), "about_on": "2026-11-24", "score": "4"}
    for _ in range(2):
        assert ana.post(WRONG, said).status_code == 200
    with within(cast.riverside):
        assert PainReport.objects.count() == Message.objects.filter(kind="alert").count() == 1


def test_going_back_to_say_more_is_another_report(cast: Cast, ana: Client, within: Within) -> None:
    said = {"client_id": str(uuid4()), "about_on": "2026-11-24", "score": "4"}
    for note in ("", "And my leg is numb"):
        assert ana.post(WRONG, {**said, "note": note}).status_code == 200
    with within(cast.riverside):
        assert PainReport.objects.count() == 2
        assert Alert.objects.get().events.filter(kind="finding").count() == 1


def test_too_long_a_note_keeps_the_words_and_the_numbers(cast: Cast, ana: Client, within: Within) -> None:
    response = ana.post(WRONG, {"note": "a" * 2001})
    page = text(response)
    assert response.status_code == 422
    assert "a" * 2001 in page
    assert_numbers(page)


def test_note_is_shown_as_text(ana: Client) -> None:
    page = text(ana.post(WRONG, {"note": "<script>alert(1)</script>"}))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_clinic_without_a_phone_shows_the_emergency_number(cast: Cast, ana: Client, within: Within) -> None:
    with within(cast.riverside):
        Clinic.objects.filter(pk=cast.riverside.pk).update(phone="", emergency_number="999")
    page = text(ana.get(WRONG))
    assert 'href="tel:999"' in page
    assert page.count("tel:") == 2  # the card and the dock


@pytest.mark.parametrize("who", ["tess", "olive", "finn"])
def test_staff_do_not_report_for_a_runner(cast: Cast, sign_in: SignIn, within: Within, who: str) -> None:
    assert sign_in(getattr(cast, who)).post(WRONG, {}).status_code == 403
    with within(cast.riverside):
        assert not PainReport.objects.exists()


def test_pain_never_enters_the_audit_trail(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=9, note="Secret words")
    ana.post(WRONG, {"score": "9", "note": "Secret words"})
    with within(cast.riverside):
        details = [event.detail for event in AuditEvent.objects.exclude(verb__startswith="rule")]
        assert "Secret" not in str(details)
        assert not any("score" in detail or "pain" in detail for detail in details)
