import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.ids import uuid7
from clinic.models import Clinic, Member
from exercises.actions.catalogue import adopt
from exercises.models import Exercise, ExerciseLink, Protocol
from exercises.queries.library import current_links
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
LIBRARY = "/library/"


@pytest.fixture
def catalogue(cast: Cast, within: Within, now: datetime) -> Cast:
    """Both clinics have adopted the catalogue."""
    for clinic, owner in ((cast.riverside, cast.olive), (cast.hilltop, cast.hanna)):
        with within(clinic):
            adopt(clinic=clinic, by=owner, now=now)
    return cast


def named(tiles: list[dict[str, Any]]) -> set[str]:
    return {tile["name"] for tile in tiles}


def tiles_of(browser: Client, **asked: Any) -> set[str]:
    return named(browser.get(LIBRARY, asked).context["library"].tiles)


def first_of(browser: Client, **asked: Any) -> str:
    return str(browser.get(LIBRARY, asked).context["library"].tiles[0]["name"])


def test_library_is_open_to_every_role(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        plank = Exercise.objects.get(code="plank")
        protocol = Protocol.objects.first()
    paths = (
        LIBRARY,
        reverse("exercises:exercise", args=[plank.pk]),
        reverse("exercises:compare"),
        reverse("exercises:protocols"),
        reverse("exercises:protocol", args=[protocol.pk]),
    )
    for member in (catalogue.olive, catalogue.tess, catalogue.finn, catalogue.ana.member):
        browser = sign_in(member)
        frame = "base_staff.html" if member.is_staff_member else "base_phone.html"
        for path in paths:
            page = browser.get(path)
            assert page.status_code == 200
            assert frame in {template.name for template in page.templates}


def test_library_sends_strangers_to_the_door(catalogue: Cast) -> None:
    page = Client().get(LIBRARY)
    assert page.status_code == 302
    assert page["Location"].startswith(reverse("account_login"))


def test_library_shows_only_its_clinic(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.hilltop):
        make_exercise("Hilltop hop")
    with within(catalogue.riverside):
        make_exercise("Riverside row")
    assert {"Riverside row", "Forearm plank"} <= tiles_of(sign_in(catalogue.tess))
    assert "Hilltop hop" not in sign_in(catalogue.tess).get(LIBRARY).content.decode()


def test_names_stand_as_in_a_dictionary(cast: Cast, sign_in: SignIn, within: Within) -> None:
    """Neither capitals nor accents count, whichever way the database sorts."""
    with within(cast.riverside):
        for name in ("Zottman curl", "wall sit", "Squat", "Écarté", "Eagle pose"):
            make_exercise(name)
    browser = sign_in(cast.tess)
    in_order = ["Eagle pose", "Écarté", "Squat", "wall sit", "Zottman curl"]
    assert [tile["name"] for tile in browser.get(LIBRARY).context["library"].tiles] == in_order
    assert [row["name"] for row in browser.get("/api/v1/exercises/").json()["results"]] == in_order
    assert [row.name for row in browser.get(reverse("exercises:compare")).context["names"]] == in_order


SEARCHES: list[tuple[dict[str, Any], str, str]] = [  # what is asked, what is there, what is not
    ({"q": "PLANK"}, "Side plank", "Cat-cow"),
    ({"q": "hip mat stretch"}, "Pigeon pose", "Hip circles"),  # words of the labels, all of them
    ({"kind": "warm_up"}, "Hip circles", "Side plank"),
    ({"kind": ["warm_up", "strength"]}, "Side plank", "Pigeon pose"),
    ({"kind": ["dance", "warm_up"]}, "Hip circles", "Side plank"),  # what cannot be read counts as not asked
    ({"kind": "dance"}, "Side plank", ""),
    ({"hide": "spinal_flexion"}, "Pigeon pose", "Standing forward bend"),
    ({"region": "hamstrings", "kind": "stretch"}, "Standing forward bend", "Pigeon pose"),
    ({"equipment": "foam_roller"}, "Foam rolling, buttock", "Side plank"),
    ({"equipment": "mat", "gear": "only"}, "Side plank", "Foam rolling, buttock"),
    ({"equipment": "none", "gear": "only"}, "Squat", "Side plank"),
    ({"equipment": "mat", "gear": "without"}, "Squat", "Side plank"),
    ({"level": "first"}, "Sit to stand", "Squat"),
    ({"q": "plank", "kind": "stretch"}, "", "Forearm plank"),
]
MEANT = {
    "glut brige": "Glute bridge",
    "deadbug": "Dead bug",
    "sid": "Side plank",
    "bend forward standing": "Standing forward bend",
}


def test_library_is_searched(catalogue: Cast, sign_in: SignIn, subtests: pytest.Subtests) -> None:
    browser = sign_in(catalogue.tess)
    for asked, there, gone in SEARCHES:
        with subtests.test(asked=asked):
            found = tiles_of(browser, **asked)
            assert not there or there in found
            assert not gone or gone not in found


def test_search_puts_what_was_meant_first(catalogue: Cast, sign_in: SignIn, subtests: pytest.Subtests) -> None:
    browser = sign_in(catalogue.tess)
    for typed, first in MEANT.items():
        with subtests.test(typed=typed):
            assert first_of(browser, q=typed) == first


def test_filters_say_what_each_would_find_and_can_be_taken_away(catalogue: Cast, sign_in: SignIn) -> None:
    asked = {"q": "hip", "hide": "kneeling", "kind": "stretch"}
    answer = sign_in(catalogue.tess).get(LIBRARY, asked)
    page = answer.content.decode()
    boxes = {box.code: box for box in answer.context["options"]["kind"]}
    assert boxes["stretch"].on
    assert boxes["stretch"].count == len(answer.context["library"].tiles) > 0
    assert boxes["strength"].count == len(tiles_of(sign_in(catalogue.tess), **{**asked, "kind": "strength"}))
    assert 'href="/library/?q=hip&amp;hide=kneeling"' in page  # the chip without "stretch"
    assert 'href="/library/?q=hip&amp;kind=stretch"' in page


def test_htmx_gets_the_list_alone_with_counts_and_its_address(catalogue: Cast, sign_in: SignIn) -> None:
    headers = {"HX-Request": "true", "HX-Target": "found"}
    part = sign_in(catalogue.tess).get(
        LIBRARY, {"q": "plank", "kind": ["dance", "strength"], "gear": ""}, headers=headers
    )
    words = part.content.decode()
    assert part["HX-Replace-Url"] == "/library/?q=plank&kind=strength"
    assert "<html" not in words
    assert "Side plank" in words
    assert 'id="said" role="status"' in words
    assert re.search(r'id="n-region-core" data-n="\d+" hx-swap-oob="true"', words)
    bare = sign_in(catalogue.tess).get(LIBRARY, {"q": ""}, headers=headers)
    assert bare["HX-Replace-Url"] == "/library/"


def test_ladders_stand_easiest_first(catalogue: Cast, sign_in: SignIn) -> None:
    browser = sign_in(catalogue.tess)
    page = browser.get(LIBRARY, {"view": "ladders", "q": "side plank"})
    names = [[row["name"] for row in rung] for rung in page.context["library"].ladders[0]]
    assert ["Side plank, kneeling"] in names
    assert names.index(["Side plank, kneeling"]) < names.index(["Side plank"])
    assert "On no ladder" in browser.get(LIBRARY, {"view": "ladders"}).content.decode()


def test_ladder_that_grows_while_the_page_is_read_is_shown_as_it_was(
    catalogue: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and links are two statements; between them somebody may add a rung."""

    def later() -> list[tuple[UUID, UUID]]:
        ExerciseLink.objects.create(easier=Exercise.objects.get(code="plank"), harder=make_exercise("Long plank"))
        return current_links()

    monkeypatch.setattr("exercises.queries.library.current_links", later)
    page = sign_in(catalogue.tess).get(LIBRARY, {"view": "ladders"})
    assert page.status_code == 200
    assert b"Long plank" not in page.content


def test_compare_is_chosen_from_the_list(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        two = [str(Exercise.objects.get(code=code).pk) for code in ("plank", "side_plank")]
    browser = sign_in(catalogue.tess)
    asked = {"pick": [two[0], "nonsense", two[0]], "q": "cat"}  # a chosen one stays chosen out of sight
    one = browser.get(LIBRARY, asked).content.decode()
    assert f'<input type="hidden" name="pick" value="{two[0]}">' in one
    assert "Choose one more." in one
    part = browser.get(LIBRARY, {"pick": two}, headers={"HX-Request": "true", "HX-Target": "picked"}).content.decode()
    assert f'href="/library/compare/?pick={two[0]}&amp;pick={two[1]}"' in part
    assert "tiles" not in part
    assert 'name="pick"' not in sign_in(catalogue.ana.member).get(LIBRARY).content.decode()


def test_chosen_one_is_taken_away_and_all_else_stays(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        plank, bridge = (str(Exercise.objects.get(code=code).pk) for code in ("plank", "glute_bridge"))
    asked = {"q": "cat", "kind": "mobility", "view": "ladders", "pick": [plank, bridge]}
    page = sign_in(catalogue.tess).get(LIBRARY, asked).content.decode()
    here = 'href="/library/?q=cat&amp;kind=mobility&amp;view=ladders&amp;pick='
    assert f'{here}{bridge}" data-off="pick-{plank}"' in page
    assert f'{here}{plank}" data-off="pick-{bridge}"' in page


def test_search_without_a_hit_offers_the_way_back(catalogue: Cast, sign_in: SignIn) -> None:
    page = sign_in(catalogue.tess).get(LIBRARY, {"q": "<juggling>"})
    assert b"No exercise fits this search." in page.content
    assert b"<juggling>" not in page.content


def test_retired_exercise_leaves_the_list_but_stays_readable(
    catalogue: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(catalogue.riverside):
        plank = Exercise.objects.get(code="plank")
        Exercise.objects.filter(pk=plank.pk).update(retired_at=now)
    browser = sign_in(catalogue.tess)
    assert "Forearm plank" not in tiles_of(browser)
    page = browser.get(reverse("exercises:exercise", args=[plank.pk]))
    assert page.status_code == 200
    assert b"retired" in page.content


def test_retired_are_found_by_who_can_bring_them_back(
    catalogue: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(catalogue.riverside):
        gone = make_exercise("Glut brige on a ball")  # by its name "glut brige" would be no slip
        Exercise.objects.filter(pk=gone.pk).update(retired_at=now)
    browser = sign_in(catalogue.tess)
    shown = browser.get(LIBRARY, {"shelf": "retired"})
    assert named(shown.context["library"].tiles) == {gone.name}
    assert f'<span class="name">{gone.name}</span><span class="beside-note">Retired</span>' in shown.content.decode()
    assert (
        reverse("exercises:exercise_bring_back", args=[gone.pk])
        in browser.get(reverse("exercises:exercise", args=[gone.pk])).content.decode()
    )
    boxes = {box.code: box.count for box in browser.get(LIBRARY).context["options"]["shelf"]}
    assert boxes["retired"] == 1
    assert "own" not in boxes
    assert tiles_of(browser, shelf="retired", q="ball") == {gone.name}
    assert gone.name not in tiles_of(browser, q="glut brige")
    assert first_of(browser, q="glut brige") == "Glute bridge"
    for view in ("tiles", "ladders"):
        assert gone.name not in browser.get(LIBRARY, {"view": view}).content.decode()
    for reader in (catalogue.finn, catalogue.ana.member):  # to them it is as if nothing were asked
        page = sign_in(reader).get(LIBRARY, {"shelf": "retired"})
        assert gone.name not in page.content.decode()
        assert b"Retired" not in page.content
        assert len(page.context["library"].tiles) == page.context["library"].total
    api = browser.get("/api/v1/exercises/", {"shelf": "retired"}).content.decode()
    assert gone.name not in api


def test_exercise_tells_how_how_much_and_when_not(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        bridge = Exercise.objects.get(code="glute_bridge")
    page = sign_in(catalogue.tess).get(reverse("exercises:exercise", args=[bridge.pk])).content.decode()
    for words in (
        *bridge.steps[:2],
        "Ribs stay down",
        "3 × 12",
        "hold 2 s, rest 60 s",
        "onvention",
        "No caution is recorded.",
        "Core and hip strength for runners (8 weeks)",
    ):
        assert words in page
    ladder = [page.index(name) for name in ("<b>Glute bridge</b>", "Single-leg bridge")]
    assert ladder == sorted(ladder)


def test_exercise_speaks_plainly_to_runners(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        bridge = Exercise.objects.get(code="glute_bridge")
    staff, runner = (
        sign_in(who).get(reverse("exercises:exercise", args=[bridge.pk])).content.decode()
        for who in (catalogue.tess, catalogue.ana.member)
    )
    for ours, theirs in (("Default dose", "Usual dose"), ("Cues", "Think of")):
        assert f">{ours}</h2>" in staff
        assert f">{theirs}</h2>" in runner
        assert ours not in runner
    assert "Your program says how much you do." in runner
    assert "dose-big" in staff
    assert "dose-big" not in runner  # no order of its own beside what was prescribed


BACK = [  # what the address names, where the crumb goes, and its words
    ("/library/?q=plank&kind=strength", "/library/?q=plank&amp;kind=strength", "Library"),
    ("/me/program/", "/me/program/", "Back"),
    (f"/me/log/{UUID(int=7)}/", f"/me/log/{UUID(int=7)}/", "Back to your session"),
    *[
        (bad, LIBRARY, "Library")
        for bad in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)")
    ],
    *[(bad, LIBRARY, "Library") for bad in ("/\\elsewhere.example/", "library", "/nothing-here/", "")],
]


@pytest.mark.parametrize(("back", "there", "words"), BACK)
@pytest.mark.parametrize("page", ["exercise", "compare"])
def test_crumb_goes_back_to_where_one_came_from(
    cast: Cast, sign_in: SignIn, within: Within, page: str, back: str, there: str, words: str
) -> None:
    with within(cast.riverside):
        plank = make_exercise("Plank")
    path = reverse(f"exercises:{page}", args=[plank.pk] if page == "exercise" else [])
    shown = sign_in(cast.ana.member).get(path, {"back": back}).content.decode()
    crumb = re.search(r'<nav class="crumb"[^>]*><a href="([^"]*)"><svg.*?</svg> ([^<]*)</a>', shown)
    assert crumb
    assert crumb.groups() == (there, words)


def test_tile_takes_the_search_along(catalogue: Cast, sign_in: SignIn) -> None:
    browser = sign_in(catalogue.tess)
    asked = {"q": "side plank", "kind": "strength"}
    tile = re.search(r'class="tile" id="[^"]*" href="([^"]*)"', browser.get(LIBRARY, asked).content.decode())
    assert tile
    assert b'<a href="/library/?q=side+plank&amp;kind=strength">' in browser.get(tile[1]).content
    assert b"?back=" not in browser.get(LIBRARY).content


def test_exercise_of_no_region_says_no_empty_word(cast: Cast, sign_in: SignIn, within: Within) -> None:
    with within(cast.riverside):
        plank = make_exercise("Plank")
    for path in (LIBRARY, reverse("exercises:exercise", args=[plank.pk])):
        assert "Strength · no equipment" in sign_in(cast.tess).get(path).content.decode()


def test_exercise_says_its_cautions(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        bend = Exercise.objects.get(code="forward_bend")
    page = sign_in(catalogue.tess).get(reverse("exercises:exercise", args=[bend.pk])).content.decode()
    assert "bends the spine" in page
    assert "No caution is recorded" not in page


def test_protocol_shows_phases_schedules_and_doses(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    with within(catalogue.riverside):
        protocol = Protocol.objects.get(code="core_hip_strength_8_weeks")
    page = sign_in(catalogue.tess).get(reverse("exercises:protocol", args=[protocol.pk])).content.decode()
    for words in ("3 times a week, any days", "Tue, Fri", "before each run", "after each run", "3 × 40 s, rest 45 s"):
        assert words in page


@pytest.mark.parametrize(("route", "model"), [("exercises:exercise", Exercise), ("exercises:protocol", Protocol)])
def test_another_clinics_row_is_the_same_404_as_none(
    catalogue: Cast, sign_in: SignIn, within: Within, route: str, model: type[Exercise] | type[Protocol]
) -> None:
    with within(catalogue.hilltop):
        theirs = model.objects.first()
    browser = sign_in(catalogue.tess)
    real, never = (browser.get(reverse(route, args=[pk])) for pk in (theirs.pk, uuid7()))
    assert (real.status_code, never.status_code) == (404, 404)
    assert real.content == never.content


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)  # the first request of a session may do more
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", [LIBRARY, "/api/v1/exercises/"])
def test_list_takes_as_many_queries_for_two_hundred_as_for_ten(
    cast: Cast, sign_in: SignIn, within: Within, path: str
) -> None:
    browser = sign_in(cast.tess)
    with within(cast.riverside):
        for n in range(10):
            make_exercise(f"Number {n}")
    ten = queries_of(browser, path)
    with within(cast.riverside):
        for n in range(10, 200):
            make_exercise(f"Number {n}")
    assert queries_of(browser, path) == ten


def test_exercise_page_takes_as_many_queries_for_a_long_ladder(cast: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    with within(cast.riverside):
        middle = make_exercise("Middle")
        ExerciseLink.objects.create(easier=make_exercise("Easy"), harder=middle)
    path = reverse("exercises:exercise", args=[middle.pk])
    one = queries_of(browser, path)
    with within(cast.riverside):
        for n in range(1, 10):
            ExerciseLink.objects.create(easier=middle, harder=make_exercise(f"Hard {n}"), order=n)
    assert queries_of(browser, path) == one


def test_protocol_page_takes_few_queries(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(catalogue.tess)
    with within(catalogue.riverside):
        counts = {queries_of(browser, reverse("exercises:protocol", args=[row.pk])) for row in Protocol.objects.all()}
    assert len(counts) == 1  # 15 lines and 28
