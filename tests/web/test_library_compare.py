from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clinic.models import Clinic, Member
from exercises.kinds import Laterality
from exercises.models import Exercise, ExerciseLink
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
COMPARE = "/library/compare/"


@pytest.fixture
def two(cast: Cast, within: Within) -> list[Exercise]:
    with within(cast.riverside):
        easy = make_exercise("Bridge", Laterality.TOGETHER, "balance")
        middle = make_exercise("Bridge march", Laterality.ALTERNATING)
        hard = make_exercise("Single-leg bridge", Laterality.ONE_SIDE, "balance", "kneeling")
        ExerciseLink.objects.create(easier=easy, harder=middle)
        ExerciseLink.objects.create(easier=middle, harder=hard)
        return [hard, easy]


def test_compare_marks_what_differs(cast: Cast, sign_in: SignIn, two: list[Exercise]) -> None:
    page = sign_in(cast.tess).get(COMPARE, {"pick": [str(one.pk) for one in two]})
    rows = {str(row.title): row for row in page.context["rows"]}
    assert {title for title, row in rows.items() if row.differs} == {"Default dose", "Sides", "Cautions"}
    words = page.content.decode()
    assert "<ins>on the knees</ins>" in words
    assert "<span>needs balance</span>" in words
    assert "Bridge is an easier form of Single-leg bridge." in words  # over two rungs, whichever stands first


def test_compare_says_nothing_of_a_ladder_that_is_not_there(
    cast: Cast, sign_in: SignIn, within: Within, two: list[Exercise]
) -> None:
    with within(cast.riverside):
        other = make_exercise("Squat")
    page = sign_in(cast.tess).get(COMPARE, {"pick": [str(two[0].pk), str(other.pk)]}).content.decode()
    assert "easier form" not in page


@pytest.mark.parametrize("picks", [[], ["nonsense"], ["0192f0c4-0000-7000-8000-000000000000"]])
def test_compare_asks_for_what_is_missing(cast: Cast, sign_in: SignIn, two: list[Exercise], picks: list[str]) -> None:
    page = sign_in(cast.ana.member).get(COMPARE, {"pick": picks})
    assert page.status_code == 200
    assert "Choose two exercises to see them side by side." in page.content.decode()
    one = sign_in(cast.ana.member).get(COMPARE, {"pick": [*picks, str(two[0].pk)]}).content.decode()
    assert f'<option value="{two[0].pk}" selected>' in one


def test_compare_shows_no_other_clinics_exercise(cast: Cast, sign_in: SignIn, two: list[Exercise]) -> None:
    page = sign_in(cast.hugo).get(COMPARE, {"pick": [str(one.pk) for one in two]}).content.decode()
    assert "Bridge" not in page
