import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.ids import uuid7
from clinic.models import Clinic, Member
from exercises.actions import cards
from exercises.actions.catalogue import adopt
from exercises.catalogue import load
from exercises.kinds import CardKind, Factor
from exercises.models import EducationCard, Exercise
from exercises.queries.education import about_exercise
from tests.cast import Cast
from tests.plain_form import form_of

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
SHELF = "/library/education/"
FAQ = "/library/faq/"


@pytest.fixture
def read(cast: Cast, within: Within, now: datetime) -> Cast:
    """Both clinics have the cards."""
    for clinic, owner in ((cast.riverside, cast.olive), (cast.hilltop, cast.hanna)):
        with within(clinic):
            cards.refresh(by=owner, now=now)
    return cast


def card(cast: Cast, within: Within, code: str) -> EducationCard:
    with within(cast.riverside):
        found: EducationCard = EducationCard.objects.get(code=code)
        return found


def cards_on(browser: Client, path: str) -> list[str]:
    return re.findall(rf'href="{SHELF}([^/"]+)/"', browser.get(path).content.decode())


def queries(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["olive", "tess", "finn", "ana"])
def test_everybody_may_read(read: Cast, sign_in: SignIn, within: Within, who: str) -> None:
    person = getattr(read, who)
    browser = sign_in(getattr(person, "member", person))
    for path in (SHELF, FAQ, reverse("exercises:card", args=[card(read, within, "heal_heat").pk])):
        page = browser.get(path)
        assert page.status_code == 200
        frame = "base_phone.html" if who == "ana" else "base_staff.html"
        assert frame in {template.name for template in page.templates}


@pytest.mark.parametrize("path", [SHELF, FAQ])
def test_strangers_are_sent_to_the_door(read: Cast, path: str) -> None:
    assert Client().get(path)["Location"].startswith(reverse("account_login"))


def test_shelf_groups_every_card_by_kind(read: Cast, sign_in: SignIn) -> None:
    shelf = sign_in(read.tess).get(SHELF).context["shelf"]
    assert [kind for kind, _ in shelf.groups] == list(CardKind)
    assert sum(len(group) for _, group in shelf.groups) == shelf.total
    assert dict(shelf.factors).keys() == set(Factor)


def test_shelf_of_one_factor_shows_only_what_speaks_of_it(read: Cast, sign_in: SignIn) -> None:
    shelf = sign_in(read.tess).get(SHELF, {"factor": "sitting"}).context["shelf"]
    found = [row for _, group in shelf.groups for row in group]
    assert {"cause_sitting", "faq_sitting"} <= {row["code"] for row in found}
    assert all("sitting" in row["factors"] for row in found)


def test_shelf_takes_an_unknown_factor_as_not_asked(read: Cast, sign_in: SignIn) -> None:
    page = sign_in(read.tess).get(SHELF, {"factor": "moon"})
    assert sum(len(group) for _, group in page.context["shelf"].groups) == page.context["shelf"].total


def test_card_says_its_caveat_its_evidence_and_its_source(read: Cast, sign_in: SignIn, within: Within) -> None:
    one = card(read, within, "heal_ice")
    text = sign_in(read.ana.member).get(reverse("exercises:card", args=[one.pk])).content.decode()
    for words in (one.title, one.caveat, one.evidence, one.source, *one.body):
        assert words in text


def test_card_links_current_exercises_and_factors(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=cast.olive, now=now)
        Exercise.objects.filter(code="hip_circle").update(retired_at=now)
    one = card(cast, within, "prevent_warm_up")
    page = sign_in(cast.ana.member).get(reverse("exercises:card", args=[one.pk]))
    assert "hip_circle" in one.exercises
    assert [row.code for row in page.context["page"].exercises] == [
        code for code in one.exercises if code != "hip_circle"
    ]
    assert f"{SHELF}?factor=no_warm_up" in page.content.decode()


