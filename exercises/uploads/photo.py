"""Photos: decoded, turned upright, made small and encoded again, so that nothing else of the upload is left."""

import io
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms
from PIL.Image import Transpose

from exercises.errors import MediaError
from exercises.uploads.limits import Limits

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
HUNGRY = {"WEBP": 2}  # its decoder holds the picture twice over
SMOOTH = frozenset({"L", "RGB", "RGBA", "CMYK"})  # modes in which neighbouring pixels can be averaged
ORIENTATION = 0x0112  # EXIF
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class Photo:
    """A WebP file and its size in pixels."""

    file: BinaryIO
    width: int
    height: int


def is_photo(head: bytes) -> bool:
    """Tell whether these are the first bytes of a JPEG, PNG or WebP."""
    return head.startswith(SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def clean(upload: BinaryIO, limits: Limits) -> Photo:
    """Return the photo as WebP without metadata; raise MediaError for what is broken, moving or too large to decode."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of much: our own limit is below; of odd metadata: none is kept
            return _encoded(_opened(upload, limits), limits)
    except Image.DecompressionBombError as error:
        raise _too_many(limits.pixels) from error
    except MediaError:
        raise
    except Exception as error:  # whatever a broken file makes of the library that reads it
        raise MediaError("media_broken") from error


def _opened(upload: BinaryIO, limits: Limits) -> Image.Image:
    image = Image.open(upload, formats=FORMATS)
    most = limits.pixels // HUNGRY.get(str(image.format), 1)
    if image.width * image.height > most:  # before anything is decoded
        raise _too_many(most)
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:  # MPO: a phone's JPEG with a preview behind it
        raise MediaError("media_animated")
    image.draft("RGB", (limits.longest_side, limits.longest_side))  # a large JPEG is decoded small
    image.load()
    return image


def _too_many(most: int) -> MediaError:
    return MediaError("media_too_many_pixels", megapixels=most // 1_000_000)


def _encoded(image: Image.Image, limits: Limits) -> Photo:
    if image.mode.startswith("I"):  # 16 bits of grey; a plain convert would clip all but the darkest to white
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode not in SMOOTH or "transparency" in image.info:  # a palette, or one colour that is see-through
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Small first: every copy of forty megapixels is 160 MB.
    image.thumbnail((limits.longest_side, limits.longest_side), Image.Resampling.LANCZOS)
    upright = _plain_colours(_turned(image))
    bare = Image.new(upright.mode, upright.size)  # carries no EXIF, no profile, no comment over
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    out.seek(0)
    return Photo(out, bare.width, bare.height)


def _turned(image: Image.Image) -> Image.Image:
    """Return it upright, or as it lies when nothing readable says how it was held."""
    way = None
    with suppress(Exception):  # Pillow's own turning also writes the rest of the EXIF anew, and fails where it is odd
        way = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    return image if way is None else image.transpose(way)


def _plain_colours(image: Image.Image) -> Image.Image:
    """Return it in sRGB, with alpha only where the photo has some."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA"}:
        with suppress(ImageCms.PyCMSError, OSError):  # a broken profile is left out: the colours then count as sRGB
            space = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, space, ImageCms.createProfile("sRGB")) or image
    return image.convert(mode)
