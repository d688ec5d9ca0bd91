"""A new runner: one screen, one POST, all of it or nothing."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from athletes.models import Athlete, CareTie, DueSession, Program, ProgramVersion
from clinic.models import Clinic, Member, Message
from exercises.actions.catalogue import adopt
from exercises.models import Protocol
from tests.cast import Cast

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
URL = "/athletes/new/"
STARTS = date(2026, 11, 26)


@pytest.fixture
def protocol(cast: Cast, within: Within, now: datetime) -> Protocol:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=None, now=now)
        found = Protocol.objects.order_by("name").first()
    assert found is not None
    return found


@pytest.fixture
def send(cast: Cast, sign_in: SignIn, protocol: Protocol) -> Callable[..., HttpResponse]:
    """Fill the screen in as someone of the cast, with some answers of its own."""

    def sent(who: str = "tess", **said: str) -> HttpResponse:
        typed = {
            "name": "Cleo Ray",
            "email": "Cleo@example.org",
            "phone": "+351 555 0199",
            "complaint": "Left calf",
            "baseline_morning": "3",
            "time_zone": "Atlantic/Azores",
            "protocol": str(protocol.pk),
            "starts_on": STARTS.isoformat(),
            "lead": str(cast.tess.pk),
        }
        return sign_in(getattr(cast, who)).post(URL, typed | said)

    return sent


Send = Callable[..., HttpResponse]


def test_therapist_enrols_invites_and_publishes_in_one_post(cast: Cast, send: Send, within: Within) -> None:
    response = send()
    with within(cast.riverside):
        cleo = Athlete.objects.get(member__email="cleo@example.org")
        assert response["Location"] == f"/athletes/{cleo.pk}/"
        assert (cleo.name, cleo.complaint, cleo.baseline_morning) == ("Cleo Ray", "Left calf", 3)
        assert (cleo.time_zone, cleo.phone) == ("Atlantic/Azores", "+351 555 0199")
        assert CareTie.objects.get(athlete=cleo).member == cast.tess
        assert Message.objects.get(recipient=cleo.member).kind == "invitation"
        version = ProgramVersion.objects.get(program__athlete=cleo)
        assert (version.state, version.effective_on) == ("published", STARTS)
        assert DueSession.objects.filter(athlete=cleo).order_by("from_on").first().from_on >= STARTS


def test_next_page_says_what_has_happened(cast: Cast, send: Send, sign_in: SignIn) -> None:
    response = send()
    shown = response.client.get(response["Location"]).content.decode()  # type: ignore[attr-defined]
    assert "Cleo Ray is invited. The program begins on Thursday 26 November." in shown


@pytest.mark.parametrize(("who", "lead"), [("finn", "tess"), ("tess", "theo"), ("olive", "theo")])
def test_who_is_not_the_lead_leaves_a_draft(cast: Cast, send: Send, within: Within, who: str, lead: str) -> None:
    assert send(who, lead=str(getattr(cast, lead).pk)).status_code == 302
    with within(cast.riverside):
        version = ProgramVersion.objects.get(program__athlete__member__email="cleo@example.org")
        assert version.state == "draft"
        assert version.blocks.exists()
        assert not DueSession.objects.filter(athlete=version.program.athlete).exists()
        assert version.program.athlete.care_ties.get().member == getattr(cast, lead)


def test_without_a_protocol_there_is_no_program(cast: Cast, send: Send, within: Within) -> None:
    assert send(protocol="").status_code == 302
    with within(cast.riverside):
        assert Athlete.objects.filter(member__email="cleo@example.org").exists()
        assert not Program.objects.exists()


def test_usual_pain_unset_stays_unknown_and_zero_is_zero(cast: Cast, send: Send, within: Within) -> None:
    send(baseline_morning="")
    send(baseline_morning="0", email="zoe@example.org")
    with within(cast.riverside):
        found = dict(Athlete.objects.values_list("member__email", "baseline_morning"))
    assert (found["cleo@example.org"], found["zoe@example.org"]) == (None, 0)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"email": "ANA@riverside.example"}, "email", "This address already belongs to someone in your clinic."),
        ({"email": "nobody"}, "email", "Enter a valid email address."),
        ({"name": ""}, "name", "This field is required."),
        ({"starts_on": "2026-11-23"}, "starts_on", "Choose today or a later day."),
        ({"lead": ""}, "lead", "This field is required."),
        ({"phone": "call me"}, "phone", "Enter a phone number such as"),
        ({"baseline_morning": "11"}, "baseline_morning", "Select a valid choice."),
        ({"time_zone": "Mars/Base"}, "time_zone", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_happens(
    cast: Cast, send: Send, within: Within, typed: dict[str, str], field: str, said: str
) -> None:
    response = send(**typed)
    body = response.content.decode()
    assert response.status_code == 422
    at = body.index(f'id="div_id_{field}"')
    beside = body[at : body.index('id="div_id_', at + 10) if 'id="div_id_' in body[at + 10 :] else None]
    assert said in beside
    assert 'value="Left calf"' in body
    with within(cast.riverside):
        assert not Athlete.objects.exclude(member__email="ana@riverside.example").exists()
        assert not Message.objects.exclude(recipient=cast.ana.member).exists()


def test_today_is_the_runners_day(cast: Cast, send: Send, clock: Callable[[datetime], None]) -> None:
    """At 23:30 in Lisbon it is tomorrow in Auckland: starting "today" would be yesterday there."""
    clock(datetime.fromisoformat("2026-11-24T23:30+00:00"))
    response = send(time_zone="Pacific/Auckland", starts_on="2026-11-24")
    assert response.status_code == 422
    assert "Choose today or a later day." in response.content.decode()


def test_lead_must_be_a_clinician_of_the_clinic(cast: Cast, send: Send) -> None:
    for other in (cast.finn, cast.hugo, cast.ana.member):
        assert send(lead=str(other.pk)).status_code == 422


def test_screen_offers_the_clinics_zone_and_oneself(cast: Cast, sign_in: SignIn, protocol: Protocol) -> None:
    body = sign_in(cast.tess).get(URL).content.decode()
    assert '<option value="Europe/Lisbon" selected>' in body
    assert f'<option value="{cast.tess.pk}" selected>Tess Lindqvist</option>' in body
    assert 'value="2026-11-24"' in body
    assert '<option value="" selected>Not known</option>' in body
    assert "only a clinician publishes" in sign_in(cast.finn).get(URL).content.decode()


def test_runners_may_not_invite(cast: Cast, sign_in: SignIn, send: Send) -> None:
    client = sign_in(cast.ana.member)
    assert client.get(URL).status_code == 403
    assert client.post(URL, {}).status_code == 403
