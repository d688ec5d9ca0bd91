"""A clinic's own exercise that we do not draw is shown by its first photo."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clinic.models import Clinic, Member
from exercises.models import Exercise, ExerciseMedia
from tests.cast import Cast
from tests.prescribing import make_exercise

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
Put = Callable[..., ExerciseMedia]
NONE = "no picture yet"


@pytest.fixture
def put(cast: Cast, now: datetime) -> Put:
    """Return a way to give an exercise a photo, each later than the one before."""
    times = (now + timedelta(minutes=n) for n in range(9))

    def one(exercise: Exercise, alt: str = "From the side", kind: str = "photo", **more: Any) -> ExerciseMedia:
        said = {"content_type": "image/webp", "bytes": 9, "width": 200, "height": 320, "digest": "0" * 64}
        said |= {"uploaded_by": cast.tess, "uploaded_at": next(times), "file": "nowhere.webp"}
        return ExerciseMedia.objects.create(exercise=exercise, alt=alt, kind=kind, **(said | more))

    return one


def pictures(browser: Client) -> list[str]:
    return re.findall(r"<img[^>]*>", browser.get("/library/").content.decode())


def test_first_photo_stands_on_the_tile(cast: Cast, sign_in: SignIn, within: Within, put: Put, now: datetime) -> None:
    with within(cast.riverside):
        own = make_exercise("Wall press")
        put(own, "Gone", removed_at=now)
        put(own, "A film", kind="video")
        shown = put(own, "At the <wall>")
        put(own, "The second")
    for who in (cast.tess, cast.ana.member):
        browser = sign_in(who)
        (picture,) = pictures(browser)
        assert f'src="/library/media/{shown.pk}/"' in picture
        assert 'alt="At the &lt;wall&gt;"' in picture
        assert 'loading="lazy"' in picture
        assert NONE not in browser.get("/library/").content.decode()


def test_tile_without_a_photo_says_so_and_a_figure_goes_first(
    cast: Cast, sign_in: SignIn, within: Within, put: Put
) -> None:
    with within(cast.riverside):
        put(make_exercise("Filmed"), kind="video")
        drawn = make_exercise("Drawn")
        put(drawn)
        Exercise.objects.filter(pk=drawn.pk).update(figure="plank")
    browser = sign_in(cast.tess)
    assert pictures(browser) == []
    assert browser.get("/library/").content.decode().count(NONE) == 1
