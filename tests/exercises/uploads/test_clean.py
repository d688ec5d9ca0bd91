"""Every upload ends as a clean file or a clear refusal."""

import io

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from clinic.problems import WORDS
from exercises.errors import MediaError
from exercises.kinds import MediaKind
from exercises.uploads import Clean, clean
from exercises.uploads.limits import Limits
from tests.exercises.uploads import corpus

PHOTOS = corpus.good_photos()
VIDEOS = corpus.good_videos()
BAD = corpus.bad()


def cleaned(data: bytes, limits: Limits | None = None) -> Clean:
    return clean(io.BytesIO(data), size=len(data), limits=limits or Limits())


def bytes_of(found: Clean) -> bytes:
    found.file.seek(0)
    return found.file.read()


@pytest.mark.parametrize("name", PHOTOS)
def test_photo_becomes_a_bare_webp(name: str) -> None:
    found = cleaned(PHOTOS[name])
    assert (found.kind, found.content_type, found.extension) == (MediaKind.PHOTO, "image/webp", "webp")
    assert corpus.SECRET not in bytes_of(found)
    assert b"<script" not in bytes_of(found)
    with Image.open(io.BytesIO(bytes_of(found))) as image:
        assert (image.format, image.size) == ("WEBP", (found.width, found.height))
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert len(image.getexif()) == 0


@pytest.mark.parametrize(("orientation", "corner"), list(enumerate([(0, 0), (1, 0), (1, 1), (0, 1)] * 2, 1)))
def test_photo_stands_up_however_it_was_held(orientation: int, corner: tuple[int, int]) -> None:
    found = cleaned(corpus.jpeg_with_place(orientation))
    assert (found.width, found.height) == ((320, 200) if orientation < 5 else (200, 320))
    with Image.open(io.BytesIO(bytes_of(found))) as image:
        x, y = (10 if near == 0 else size - 10 for near, size in zip(corner, image.size, strict=True))
        red, _, blue = image.convert("RGB").getpixel((x, y))  # where the bright corner went
        assert red > 200 > blue


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0x0113, 0xFFFF), st.integers(0, 13), st.integers(0, 2), st.binary(min_size=4, max_size=4)
        ),
        max_size=3,
    )
)
def test_photo_stands_up_whatever_else_its_exif_says(entries: list[tuple[int, int, int, bytes]]) -> None:
    found = cleaned(corpus.jpeg_with_exif(*entries))
    assert (found.width, found.height) == (200, 320)


def test_preview_behind_a_photo_is_not_taken_for_it() -> None:
    """Many phones write one; Pillow then counts two pictures."""
    with Image.open(io.BytesIO(bytes_of(cleaned(corpus.jpeg_with_preview())))) as image:
        red, _, blue = image.convert("RGB").getpixel((10, 10))
        assert red > 200 > blue


def test_large_photo_is_made_to_fit() -> None:
    found = cleaned(corpus.encoded(corpus.picture(4000, 2000), "JPEG"))
    assert (found.width, found.height) == (1600, 800)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    """A scanner's PNG counts to 65535; what is half as bright must not come out white."""
    grey = Image.new("I;16", (40, 40), 32896)
    with Image.open(io.BytesIO(bytes_of(cleaned(corpus.encoded(grey, "PNG"))))) as image:
        assert image.convert("L").getpixel((20, 20)) == pytest.approx(128, abs=3)


def test_what_is_see_through_stays_so() -> None:
    with Image.open(io.BytesIO(bytes_of(cleaned(corpus.see_through_png())))) as image:
        assert image.mode == "RGBA"


def test_palette_is_made_small_smoothly() -> None:
    """Averaged colours, not every third pixel; and its see-through colour stays see-through."""
    stripes = Image.new("P", (4000, 100), 0)
    stripes.putpalette([0, 0, 0, 255, 255, 255])
    stripes.paste(1, (0, 0, 4000, 50))
    for x in range(0, 4000, 4):
        stripes.paste(1, (x, 50, x + 2, 100))
    out = io.BytesIO()
    stripes.save(out, "PNG", transparency=1)
    with Image.open(io.BytesIO(bytes_of(cleaned(out.getvalue())))) as image:
        assert (image.mode, image.size) == ("RGBA", (1600, 40))
        assert image.getpixel((800, 10))[3] == 0
        assert 100 < sum(image.getpixel((x, 30))[3] for x in range(800, 900)) / 100 < 155