def test_retired_card_stays_readable_and_off_the_shelf(
    read: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    one = card(read, within, "heal_ice")
    with within(read.riverside):
        EducationCard.objects.filter(pk=one.pk).update(retired_at=now)
    browser = sign_in(read.tess)
    assert "retired" in browser.get(reverse("exercises:card", args=[one.pk])).content.decode()
    assert str(one.pk) not in browser.get(SHELF).content.decode()


def test_another_clinics_card_is_not_there(read: Cast, sign_in: SignIn, within: Within) -> None:
    one = card(read, within, "heal_heat")
    browser = sign_in(read.hugo)
    other, missing = (browser.get(reverse("exercises:card", args=[pk])) for pk in (one.pk, uuid7()))
    assert (other.status_code, missing.status_code) == (404, 404)


def test_questions_answer_the_seed_and_say_what_is_not_known(read: Cast, sign_in: SignIn) -> None:
    page = sign_in(read.ana.member).get(FAQ)
    assert len(page.context["first"]) == 5
    assert {"faq_running", "faq_stop_getting", "faq_how_to_run", "faq_sitting"} <= {
        row.code for row in page.context["questions"]
    }
    assert page.content.decode().count("What this does not say.") == len(page.context["questions"])


def test_questions_are_one_tap_from_every_page_of_the_runner(read: Cast, sign_in: SignIn) -> None:
    browser = sign_in(read.ana.member)
    for path in ("/me/", "/me/program/", "/library/"):
        assert f'href="{FAQ}"' in browser.get(path).content.decode()


def test_cards_are_found_by_exercise(read: Cast, within: Within) -> None:
    with within(read.riverside):
        assert "heal_heat" in {row["code"] for row in about_exercise("heat")}
        assert about_exercise("nowhere") == []


def test_cards_are_not_found_by_another_clinics_version(read: Cast, within: Within, now: datetime) -> None:
    with within(read.hilltop):
        adopt(clinic=read.hilltop, by=read.hanna, now=now)
        Exercise.objects.filter(code="plank").update(code="own_plank")
        assert about_exercise("own_plank")
    with within(read.riverside):
        assert about_exercise("own_plank") == []


def test_own_version_has_the_cards_of_what_it_was_made_from(
    read: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    browser = sign_in(read.tess)
    with within(read.riverside):
        adopt(clinic=read.riverside, by=read.olive, now=now)
        plank = Exercise.objects.get(code="plank")
    copy = reverse("exercises:exercise_copy", args=[plank.pk])
    own = browser.post(copy, form_of(browser.get(copy), "editor").fields | {"do": ["save"]})["Location"]
    theirs = reverse("exercises:exercise", args=[plank.pk])
    assert cards_on(browser, own) == cards_on(browser, theirs) != []
    assert queries(browser, own) <= queries(browser, theirs)


def test_pages_take_the_same_queries_for_one_card_and_for_all(
    read: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    browser = sign_in(read.tess)
    many = [queries(browser, path) for path in (SHELF, FAQ)]
    with within(read.riverside):
        EducationCard.objects.exclude(code="heal_ice").update(retired_at=now)
    assert [queries(browser, path) for path in (SHELF, FAQ)] == many


def test_empty_pages_say_so(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.tess)
    for path in (SHELF, FAQ):
        assert "There is nothing to read here yet." in browser.get(path).content.decode()


def test_cards_say_the_clinics_own_lines(read: Cast, within: Within, sign_in: SignIn) -> None:
    with within(read.riverside):
        Clinic.objects.filter(pk=read.riverside.pk).update(watch_from=2, stop_from=5)
    page = sign_in(read.ana.member).get(FAQ).content.decode()
    assert "up to 1 of 10 go on, from 2 to 4 keep it the same" in page
    assert "at 5 or more stop" in page
    assert "{" not in sign_in(read.ana.member).get(SHELF).content.decode()


def test_no_card_advises_at_a_score_of_its_own() -> None:
    """The lines are the clinic's; only what a study did may name a score."""
    said = [text for entry in load().cards for text in (entry.title, *entry.body, entry.caveat)]
    assert [text for text in said if re.search(r"\b\d+ (of|out of) 10\b", text)] == []
