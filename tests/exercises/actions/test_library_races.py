"""Two at once in one library, on a database that lets them."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection

from clinic.errors import ConflictError, DomainError
from clinic.ids import uuid7
from clinic.models import Clinic
from clinic.scope import in_clinic
from exercises.actions import catalogue, exercises, favourites, media, protocols, retiring, updates
from exercises.catalogue import load
from exercises.errors import ContentError, MediaError
from exercises.models import EducationCard, Exercise, ExerciseMedia, Favourite, Protocol
from exercises.queries.content import exercise_content
from exercises.queries.updates import updates as told
from exercises.uploads.limits import Limits
from tests.cast import NOW, Cast, make_cast
from tests.exercises.actions.test_exercises import WALL_SIT
from tests.exercises.actions.test_protocols import PLAN
from tests.exercises.uploads import corpus
from tests.prescribing import make_exercise
from tests.racing import AT_ONCE, behind

pytestmark = AT_ONCE


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def bridge(cast: Cast) -> Exercise:
    with in_clinic(cast.riverside.pk):
        return make_exercise("Bridge")


@pytest.fixture
def disk(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    options = {"location": str(tmp_path), "base_url": None}
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"media": backend}
    monkeypatch.setattr(ExerciseMedia._meta.get_field("file"), "storage", storages["media"])
    return tmp_path


def refused(act: Callable[[], object], kind: type[DomainError]) -> Callable[[], None]:
    """Return the act as one that must be refused, as clients are told it."""

    def second() -> None:
        with pytest.raises(kind):
            act()

    return second


def test_one_code_made_twice_at_once_is_refused(cast: Cast, bridge: Exercise) -> None:
    make = partial(exercises.create, content=WALL_SIT, by=cast.tess, now=NOW)
    behind(make, refused(make, ContentError), cast.riverside.pk)
    plan = partial(protocols.create, content=PLAN, by=cast.tess, now=NOW)
    behind(plan, refused(plan, ContentError), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert (Exercise.objects.count(), Protocol.objects.count()) == (2, 1)


def test_two_of_one_name_made_at_once_are_both_made(cast: Cast, bridge: Exercise) -> None:
    make = partial(exercises.create, content=replace(WALL_SIT, code=""), now=NOW)
    behind(partial(make, by=cast.tess), partial(make, by=cast.theo), cast.riverside.pk)
    plan = partial(protocols.create, content=replace(PLAN, code=""), now=NOW)
    behind(partial(plan, by=cast.tess), partial(plan, by=cast.theo), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert (Exercise.objects.count(), Protocol.objects.count()) == (3, 2)


def test_page_sent_twice_at_once_makes_one(cast: Cast, bridge: Exercise) -> None:
    make = partial(exercises.create, content=replace(WALL_SIT, code=""), by=cast.tess, now=NOW, client_id=uuid7())
    behind(make, make, cast.riverside.pk)
    plan = partial(protocols.create, content=replace(PLAN, code=""), by=cast.tess, now=NOW, client_id=uuid7())
    behind(plan, plan, cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert (Exercise.objects.count(), Protocol.objects.count()) == (2, 1)


def test_second_edit_at_once_is_a_conflict(cast: Cast, bridge: Exercise) -> None:
    with in_clinic(cast.riverside.pk):
        content = exercise_content(bridge)
        plan = protocols.create(content=PLAN, by=cast.tess, now=NOW)
    edit = partial(exercises.edit, exercise=bridge, revision=1, now=NOW)
    behind(
        partial(edit, content=replace(content, name="Hers"), by=cast.tess),
        refused(partial(edit, content=replace(content, name="His"), by=cast.theo), ConflictError),
        cast.riverside.pk,
    )
    turn = partial(protocols.edit, protocol=plan, revision=1, now=NOW)
    behind(
        partial(turn, content=replace(PLAN, name="Hers"), by=cast.tess),
        refused(partial(turn, content=replace(PLAN, name="His"), by=cast.theo), ConflictError),
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        assert list(Exercise.objects.values_list("name", "revision")) == [("Hers", 2)]
        assert list(Protocol.objects.values_list("name", "revision")) == [("Hers", 2)]


def test_two_rungs_at_once_make_no_circle(cast: Cast, bridge: Exercise) -> None:
    with in_clinic(cast.riverside.pk):
        plank = make_exercise("Plank")
        low, high = exercise_content(bridge), exercise_content(plank)
    edit = partial(exercises.edit, revision=1, by=cast.tess, now=NOW)
    behind(
        partial(edit, exercise=bridge, content=replace(low, easier=("plank",))),
        refused(partial(edit, exercise=plank, content=replace(high, easier=("bridge",))), ContentError),
        cast.riverside.pk,
    )


def test_catalogue_adopted_twice_at_once_is_there_once(cast: Cast) -> None:
    adopt = partial(catalogue.adopt, clinic=cast.riverside, by=cast.olive, now=NOW)
    behind(adopt, adopt, cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert Exercise.objects.count() == len(load().exercises)
        assert EducationCard.objects.count() == len(load().cards)


def test_edit_while_the_catalogue_is_taken_is_a_conflict_and_loses_nothing(cast: Cast) -> None:
    shipped = load()
    told_anew = [replace(one, name="Front plank") if one.code == "plank" else one for one in shipped.exercises]
    newer = replace(shipped, exercises=tuple(told_anew), version="9")
    with in_clinic(cast.riverside.pk):
        catalogue.adopt(clinic=cast.riverside, by=cast.olive, now=NOW)
        tokens = [update.token for update in told(newer).found]
        plank = Exercise.objects.get(code="plank")
        ours = replace(exercise_content(plank), name="Our plank")
    take = partial(updates.take, tokens=tokens, by=cast.olive, now=NOW, catalogue=newer)
    edit = partial(exercises.edit, exercise=plank, content=ours, revision=1, by=cast.tess, now=NOW)
    behind(take, refused(edit, ConflictError), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert Exercise.objects.get(pk=plank.pk).name == "Front plank"
        edited = exercises.edit(exercise=plank, content=ours, revision=2, by=cast.tess, now=NOW)
    newest = replace(shipped, version="10")
    with in_clinic(cast.riverside.pk):
        tokens = [update.token for update in told(newest).found]
    edit = partial(edit, revision=edited.revision, content=replace(ours, name="Our own plank"))
    take = partial(take, tokens=tokens, catalogue=newest)
    behind(edit, refused(take, ConflictError), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert Exercise.objects.get(pk=plank.pk).name == "Our own plank"


def test_star_pressed_twice_at_once_is_one(cast: Cast, bridge: Exercise) -> None:
    star = partial(favourites.star, exercise=bridge, by=cast.tess, now=NOW)
    behind(star, star, cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert Favourite.objects.count() == 1
    unstar = partial(favourites.unstar, exercise=bridge, by=cast.tess, now=NOW)
    behind(unstar, unstar, cast.riverside.pk)


def test_retired_twice_at_once_is_one_state(cast: Cast, bridge: Exercise) -> None:
    retire = partial(retiring.retire, row=bridge, by=cast.tess, now=NOW)
    behind(retire, retire, cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert Exercise.objects.get().revision == 2


def put(exercise: Exercise, cast: Cast) -> ExerciseMedia:
    data = corpus.jpeg()
    said: dict[str, Any] = {"alt": "Bridge", "limits": Limits(), "by": cast.tess, "now": NOW}
    return media.add(exercise=exercise, upload=io.BytesIO(data), size=len(data), **said)


def test_last_place_is_given_once(cast: Cast, bridge: Exercise, disk: Path) -> None:
    with in_clinic(cast.riverside.pk):
        for _ in range(media.MOST - 1):
            put(bridge, cast)
    behind(partial(put, bridge, cast), refused(partial(put, bridge, cast), MediaError), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert ExerciseMedia.objects.count() == media.MOST
    assert len(list(disk.rglob("*.webp"))) == media.MOST


def test_photo_taken_down_twice_at_once_goes_once(cast: Cast, bridge: Exercise, disk: Path) -> None:
    with in_clinic(cast.riverside.pk):
        photo = put(bridge, cast)
    remove = partial(media.remove, media=photo, by=cast.tess, now=NOW)
    behind(remove, remove, cast.riverside.pk)
    assert not list(disk.rglob("*.webp"))


@pytest.mark.parametrize("what", ["adopt", "edit", "retire", "put"])
def test_nobody_waits_for_the_library_to_be_written(cast: Cast, bridge: Exercise, disk: Path, what: str) -> None:
    """What names a clinic or an exercise (a log, a prescription, a star) is written meanwhile."""
    with in_clinic(cast.riverside.pk):
        content = replace(exercise_content(bridge), name="Ours")
    acts: dict[str, Callable[[], object]] = {
        "adopt": partial(catalogue.adopt, clinic=Clinic(pk=cast.riverside.pk), by=cast.olive, now=NOW),
        "edit": partial(exercises.edit, exercise=bridge, content=content, revision=1, by=cast.tess, now=NOW),
        "retire": partial(retiring.retire, row=bridge, by=cast.tess, now=NOW),
        "put": partial(put, bridge, cast),
    }

    def star_at_once() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        favourites.star(exercise=bridge, by=cast.theo, now=NOW)

    behind(acts[what], star_at_once, cast.riverside.pk)
