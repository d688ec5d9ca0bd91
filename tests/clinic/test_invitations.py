"""The way in, from the mail's link to the first page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import tokens
from clinic.actions import invitations
from clinic.models import AuditEvent, Clinic, Invitation, Member, Message, User
from clinic.scope import in_clinic
from tests.cast import PASSWORD, Cast

GOOD = "the river runs past the mill"
NEW = "nina@riverside.example"


def invite(clinic: Clinic, by: Member, now: datetime, *, email: str = NEW, role: str = "therapist") -> str:
    """Invite someone and return the path in their mail."""
    with in_clinic(clinic.pk):
        member = invitations.invite(name="Nina Holt", email=email, role=role, by=by, now=now)
        return str(Message.objects.get(recipient=member, kind="invitation").path)


def member_of(clinic: Clinic, email: str = NEW) -> Member:
    with in_clinic(clinic.pk):
        return Member.objects.select_related("user").get(email=email)


@pytest.fixture
def path(cast: Cast, now: datetime) -> str:
    """The link that Nina got from Riverside."""
    return invite(cast.riverside, cast.olive, now)


def test_reading_the_page_changes_nothing(cast: Cast, path: str) -> None:
    """Mail scanners follow links, several times and without a person."""
    for method in ("get", "head", "get", "options"):
        response = getattr(Client(), method)(path)
        assert response.status_code == 200
    assert b'autocomplete="new-password"' in Client().get(path).content
    member = member_of(cast.riverside)
    assert member.user is None
    with in_clinic(cast.riverside.pk):
        assert Invitation.objects.get(member=member).accepted_at is None


def test_accepting_opens_the_door(cast: Cast, path: str, now: datetime) -> None:
    browser = Client()
    before = browser.get(path).status_code
    response = browser.post(path, {"password": GOOD})
    assert (before, response.status_code, response["Location"]) == (200, 302, "/")
    member = member_of(cast.riverside)
    assert member.user is not None
    assert member.user.email == NEW
    assert member.user.check_password(GOOD)
    assert browser.session["clinic_id"] == cast.riverside.pk
    assert int(browser.session["_auth_user_id"]) == member.user.pk
    assert browser.get("/clinic/staff/").status_code == 403, "signed in, as a therapist"
    with in_clinic(cast.riverside.pk):
        assert Invitation.objects.get(member=member).accepted_at == now
        assert AuditEvent.objects.filter(verb="invitation.accepted", actor_id=member.pk).count() == 1


def test_session_is_rotated_at_the_door(path: str) -> None:
    """A session fixed before the sign-in is worth nothing after it."""
    browser = Client()
    session = browser.session
    session["fixed"] = "before"
    session.save()
    before = session.session_key
    browser.post(path, {"password": GOOD})
    assert browser.session.session_key != before


@pytest.mark.parametrize("password", ["", "short", "password1234", NEW])
def test_weak_password_is_refused(cast: Cast, path: str, password: str) -> None:
    response = Client().post(path, {"password": password})
    assert response.status_code == 422
    assert b"is-invalid" in response.content
    assert member_of(cast.riverside).user is None
    assert not User.objects.filter(email=NEW).exists()
    assert Client().post(path, {"password": GOOD}).status_code == 302, "the invitation is still good"


def expired(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    del cast
    clock(now + timedelta(days=14))
    return path


def used(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    del cast, clock, now
    Client().post(path, {"password": GOOD})
    return path


def replaced(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    del clock
    with in_clinic(cast.riverside.pk):
        invitations.resend(member=Member.objects.get(email=NEW), by=cast.olive, now=now)
    return path


def made_up(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    del cast, path, clock, now
    return "/invitation/never-made-here/"


def of_another_purpose(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    del path, clock, now
    with in_clinic(cast.riverside.pk):
        known = Invitation.objects.get(member__email=NEW)
    return f"/invitation/{tokens.sign('unsubscribe', clinic_id=cast.riverside.pk, object_id=known.pk)}/"


def of_another_clinic(cast: Cast, path: str, clock: Any, now: datetime) -> str:
    """Rightly signed, but the invitation is not that clinic's."""
    del path, clock, now
    with in_clinic(cast.riverside.pk):
        known = Invitation.objects.get(member__email=NEW)
    return f"/invitation/{tokens.sign('invitation', clinic_id=cast.hilltop.pk, object_id=known.pk)}/"


