"""One-click unsubscribe: RFC 8058."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from clinic import tokens
from clinic.delivery import letter
from clinic.letters import compose
from clinic.models import AuditEvent, Member, Message, Suppression
from clinic.scope import in_clinic
from tests.cast import Cast
from tests.clinic.conftest import Write

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def nudge(cast: Cast, write: Write) -> Message:
    """A nudge to Ana that waits in the outbox."""
    message = write(cast.ana.member)
    with in_clinic(cast.riverside.pk):
        return Message.objects.select_related("recipient__clinic").get(pk=message.pk)


@pytest.fixture
def path(nudge: Message) -> str:
    """The link in that nudge's header."""
    return letter(nudge).unsubscribe_link.partition("//")[2].partition("/")[2].join(("/", ""))


def test_reminder_leads_to_where_it_is_changed_and_asks_about_what_is_over(nudge: Message) -> None:
    """It goes out on the day after: nothing in it is about today."""
    mail = compose(letter(nudge))
    for words in (str(mail.body), str(mail.alternatives[0][0])):
        assert f"{settings.SITE_URL}/me/reminders/" in words
        assert "Did not?" in words
        assert "oday" not in words


def suppressions(cast: Cast) -> list[tuple[object, str, str]]:
    with in_clinic(cast.riverside.pk):
        return list(Suppression.objects.values_list("member", "kind", "reason"))


def test_asking_changes_nothing_and_names_nobody(cast: Cast, path: str) -> None:
    for method in ("get", "head", "options", "get"):
        assert getattr(Client(), method)(path).status_code == 200
    page = Client().get(path).content.decode()
    for name in ("Ana", "Duarte", "ana@", "Riverside"):
        assert name not in page
    assert suppressions(cast) == []


@pytest.mark.parametrize("multipart", [False, True])
def test_one_click_stops_reminders(cast: Cast, path: str, nudge: Message, multipart: bool) -> None:
    """As a mail provider posts it: no cookie, no token, either encoding; 200 and no redirect."""
    provider = Client(enforce_csrf_checks=True)
    body = {"data": ONE_CLICK} if multipart else {"data": "List-Unsubscribe=One-Click", "content_type": FORM}
    response = provider.post(path, **body)
    assert response.status_code == 200
    assert "“Your reminders”" in response.content.decode()
    assert suppressions(cast) == [(cast.ana.member.pk, "nudge", "unsubscribed")]
    with in_clinic(cast.riverside.pk):
        assert Message.objects.get(pk=nudge.pk).state == Message.State.SKIPPED


def test_second_click_changes_nothing(cast: Cast, path: str) -> None:
    answers = [Client().post(path, ONE_CLICK) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len(suppressions(cast)) == 1
    with in_clinic(cast.riverside.pk):
        assert AuditEvent.objects.filter(verb="message.suppressed").count() == 1


def test_other_mail_still_comes(cast: Cast, write: Write, path: str) -> None:
    other = write(cast.ana.member, "invitation")
    Client().post(path, ONE_CLICK)
    with in_clinic(cast.riverside.pk):
        assert Message.objects.get(pk=other.pk).state == Message.State.DUE


def test_works_while_signed_in_elsewhere(cast: Cast, path: str, sign_in: Callable[[Member], Client]) -> None:
    """Hugo of Hilltop clicks Ana's link: it is the link that decides, and his own clinic stays his."""
    browser = sign_in(cast.hugo)
    assert browser.post(path, ONE_CLICK).status_code == 200
    assert len(suppressions(cast)) == 1
    with in_clinic(cast.hilltop.pk):
        assert not Suppression.objects.exists()
    assert browser.session["clinic_id"] == cast.hilltop.pk


def test_forged_links_are_404(cast: Cast, path: str, now: datetime) -> None:
    del now
    ana, riverside, hilltop = cast.ana.member.pk, cast.riverside.pk, cast.hilltop.pk
    forged = [
        "/u/made-up/",
        f"{path[:-2]}/",
        f"/u/{tokens.sign('invitation', clinic_id=riverside, object_id=ana)}/",
        f"/u/{tokens.sign('unsubscribe', clinic_id=hilltop, object_id=ana)}/",
    ]
    for link in forged:
        assert Client().get(link).status_code == 404
        assert Client().post(link, ONE_CLICK).status_code == 404
    assert suppressions(cast) == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(path: str, method: str) -> None:
    assert getattr(Client(), method)(path).status_code == 405
