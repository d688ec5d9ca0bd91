"""A photo takes seconds to be made clean and stored: on either database, nobody waits for it."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from clinic.scope import in_clinic
from exercises.actions import favourites, media
from exercises.models import ExerciseMedia, Favourite
from exercises.uploads.limits import Limits
from tests.cast import NOW, make_cast
from tests.exercises.uploads import corpus
from tests.prescribing import make_exercise
from tests.racing import elsewhere


def meanwhile(act: Callable[[], object], clinic_id: int) -> None:
    """Do it over another connection; fail as it fails."""
    thread, failures = elsewhere(act, clinic_id)
    thread.start()
    thread.join()
    assert not failures


def during(act: Callable[[], object], step: Callable[..., Any]) -> Callable[..., Any]:
    """Return the step, with the act done while it lasts."""

    def both(*given: Any, **named: Any) -> Any:
        act()
        return step(*given, **named)

    return both


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["clean", "store"])
def test_star_is_set_while_a_photo_is_made(
    step: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"media": disk}
    store = storages["media"]
    monkeypatch.setattr(ExerciseMedia._meta.get_field("file"), "storage", store)
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        bridge = make_exercise("Bridge")
    star = partial(favourites.star, exercise=bridge, by=cast.theo, now=NOW)
    where: tuple[Any, str] = {"clean": (media, "clean"), "store": (store, "save")}[step]
    monkeypatch.setattr(*where, during(partial(meanwhile, star, cast.riverside.pk), getattr(*where)))
    photo: dict[str, Any] = {"upload": io.BytesIO(corpus.jpeg()), "size": len(corpus.jpeg())}
    with in_clinic(cast.riverside.pk):
        media.add(exercise=bridge, alt="From the side", limits=Limits(), by=cast.tess, now=NOW, **photo)
        assert Favourite.objects.get().member == cast.theo
        assert ExerciseMedia.objects.count() == 1
