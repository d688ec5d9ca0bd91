"""A clinic's photos and videos: added by those who edit the library, seen by its members, by nobody else."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from PIL import Image

from clinic.models import AuditEvent, Clinic, Member
from exercises.actions import catalogue
from exercises.actions import media as actions
from exercises.catalogue import Catalogue, load
from exercises.models import Exercise, ExerciseMedia
from exercises.sweeps import sweep
from exercises.uploads.limits import Limits
from tests.cast import Cast
from tests.exercises.uploads import corpus

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
FILM = corpus.video()
BAD = corpus.bad()
PLANK = Catalogue(tuple(replace(one, easier=()) for one in load().exercises if one.code == "plank"), (), ())


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Keep uploads in a folder of the test's own."""
    options = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {
        "media": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    }
    field = ExerciseMedia._meta.get_field("file")
    before, field.storage = field.storage, storages["media"]
    yield tmp_path
    field.storage = before


@pytest.fixture
def plank(cast: Cast, within: Within, now: datetime) -> Exercise:
    with within(cast.riverside):
        catalogue.adopt(clinic=cast.riverside, by=None, now=now, catalogue=PLANK)
        return Exercise.objects.get(code="plank")


@pytest.fixture
def photo(cast: Cast, within: Within, plank: Exercise, now: datetime) -> ExerciseMedia:
    with within(cast.riverside):
        return put(plank, corpus.jpeg(), cast, now)


@pytest.fixture
def film(cast: Cast, within: Within, plank: Exercise, now: datetime) -> ExerciseMedia:
    with within(cast.riverside):
        return put(plank, FILM, cast, now)


def put(exercise: Exercise, data: bytes, cast: Cast, now: datetime) -> ExerciseMedia:
    return actions.add(
        exercise=exercise,
        upload=io.BytesIO(data),
        size=len(data),
        alt="From the side",
        limits=Limits(),
        by=cast.tess,
        now=now,
    )


def send(
    client: Client, exercise: Exercise, data: bytes, name: str = "photo.jpg", alt: str = "From the side"
) -> HttpResponse:
    return client.post(
        f"/library/{exercise.pk}/media/", {"file": SimpleUploadedFile(name, data, "image/jpeg"), "alt": alt}
    )


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_photo_is_added_and_shown(cast: Cast, sign_in: SignIn, within: Within, plank: Exercise, disk: Path) -> None:
    response = send(sign_in(cast.tess), plank, corpus.jpeg_with_place(), name="../../me, 48 Harbour Street.svg")
    assert (response.status_code, response.headers["Location"]) == (302, f"/library/{plank.pk}/media/")
    with within(cast.riverside):
        row = ExerciseMedia.objects.get()
        assert (row.kind, row.alt, row.width, row.height) == ("photo", "From the side", 200, 320)
        assert AuditEvent.objects.filter(verb="media.added", actor_id=cast.tess.pk).count() == 1
    assert row.file.name == f"{cast.riverside.pk}/{row.pk}.webp"
    assert [path.name for path in disk.rglob("*") if path.is_file()] == [f"{row.pk}.webp"]
    page = sign_in(cast.ana.member).get(f"/library/{plank.pk}/").content.decode()
    assert f'src="/library/media/{row.pk}/"' in page
    assert 'alt="From the side"' in page


def test_file_is_served_as_what_it_is_and_nothing_else(cast: Cast, sign_in: SignIn, photo: ExerciseMedia) -> None:
    response = sign_in(cast.ana.member).get(f"/library/media/{photo.pk}/")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Content-Disposition"] == f'inline; filename="{photo.pk}.webp"'
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response.headers["Vary"]
    data = body(response)
    assert len(data) == int(response.headers["Content-Length"]) == photo.bytes
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "WEBP"


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_known_file_is_not_sent_again(cast: Cast, sign_in: SignIn, photo: ExerciseMedia, known: str) -> None:
    client = sign_in(cast.ana.member)
    first = client.get(f"/library/media/{photo.pk}/")
    assert body(first)
    tag = first.headers["ETag"]
    response = client.get(f"/library/media/{photo.pk}/", headers={"If-None-Match": known.format(tag)})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=10-99999999", 10, None)],
)
def test_video_comes_in_parts(
    cast: Cast, sign_in: SignIn, film: ExerciseMedia, asked: str, first: int, last: int | None
) -> None:
    client = sign_in(cast.ana.member)
    whole = body(client.get(f"/library/media/{film.pk}/"))
    response = client.get(f"/library/media/{film.pk}/", headers={"Range": asked})
    part = whole[first:] if last is None else whole[first : last + 1]
    begin = first % len(whole)
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {begin}-{begin + len(part) - 1}/{len(whole)}"
    assert body(response) == part


def test_part_past_the_end_is_416(cast: Cast, sign_in: SignIn, film: ExerciseMedia) -> None:
    response = sign_in(cast.ana.member).get(f"/library/media/{film.pk}/", headers={"Range": f"bytes={film.bytes}-"})
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{film.bytes}")


@pytest.mark.parametrize("header", ["bytes=0-1,5-9", "bytes=9-1", "lines=1-2", "bytes=a-b"])
def test_what_is_no_range_gets_the_whole(cast: Cast, sign_in: SignIn, film: ExerciseMedia, header: str) -> None:
    response = sign_in(cast.ana.member).get(f"/library/media/{film.pk}/", headers={"Range": header})
    assert (response.status_code, len(body(response))) == (200, film.bytes)