@pytest.mark.parametrize("spoil", [expired, used, replaced, made_up, of_another_purpose, of_another_clinic])
def test_closed_links_are_all_the_same_404(
    cast: Cast, path: str, clock: Any, now: datetime, spoil: Callable[..., str]
) -> None:
    reference = Client().get("/invitation/x/")
    spoilt = spoil(cast, path, clock, now)
    for response in (Client().get(spoilt), Client().post(spoilt, {"password": GOOD})):
        assert response.status_code == 404
        assert response.content == reference.content
    assert Client().get(path).status_code == (404 if spoil in (expired, used, replaced) else 200)


def test_known_address_signs_in_first(cast: Cast, now: datetime) -> None:
    """Hugo of Hilltop is invited to Riverside as well: no second password for one account."""
    path = invite(cast.riverside, cast.olive, now, email=cast.hugo.email)
    page = Client().get(path)
    assert f"/account/login/?next={path}".encode() in page.content.replace(b"%3A", b":")
    assert b'type="password"' not in page.content
    response = Client().post(path, {"password": GOOD})
    assert response.status_code == 422
    assert cast.hugo.user.check_password(PASSWORD)
    assert member_of(cast.riverside, cast.hugo.email).user is None


def test_signed_in_person_joins_a_second_clinic(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    path = invite(cast.riverside, cast.olive, now, email=cast.hugo.email)
    browser = sign_in(cast.hugo)
    assert b'type="password"' not in browser.get(path).content
    key, csrf = browser.session.session_key, browser.cookies["csrf"].value
    assert browser.post(path).status_code == 302
    assert member_of(cast.riverside, cast.hugo.email).user == cast.hugo.user
    assert browser.session["clinic_id"] == cast.riverside.pk
    assert browser.session.session_key != key
    assert browser.cookies["csrf"].value != csrf, "forms of the first clinic, open in another tab, save nothing here"
    assert "/clinics/" in browser.get("/athletes/").content.decode(), "the way back to the first clinic"


def test_someone_else_signed_in_does_not_take_it(cast: Cast, path: str, sign_in: Callable[[Member], Client]) -> None:
    browser = sign_in(cast.hugo)
    assert "hugo@hilltop.example" in browser.get(path).content.decode()
    response = browser.post(path)
    assert response.status_code == 422
    assert member_of(cast.riverside).user is None
    assert browser.session["clinic_id"] == cast.hilltop.pk


def test_accepting_needs_the_csrf_token(cast: Cast, path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path, {"password": GOOD}).status_code == 403
    assert member_of(cast.riverside).user is None


def test_invitation_is_mailed_once_and_keeps_no_token(cast: Cast, path: str) -> None:
    token = path.split("/")[2]
    with in_clinic(cast.riverside.pk):
        row = Invitation.objects.get(member__email=NEW)
        assert row.token_digest == tokens.digest(token)
        assert token not in str(row.__dict__)
        assert Message.objects.filter(key=f"invitation:{row.pk}").count() == 1


def test_owner_does_not_read_the_link_in_the_outbox(cast: Cast, path: str, sign_in: Callable[[Member], Client]) -> None:
    """Who holds the link is the person: nobody may sign in as somebody else, least of all to their record."""
    with in_clinic(cast.riverside.pk):
        message = Message.objects.get(kind="invitation", recipient__email=NEW)
    page = sign_in(cast.olive).get(f"/admin/clinic/message/{message.pk}/change/").content.decode()
    assert "invitation" in page
    assert path.split("/")[2] not in page
