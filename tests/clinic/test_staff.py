"""Who works here: invite, invite again, end."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.actions import invitations, members
from clinic.errors import ConflictError, DomainError
from clinic.models import AuditEvent, Invitation, Member, Message
from clinic.roles import Role
from clinic.scope import in_clinic
from tests.cast import Cast, make_member

SignIn = Callable[[Member], Client]
PAGE = "/clinic/staff/"
NINA = {"name": "Nina Holt", "email": "Nina@Riverside.example", "role": "therapist"}


def test_owner_sees_who_works_here(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.olive).get(PAGE).content.decode()
    order = [page.index(name) for name in ("Olive Hart", "Tess Lindqvist", "Theo Marsh", "Finn Doyle")]
    assert order == sorted(order)
    assert "Ana Duarte" not in page
    assert "Hugo" not in page


@pytest.mark.parametrize("who", ["tess", "finn", "ana"])
def test_only_the_owner_may(cast: Cast, sign_in: SignIn, who: str) -> None:
    person = getattr(cast, who)
    browser = sign_in(getattr(person, "member", person))
    theo = cast.theo.pk
    assert browser.get(PAGE).status_code == 403
    for path in (PAGE, f"{PAGE}{theo}/invite/", f"{PAGE}{theo}/end/"):
        assert browser.post(path, NINA).status_code == 403
    with in_clinic(cast.riverside.pk):
        assert not Member.objects.filter(email="nina@riverside.example").exists()
        assert Member.objects.get(pk=theo).active_until is None


def test_owner_invites_a_colleague(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.olive)
    response = browser.post(PAGE, NINA, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert page.count("nina@riverside.example") == 2, "in the notice and in the list"
    with in_clinic(cast.riverside.pk):
        member = Member.objects.get(email="nina@riverside.example")
        assert (member.role, member.user) == (Role.THERAPIST, None)
        assert Message.objects.get(recipient=member).kind == "invitation"
        assert AuditEvent.objects.get(verb="member.invited", object_id=member.pk).actor_id == cast.olive.pk


def test_second_click_on_invite_is_told_and_not_broken(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one's row is committed after the second one looked: the unique key tells."""
    browser = sign_in(cast.olive)
    browser.post(PAGE, NINA)
    monkeypatch.setattr(type(Member.objects.all()), "exists", lambda _rows: False)
    response = browser.post(PAGE, NINA)
    assert response.status_code == 422
    assert "already belongs to someone" in response.content.decode()
    with in_clinic(cast.riverside.pk):
        assert Member.objects.filter(email="nina@riverside.example").count() == 1
        assert Message.objects.filter(kind="invitation", recipient__email="nina@riverside.example").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"email": "tess@riverside.example"}, {"email": "no"}, {"role": "athlete"}, {"role": "root"}, {"name": " "}],
)
def test_wrong_invitation_is_shown_again(cast: Cast, sign_in: SignIn, wrong: dict[str, str]) -> None:
    with in_clinic(cast.riverside.pk):
        before = Member.objects.count()
    response = sign_in(cast.olive).post(PAGE, {**NINA, **wrong})
    assert response.status_code == 422
    assert b"is-invalid" in response.content
    with in_clinic(cast.riverside.pk):
        assert Member.objects.count() == before


def test_extra_fields_are_ignored(cast: Cast, sign_in: SignIn) -> None:
    extra = {
        "clinic": cast.hilltop.pk,
        "clinic_id": cast.hilltop.pk,
        "user": cast.tess.user.pk,
        "active_until": "2020-01-01",
    }
    sign_in(cast.olive).post(PAGE, {**NINA, **extra})
    with in_clinic(cast.riverside.pk):
        member = Member.objects.get(email="nina@riverside.example")
        assert (member.clinic_id, member.user, member.active_until) == (cast.riverside.pk, None, None)


def test_invited_again_the_first_link_closes(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.olive)
    browser.post(PAGE, NINA)
    with in_clinic(cast.riverside.pk):
        member = Member.objects.get(email="nina@riverside.example")
        first = Message.objects.get(recipient=member).path
    assert browser.post(f"{PAGE}{member.pk}/invite/").status_code == 302
    with in_clinic(cast.riverside.pk):
        second = Message.objects.filter(recipient=member).exclude(path=first).get().path
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)


def test_someone_who_accepted_is_not_invited_again(riverside: Cast, now: datetime) -> None:
    before = Invitation.objects.count()
    with pytest.raises(DomainError, match="not_invited"):
        invitations.resend(member=riverside.theo, by=riverside.olive, now=now)
    assert Invitation.objects.count() == before


def test_ended_member_is_out_at_the_next_request(cast: Cast, sign_in: SignIn) -> None:
    theirs, owners = sign_in(cast.theo), sign_in(cast.olive)
    path = f"{PAGE}{cast.theo.pk}/end/"
    assert theirs.get(PAGE).status_code == 403, "known, and refused"
    assert "Theo Marsh" in owners.get(path).content.decode()
    assert owners.post(path).status_code == 302
    response = theirs.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, "/clinics/?next=%2Fclinic%2Fstaff%2F")
    assert "Theo Marsh" in owners.get(PAGE).content.decode(), "in the notice, once"
    assert "Theo Marsh" not in owners.get(PAGE).content.decode()
    with in_clinic(cast.riverside.pk):
        assert AuditEvent.objects.get(verb="member.ended").object_id == str(cast.theo.pk)


def test_ending_closes_the_invitation(riverside: Cast, now: datetime) -> None:
    nina = invitations.invite(
        name="Nina", email="nina@riverside.example", role="assistant", by=riverside.olive, now=now
    )
    path = Message.objects.get(recipient=nina).path
    members.end(member=nina, by=riverside.olive, now=now)
    assert Client().get(path).status_code == 404
    with pytest.raises(DomainError, match="not_invited"):
        invitations.resend(member=nina, by=riverside.olive, now=now)


def test_ending_twice_is_a_conflict(riverside: Cast, now: datetime) -> None:
    members.end(member=riverside.theo, by=riverside.olive, now=now)
    with pytest.raises(ConflictError, match="not_open"):
        members.end(member=riverside.theo, by=riverside.olive, now=now)


def test_nobody_locks_themself_out(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.olive).post(f"{PAGE}{cast.olive.pk}/end/")
    assert response.status_code == 422
    assert "You cannot end your own access" in response.content.decode()
    with in_clinic(cast.riverside.pk):
        assert Member.objects.get(pk=cast.olive.pk).active_until is None


@pytest.mark.parametrize("who", ["hugo", "ana", "never"])
def test_other_people_do_not_exist_here(cast: Cast, sign_in: SignIn, who: str) -> None:
    """Another clinic's member, a runner, nobody: the same 404."""
    known = {"hugo": cast.hugo.pk, "ana": cast.ana.member.pk, "never": "01900000-0000-7000-8000-000000000000"}
    browser = sign_in(cast.olive)
    for method, verb in (("get", "end"), ("post", "end"), ("post", "invite")):
        assert getattr(browser, method)(f"{PAGE}{known[who]}/{verb}/").status_code == 404


def test_queries_do_not_grow_with_the_staff(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.olive)
    browser.get(PAGE)
    counts = []
    for more in (0, 30):
        with in_clinic(cast.riverside.pk):
            for n in range(more):
                make_member(f"P{n} Person", Role.THERAPIST, clinic_slug="riverside", with_user=False)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