def test_a_part_of_another_file_gets_the_whole(cast: Cast, sign_in: SignIn, film: ExerciseMedia) -> None:
    response = sign_in(cast.ana.member).get(
        f"/library/media/{film.pk}/", headers={"Range": "bytes=0-9", "If-Range": '"another"'}
    )
    assert (response.status_code, len(body(response))) == (200, film.bytes)


def test_other_clinic_sees_what_nobody_has(cast: Cast, sign_in: SignIn, photo: ExerciseMedia) -> None:
    for path in (f"/library/media/{photo.pk}/", f"/library/{photo.exercise_id}/media/"):
        assert sign_in(cast.hugo).get(path).status_code == 404
    assert sign_in(cast.hugo).post(f"/library/media/{photo.pk}/remove/").status_code == 404
    assert Client().get(f"/library/media/{photo.pk}/").status_code == 302


@pytest.mark.parametrize("who", ["finn", "ana"])
def test_only_those_who_edit_the_library_add_and_take_down(
    cast: Cast, sign_in: SignIn, within: Within, photo: ExerciseMedia, who: str
) -> None:
    client = sign_in({"finn": cast.finn, "ana": cast.ana.member}[who])
    assert client.get(f"/library/{photo.exercise_id}/media/").status_code == 403
    assert client.post(f"/library/{photo.exercise_id}/media/").status_code == 403
    assert client.post(f"/library/media/{photo.pk}/remove/").status_code == 403
    with within(cast.riverside):
        assert ExerciseMedia.objects.shown().count() == 1


@pytest.mark.parametrize("name", BAD)
def test_unfit_file_is_refused_beside_its_field(
    cast: Cast, sign_in: SignIn, within: Within, plank: Exercise, disk: Path, name: str
) -> None:
    response = send(sign_in(cast.tess), plank, BAD[name][0], alt="Seen from above")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_file_error"' in page or 'id="error_1_id_file"' in page
    assert 'value="Seen from above"' in page
    assert "%(" not in page
    with within(cast.riverside):
        assert not ExerciseMedia.objects.exists()
    assert not [path for path in disk.rglob("*") if path.is_file()]


def test_receiving_breaks_off_when_it_is_too_much(cast: Cast, sign_in: SignIn, plank: Exercise, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    response = send(sign_in(cast.tess), plank, b"\xff\xd8\xff" + bytes(3_000_000))
    assert response.status_code == 422
    assert "too large: at most 1 MB" in response.content.decode()


def test_many_files_at_once_are_counted_together(cast: Cast, settings: Any) -> None:
    """Nobody is signed in here, and nothing reads the files."""
    del cast
    settings.UPLOAD_MAX_BYTES = 1_000_000
    files = {f"file{n}": SimpleUploadedFile("photo.jpg", bytes(400_000)) for n in range(5)}
    request = RequestFactory().post("/accounts/login/", files)
    assert len(request.FILES) == 2
    assert request.upload_too_large == 1_000_000  # type: ignore[attr-defined]


def test_words_for_those_who_cannot_see_it_are_needed(cast: Cast, sign_in: SignIn, plank: Exercise) -> None:
    response = send(sign_in(cast.tess), plank, corpus.jpeg(), alt=" ")
    assert response.status_code == 422
    assert "Say in a few words what it shows." in response.content.decode()


def test_nine_are_too_many(cast: Cast, sign_in: SignIn, within: Within, plank: Exercise, now: datetime) -> None:
    with within(cast.riverside):
        for _ in range(actions.MOST):
            put(plank, corpus.jpeg(), cast, now)
    response = send(sign_in(cast.tess), plank, corpus.jpeg())
    assert response.status_code == 422
    assert "at most 8 photos and videos" in response.content.decode()


def test_what_is_taken_down_is_gone(  # its bytes too
    cast: Cast, sign_in: SignIn, photo: ExerciseMedia, disk: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in(cast.tess)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert client.post(f"/library/media/{photo.pk}/remove/").status_code == 302
    assert client.get(f"/library/media/{photo.pk}/").status_code == 404
    assert f"/library/media/{photo.pk}/" not in client.get(f"/library/{photo.exercise_id}/").content.decode()
    assert not [path for path in disk.rglob("*") if path.is_file()]


def test_what_the_store_would_not_delete_goes_with_the_next_sweep(
    cast: Cast,
    sign_in: SignIn,
    photo: ExerciseMedia,
    disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(_store: Any, _name: str) -> None:
        raise OSError("the store does not answer")

    files = [path for path in disk.rglob("*") if path.is_file()]
    with monkeypatch.context() as broken:
        broken.setattr(type(photo.file.storage), "delete", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            assert sign_in(cast.tess).post(f"/library/media/{photo.pk}/remove/").status_code == 302
        assert sweep() == 0
    assert all(path.exists() for path in files)
    assert sweep() == 1
    assert not any(path.exists() for path in files)
    assert sweep() == 0


def test_sweep_leaves_what_is_shown(cast: Cast, sign_in: SignIn, photo: ExerciseMedia) -> None:
    assert sweep() == 0
    assert body(sign_in(cast.ana.member).get(f"/library/media/{photo.pk}/"))


def test_a_lost_file_is_404(cast: Cast, sign_in: SignIn, photo: ExerciseMedia, disk: Path) -> None:
    for path in disk.rglob("*.webp"):
        path.unlink()
    assert sign_in(cast.ana.member).get(f"/library/media/{photo.pk}/").status_code == 404
