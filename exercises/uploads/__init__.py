"""What was uploaded becomes a clean file of ours, or a clear refusal. The uploaded bytes are never served."""

import hashlib
import os
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO

from exercises.errors import MediaError
from exercises.kinds import MediaKind
from exercises.uploads import photo
from exercises.uploads.limits import Limits

CHUNK = 1 << 20
ONE_AT_A_TIME = Lock()  # in a process: forty megapixels take up to 400 MB while they are decoded
HEAD = 64  # bytes: enough for every signature below


@dataclass(frozen=True)
class Clean:
    """A file as we made it, at its beginning: what it is, its size in pixels, and a video's length in seconds."""

    kind: MediaKind
    file: BinaryIO
    content_type: str
    extension: str
    width: int
    height: int
    seconds: int | None = None

    @property
    def size(self) -> int:
        """How many bytes it has."""
        size = self.file.seek(0, os.SEEK_END)
        self.file.seek(0)
        return size

    def digest(self) -> str:
        """Return the SHA-256 of its bytes, in hexadecimal."""
        found = hashlib.sha256()
        self.file.seek(0)
        while chunk := self.file.read(CHUNK):
            found.update(chunk)
        self.file.seek(0)
        return found.hexdigest()


def clean(upload: BinaryIO, *, size: int, limits: Limits) -> Clean:
    """Return the clean file of an upload of `size` bytes; raise MediaError when it cannot be one.

    What it is comes from its bytes; its name and the type that the browser claims are not looked at.
    """
    from exercises.uploads import video  # FFmpeg is 25 MB in memory: loaded where somebody uploads, not at start-up

    if not size:
        raise MediaError("media_empty")
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if photo.is_photo(head):
        _within(size, limits.photo_bytes, limits.photo_megabytes)
        with ONE_AT_A_TIME:
            picture = photo.clean(upload, limits)
        return Clean(MediaKind.PHOTO, picture.file, "image/webp", "webp", picture.width, picture.height)
    if container := video.container(head):
        _within(size, limits.video_bytes, limits.video_megabytes)
        with ONE_AT_A_TIME:
            film = video.clean(upload, container, limits)
        said = container.content_type, container.extension
        return Clean(MediaKind.VIDEO, film.file, *said, film.width, film.height, film.seconds)
    raise MediaError("media_wrong_type")


def _within(size: int, most: int, megabytes: int) -> None:
    if size > most:
        raise MediaError("media_too_large", megabytes=megabytes)
