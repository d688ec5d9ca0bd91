import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent, Clinic, Member
from exercises.actions import exercises
from exercises.actions.catalogue import adopt
from exercises.catalogue import Catalogue, load
from exercises.models import Exercise
from exercises.queries.content import exercise_contents
from exercises.rules.content import ExerciseContent
from tests.cast import Cast

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
PAGE = "/library/updates/"
SHIPPED = load()
PLANK, SWIM = (next(one for one in SHIPPED.exercises if one.code == code) for code in ("plank", "swim"))


@pytest.fixture
def adopted(cast: Cast, within: Within, now: datetime) -> Cast:
    for clinic, owner in ((cast.riverside, cast.olive), (cast.hilltop, cast.hanna)):
        with within(clinic):
            adopt(clinic=clinic, by=owner, now=now)
    return cast


@pytest.fixture
def ships(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A release comes out whose catalogue has some exercises changed or added."""

    def release(*changed: ExerciseContent, without: tuple[str, ...] = ()) -> None:
        entries = {one.code: one for one in (*SHIPPED.exercises, *changed)}
        kept = tuple(one for code, one in entries.items() if code not in without)
        catalogue = Catalogue(kept, SHIPPED.protocols, SHIPPED.cards, version="2027.1")
        for module in ("actions.updates", "queries.updates", "catalogue"):
            monkeypatch.setattr(f"exercises.{module}.load", lambda: catalogue)
        monkeypatch.setattr("exercises.queries.updates._shipped", lambda: queries.entries_of(catalogue))

    from exercises.queries import updates as queries

    return release


def tokens(page: str, *, open_only: bool = False) -> dict[str, str]:
    found = re.findall(rf'name="{"open" if open_only else "update"}" value="((\w+:[\w-]+):[^"]+)"', page)
    return {key: token for token, key in found}


def read(browser: Client) -> str:
    page = browser.get(PAGE)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("tess", 403), ("finn", 403), ("ana", 403)])
def test_page_is_the_owners(adopted: Cast, sign_in: SignIn, who: str, status: int) -> None:
    person = getattr(adopted, who)
    browser = sign_in(getattr(person, "member", person))
    assert browser.get(PAGE).status_code == status
    assert browser.post(PAGE, {"do": "all"}).status_code == (422 if status == 200 else 403)


def test_page_without_news_says_so(adopted: Cast, sign_in: SignIn) -> None:
    page = read(sign_in(adopted.olive))
    assert "Nothing waits for an answer." in page
    assert "<button" not in page.partition("<main")[2].partition("<footer")[0]


def test_page_shows_before_and_after_and_what_stays(
    adopted: Cast, sign_in: SignIn, within: Within, now: datetime, ships: Callable[..., None]
) -> None:
    with within(adopted.riverside):
        row = Exercise.objects.get(code="plank")
        exercises.edit(exercise=row, content=replace(PLANK, name="Our plank"), revision=1, by=adopted.olive, now=now)
    ships(
        replace(PLANK, name="Plank on the forearms", steps=(*PLANK.steps[:-1], "Rest on your belly.")),
        replace(PLANK, code="wall_plank", name="Wall plank"),
        without=("swim",),
    )
    page = read(sign_in(adopted.olive))
    assert "The catalogue has 2 changes for your library." in page
    assert re.search(rf"<del>.*{re.escape(PLANK.steps[-1])}</del>", page)
    assert re.search(r"<ins>.*Rest on your belly.</ins>", page)
    assert "You changed this, so yours stays. The catalogue now says:" in page
    assert "<li>Plank on the forearms</li>" in page
    assert "Wall plank" in page
    assert f"{SWIM.name}. Yours stay as they are." in page


def test_taking_all_takes_what_was_shown(
    adopted: Cast, sign_in: SignIn, within: Within, ships: Callable[..., None]
) -> None:
    ships(replace(PLANK, name="Other plank"), replace(SWIM, name="Swimming"))
    browser = sign_in(adopted.olive)
    shown = tokens(read(browser), open_only=True)
    assert set(shown) == {"exercise:plank", "exercise:swim"}
    answer = browser.post(PAGE, {"do": "all", "open": list(shown.values())}, follow=True)
    assert "Taken: 2 changes." in answer.content.decode()
    assert "Nothing waits for an answer." in answer.content.decode()
    with within(adopted.riverside):
        assert set(Exercise.objects.filter(catalogue_version="2027.1").values_list("name", flat=True)) == {
            "Other plank",
            "Swimming",
        }
        assert AuditEvent.objects.filter(verb="catalogue.taken", actor_id=adopted.olive.pk).count() == 1
    with within(adopted.hilltop):
        assert not Exercise.objects.filter(catalogue_version="2027.1").exists()


def test_taking_the_ticked_and_leaving_the_rest(
    adopted: Cast, sign_in: SignIn, within: Within, ships: Callable[..., None]
) -> None:
    ships(replace(PLANK, name="Other plank"), replace(SWIM, name="Swimming"))
    browser = sign_in(adopted.olive)
    browser.post(PAGE, {"do": "take", "update": tokens(read(browser))["exercise:plank"]})
    leave = {"do": "leave", "update": tokens(read(browser))["exercise:swim"]}
    page = browser.post(PAGE, leave, follow=True).content.decode()
    assert "1 change left. It is listed below." in page
    assert "Nothing waits for an answer." in page
    assert "One change that you left" in page
    with within(adopted.riverside):
        assert exercise_contents()["swim"] == SWIM
    page = browser.post(PAGE, {"do": "take", "update": tokens(page)["exercise:swim"]}, follow=True).content.decode()
    assert "that you left" not in page
    with within(adopted.riverside):
        assert exercise_contents()["swim"].name == "Swimming"


def test_nothing_ticked_is_said(adopted: Cast, sign_in: SignIn, ships: Callable[..., None]) -> None:
    ships(replace(PLANK, name="Other plank"))
    page = sign_in(adopted.olive).post(PAGE, {"do": "take"})
    assert page.status_code == 422
    assert "Tick at least one." in page.content.decode()


def test_edit_in_the_meantime_is_told_and_keeps_the_ticks(
    adopted: Cast, sign_in: SignIn, within: Within, now: datetime, ships: Callable[..., None]
) -> None:
    ships(replace(PLANK, name="Other plank"), replace(SWIM, name="Swimming"))
    browser = sign_in(adopted.olive)
    shown = tokens(read(browser))
    with within(adopted.riverside):
        row = Exercise.objects.get(code="plank")
        exercises.edit(exercise=row, content=replace(PLANK, cues=("Ours",)), revision=1, by=adopted.tess, now=now)
    page = browser.post(PAGE, {"do": "take", "update": list(shown.values())})
    assert page.status_code == 409
    assert "Nothing was taken; look again." in page.content.decode()
    assert len(re.findall(r'name="update" [^>]+ checked>', page.content.decode())) == 2
    with within(adopted.riverside):
        assert not Exercise.objects.filter(catalogue_version="2027.1").exists()


def test_library_has_a_quiet_line_for_owners(adopted: Cast, sign_in: SignIn, ships: Callable[..., None]) -> None:
    line = "The catalogue has 2 changes"
    assert line not in sign_in(adopted.olive).get("/library/").content.decode()
    ships(replace(PLANK, name="Other plank"), replace(SWIM, name="Swimming"))
    assert line in sign_in(adopted.olive).get("/library/").content.decode()
    assert line not in sign_in(adopted.tess).get("/library/").content.decode()


def test_page_takes_as_many_queries_for_thirty_changes_as_for_one(
    adopted: Cast, sign_in: SignIn, ships: Callable[..., None]
) -> None:
    browser = sign_in(adopted.olive)

    def queries() -> int:
        read(browser)
        with CaptureQueriesContext(connection) as captured:
            read(browser)
        return len(captured)

    ships(replace(PLANK, name="Other plank"))
    one = queries()
    ships(*(replace(entry, name=f"{entry.name} 2") for entry in SHIPPED.exercises[:30]))
    assert queries() == one
