"""The library as ladders: what was left out is not drawn, and what merely does not fit says so."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.models import Clinic, Member
from exercises.kinds import Laterality
from exercises.models import ExerciseLink
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
BESIDE = "not in this search"
ALL = [["Lean"], ["Bow"], ["Fold"], ["Dive"]]


@pytest.fixture
def browser(cast: Cast, sign_in: SignIn, within: Within) -> Client:
    """A library of one ladder, whose middle bends the spine and whose end is done on the knees, and one more exercise."""
    with within(cast.riverside):
        lean, dive = make_exercise("Lean"), make_exercise("Dive", Laterality.TOGETHER, "kneeling")
        bow, fold = (make_exercise(name, Laterality.TOGETHER, "spinal_flexion") for name in ("Bow", "Fold"))
        for low, high in ((lean, bow), (bow, fold), (fold, dive)):
            ExerciseLink.objects.create(easier=low, harder=high)
        make_exercise("Walk")
    return sign_in(cast.tess)


def page_of(browser: Client, **asked: Any) -> str:
    return browser.get("/library/", {"view": "ladders", **asked}).content.decode()


def rungs_of(page: str) -> list[list[str]]:
    """Return the names on each rung, those in brackets that say that they are not in the search."""
    rungs = []
    for rung in page.split('<li class="rung">')[1:]:
        tiles = re.findall(r'<span class="name">([^<]+)</span>(.*?)</a>', rung.partition("</section>")[0], re.DOTALL)
        rungs.append([f"({name})" if BESIDE in words else name for name, words in tiles])
    return rungs


def heading_of(page: str) -> str:
    return re.findall(r'<section class="ladder-row"><h2>([^<]+)</h2>', page)[0]


def ends_of(page: str) -> list[str]:
    """Return the words that stand over the rungs."""
    return re.findall(r'<span class="rung-n">(\w+)</span>', page)


@pytest.mark.parametrize(
    ("asked", "rungs", "heading", "found"),
    [
        ({}, ALL, "Lean to Dive", 5),
        ({"hide": "spinal_flexion"}, [["Lean"], ["Dive"]], "Lean to Dive", 3),
        ({"hide": ["spinal_flexion", "kneeling"]}, [["Lean"]], "Lean", 2),
        ({"q": "fold"}, [["(Lean)"], ["(Bow)"], ["Fold"], ["(Dive)"]], "Lean to Dive", 1),
        ({"level": "last"}, [["(Lean)"], ["(Bow)"], ["(Fold)"], ["Dive"]], "Lean to Dive", 1),
        ({"q": "fold", "hide": "kneeling"}, [["(Lean)"], ["(Bow)"], ["Fold"]], "Lean to Fold", 1),
        ({"level": "first", "hide": "spinal_flexion"}, [["Lean"], ["(Dive)"]], "Lean to Dive", 1),
    ],
)
def test_ladder_leaves_out_what_was_left_out(
    browser: Client, asked: dict[str, Any], rungs: list[list[str]], heading: str, found: int
) -> None:
    page = page_of(browser, **asked)
    assert rungs_of(page) == rungs
    assert heading_of(page) == heading
    assert f'<b class="num">{found}</b>' in page


def test_ends_of_a_ladder_are_the_ends_of_what_is_drawn(browser: Client) -> None:
    assert ends_of(page_of(browser, hide="kneeling")) == ["Easiest", "Hardest"]
    assert ends_of(page_of(browser, hide=["kneeling", "spinal_flexion"])) == []  # one rung has no other end


def test_ladder_of_which_only_what_is_left_out_fits_is_not_drawn(browser: Client) -> None:
    page = page_of(browser, q="fold", hide="spinal_flexion")
    assert rungs_of(page) == []
    assert "No exercise fits this search." in page


def test_nothing_says_that_it_is_not_in_a_search_that_was_not_made(browser: Client) -> None:
    assert BESIDE not in page_of(browser)
    assert BESIDE not in browser.get("/library/", {"q": "fold"}).content.decode()