def test_webp_may_have_half_the_pixels() -> None:
    """Fifty kilobytes of one colour would take 700 MB."""
    webp = corpus.encoded(Image.new("RGB", (300, 200)), "WEBP")
    assert cleaned(webp, Limits(pixels=120_000)).width == 300
    with pytest.raises(MediaError, match="media_too_many_pixels"):
        cleaned(webp, Limits(pixels=119_000))
    assert cleaned(corpus.encoded(Image.new("RGB", (300, 200)), "PNG"), Limits(pixels=60_000)).width == 300


@pytest.mark.parametrize("name", VIDEOS)
def test_video_keeps_its_pictures_and_loses_its_metadata(name: str) -> None:
    found = cleaned(VIDEOS[name])
    assert (found.kind, found.width, found.height, found.seconds) == (MediaKind.VIDEO, 160, 120, 2)
    assert found.content_type == ("video/webm" if "webm" in name else "video/mp4")
    assert corpus.SECRET not in bytes_of(found)
    assert b"+53.35" not in bytes_of(found)
    assert b"<script" not in bytes_of(found)
    with av.open(io.BytesIO(bytes_of(found))) as film:
        assert not {"title", "location", "comment"} & {key.casefold() for key in film.metadata}
        assert sum(1 for _ in film.decode(video=0)) == 20
        assert bool(film.streams.audio) == ("sound" in name)


def test_video_filmed_upright_keeps_its_place_on_the_page_upright() -> None:
    found = cleaned(corpus.filmed_upright())
    assert (found.width, found.height) == (120, 160)
    with av.open(io.BytesIO(bytes_of(found))) as film:
        assert abs(next(film.decode(video=0)).rotation) == 90


def test_mp4_plays_while_it_loads() -> None:
    data = bytes_of(cleaned(VIDEOS["mp4"]))
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", BAD)
def test_bad_upload_is_refused_by_name(name: str) -> None:
    data, code = BAD[name]
    with pytest.raises(MediaError) as caught:
        cleaned(data)
    assert (caught.value.code, caught.value.field) == (code, "file")
    assert code in WORDS


@pytest.mark.parametrize(
    ("data", "limits"), [(PHOTOS["jpeg"], Limits(photo_bytes=500)), (VIDEOS["mp4"], Limits(video_bytes=500))]
)
def test_too_large_says_how_large_it_may_be(data: bytes, limits: Limits) -> None:
    with pytest.raises(MediaError, match="media_too_large"):
        cleaned(data, limits)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"eXIf", b"iCCP", b"tRNS", b"pHYs", b"acTL", b"iTXt"]), st.binary(max_size=40), st.booleans())
def test_png_with_nonsense_in_a_chunk_is_mended_or_refused(name: bytes, data: bytes, behind: bool) -> None:
    try:
        found = cleaned(corpus.png_with_chunk(name, data, behind=behind))
    except MediaError:
        return
    assert bytes_of(found)[:4] == b"RIFF"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*PHOTOS, *VIDEOS]), st.data())
def test_damage_is_mended_or_refused_and_never_passed_on(name: str, draw: st.DataObject) -> None:
    """A flipped byte or a cut may still leave a file; it never ends in a crash, nor in bytes that we did not make."""
    damaged = bytearray((PHOTOS | VIDEOS)[name])
    for place in draw.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=6)):
        damaged[place] ^= draw.draw(st.integers(1, 255))
    cut = bytes(damaged[: draw.draw(st.integers(1, len(damaged)))])
    try:
        found = cleaned(cut)
    except MediaError:
        return
    made = bytes_of(found)
    assert made[:4] == b"RIFF" or made[4:8] == b"ftyp" or made.startswith(b"\x1aE\xdf\xa3")
