"""The same photos and videos in an S3-compatible store: the settings that the page on settings names, and a real client."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client

from clinic.models import Clinic, Member
from exercises.actions import catalogue
from exercises.actions import media as actions
from exercises.catalogue import Catalogue, load
from exercises.models import Exercise, ExerciseMedia
from exercises.uploads.limits import Limits
from portal.settings import media_storage
from tests.cast import Cast
from tests.exercises.uploads import corpus
from tests.exercises.uploads.bucket import bucket

PLANK = Catalogue(tuple(replace(one, easier=()) for one in load().exercises if one.code == "plank"), (), ())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    with bucket() as (address, objects, ranges):
        for name, value in {
            "MEDIA_S3_BUCKET": "clinic-media",
            "MEDIA_S3_ENDPOINT": address,
            "MEDIA_S3_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = settings.STORAGES | {"media": media_storage()}
        field = ExerciseMedia._meta.get_field("file")
        before, field.storage = field.storage, storages["media"]
        yield objects, ranges
        field.storage.connection.meta.client.close()
        field.storage = before


def test_film_goes_to_the_bucket_and_comes_back_in_parts(
    cast: Cast,
    within: Callable[[Clinic], Any],
    sign_in: Callable[[Member], Client],
    now: datetime,
    kept: tuple[dict[str, bytes], list[str]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    (objects, ranges), film = kept, corpus.video()
    with within(cast.riverside):
        catalogue.adopt(clinic=cast.riverside, by=None, now=now, catalogue=PLANK)
        row = actions.add(
            exercise=Exercise.objects.get(code="plank"),
            upload=io.BytesIO(film),
            size=len(film),
            alt="From the side",
            limits=Limits(),
            by=cast.tess,
            now=now,
        )
    assert [*objects] == [f"/clinic-media/{cast.riverside.pk}/{row.pk}.mp4"]
    client = sign_in(cast.ana.member)
    response = client.get(f"/library/media/{row.pk}/", headers={"Range": "bytes=100-299"})
    assert response.status_code == 206
    [whole] = objects.values()
    assert b"".join(response.streaming_content) == whole[100:300]
    assert b"".join(client.get(f"/library/media/{row.pk}/").streaming_content) == whole
    assert ranges == ["bytes=100-299", f"bytes=0-{len(whole) - 1}"], "a part costs a part"
    with django_capture_on_commit_callbacks(execute=True):
        assert sign_in(cast.tess).post(f"/library/media/{row.pk}/remove/").status_code == 302
    assert objects == {}
    assert client.get(f"/library/media/{row.pk}/").status_code == 404


def test_without_a_bucket_nothing_of_amazon_is_loaded() -> None:
    """boto3 is heavy and optional: a clinic on its own disk starts without it."""
    code = (
        "import django; django.setup(); import sys; print([m for m in ('boto3', 'storages', 'av') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain())
    assert done.stdout.strip() == "[]"


def plain() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "1", "PATH": "/usr/bin", "PYTHONPATH": "."}
