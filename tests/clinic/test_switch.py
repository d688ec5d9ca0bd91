"""Choosing a clinic: among one's own, and nothing of the other one comes along."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.contrib.messages import constants
from django.test import Client

from clinic.models import Member
from clinic.scope import in_clinic
from tests.cast import NOW, Cast

SignIn = Callable[[Member], Client]


@pytest.fixture
def both(cast: Cast) -> Member:
    """Tess works at Hilltop too, as an assistant."""
    with in_clinic(cast.hilltop.pk):
        return Member.objects.create(
            user=cast.tess.user, role="assistant", name="Tess L", email="tess@hilltop.example", active_from=NOW.date()
        )


def test_own_clinics_are_listed(cast: Cast, both: Member, sign_in: SignIn) -> None:
    page = sign_in(cast.tess).get("/clinics/").content.decode()
    assert str(both.pk) in page
    assert str(cast.tess.pk) in page
    assert page.index("Hilltop") < page.index("Riverside")
    assert str(cast.hugo.pk) not in page


def test_choosing_moves_and_rotates_the_session(cast: Cast, both: Member, sign_in: SignIn) -> None:
    browser = sign_in(cast.tess)
    key = browser.session.session_key
    response = browser.post("/clinics/", {"membership": str(both.pk)})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.session["clinic_id"] == cast.hilltop.pk
    assert browser.session.session_key != key


def test_form_of_an_old_tab_saves_nothing_in_the_new_clinic(cast: Cast, both: Member, sign_in: SignIn) -> None:
    """What was typed for Riverside must not be written into Hilltop."""
    browser = sign_in(cast.tess)
    browser.handler.enforce_csrf_checks = True
    key = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
    [old, *_] = key.findall(browser.get("/library/new/").content.decode())
    chosen = {"membership": str(both.pk)}
    assert browser.post("/clinics/", chosen | {"csrfmiddlewaretoken": old}).status_code == 302
    assert browser.session["clinic_id"] == cast.hilltop.pk
    assert browser.post("/clinics/", chosen | {"csrfmiddlewaretoken": old}).status_code == 403
    [new, *_] = key.findall(browser.get("/clinics/").content.decode())
    assert browser.post("/clinics/", chosen | {"csrfmiddlewaretoken": new}).status_code == 302


def test_link_of_a_mail_about_another_clinic_offers_the_way_there(cast: Cast, both: Member, sign_in: SignIn) -> None:
    """Else a doorbell opened in the wrong clinic looks like an alert that is gone."""
    link = f"/athletes/{cast.ben.pk}/"
    browser = sign_in(cast.tess)
    browser.get("/clinics/")
    session = browser.session
    session["many_clinics"] = True
    session.save()
    page = browser.get(link)
    assert page.status_code == 404
    assert f'href="/clinics/?next={quote(link, safe="")}"' in page.content.decode()
    assert cast.hilltop.name not in page.content.decode(), "it does not say where that is"
    assert f'name="next" value="{link}"' in browser.get(f"/clinics/?next={link}").content.decode()
    assert browser.post("/clinics/", {"membership": str(both.pk), "next": link})["Location"] == link
    for elsewhere in ("https://evil.example/", "//evil.example", "foo", "javascript:alert(1)"):
        assert browser.post("/clinics/", {"membership": str(both.pk), "next": elsewhere})["Location"] == "/"


def test_who_has_one_clinic_is_sent_to_the_start(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.hugo).get(f"/athletes/{cast.ana.pk}/")
    assert page.status_code == 404
    assert "/clinics/" not in page.content.decode()


def test_pending_words_do_not_come_along(cast: Cast, both: Member, sign_in: SignIn) -> None:
    """ "Ana was added" must not be read in Hilltop."""
    browser = sign_in(cast.tess)
    session = browser.session
    session["_messages"] = f'[["__json_message", 0, {constants.SUCCESS}, "Ana was added", ""]]'
    session.save()
    assert "Ana was added" in browser.get("/clinics/").content.decode(), "it would have been shown"
    session = browser.session
    session["_messages"] = f'[["__json_message", 0, {constants.SUCCESS}, "Ana was added", ""]]'
    session.save()
    browser.post("/clinics/", {"membership": str(both.pk)})
    assert "Ana was added" not in browser.get("/clinics/").content.decode()


@pytest.mark.parametrize("what", ["foreign", "never", "", "ended", "nonsense"])
def test_only_own_living_memberships_can_be_chosen(cast: Cast, both: Member, sign_in: SignIn, what: str) -> None:
    if what == "ended":
        with in_clinic(cast.hilltop.pk):
            Member.objects.filter(pk=both.pk).update(active_from="2026-01-01", active_until="2026-11-23")
    never = "01900000-0000-7000-8000-000000000000"
    chosen = {"foreign": str(cast.hugo.pk), "never": never, "ended": str(both.pk)}.get(what, what)
    browser = sign_in(cast.tess)
    assert browser.post("/clinics/", {"membership": chosen}).status_code == 404
    assert browser.session["clinic_id"] == cast.riverside.pk


def test_person_without_a_clinic_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.finn)
    with in_clinic(cast.riverside.pk):
        Member.objects.filter(pk=cast.finn.pk).update(active_from="2026-01-01", active_until="2026-11-23")
    assert browser.get("/clinic/staff/")["Location"].startswith("/clinics/?"), "revoked means the next request"
    response = browser.get("/clinics/")
    assert response.status_code == 200
    assert "finn@riverside.example" in response.content.decode()
    assert "clinic_id" not in browser.session


def test_anonymous_signs_in_first() -> None:
    response = Client().get("/clinics/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")
