"""Videos: read packet by packet and written anew, so that neither metadata nor a second file inside survives."""

from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

import av
from av.error import FFmpegError

from exercises.errors import MediaError
from exercises.uploads.limits import Limits

BROKEN_BELOW = 0.9  # of the length that the file claims: less than this arrived cut off
PICTURES = {"h264", "vp8", "vp9", "av1"}  # what browsers play
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}  # photos in the container of an MP4
SOUNDS = {"aac", "mp3", "opus", "vorbis"}


@dataclass(frozen=True)
class Container:
    """A kind of file: what we call it, and what FFmpeg calls reading and writing it."""

    content_type: str
    extension: str
    reader: str
    writer: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Video:
    """A file in its container, its size in pixels and its length in whole seconds."""

    file: BinaryIO
    width: int
    height: int
    seconds: int


MP4 = Container("video/mp4", "mp4", "mov", "mp4", (("movflags", "+faststart"),))  # so that it plays while it loads
WEBM = Container("video/webm", "webm", "matroska", "webm")


def container(head: bytes) -> Container | None:
    """Return what these first bytes begin: an MP4 (or its elder, QuickTime), a WebM, or neither; a phone's HEIC is told."""
    if head[4:8] == b"ftyp":
        if head[8:12] in HEIC:
            raise MediaError("media_is_heic")
        return MP4
    return WEBM if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head else None


def clean(upload: BinaryIO, kind: Container, limits: Limits) -> Video:
    """Return the video without metadata; raise MediaError for what is broken, cut off, too long or plays nowhere."""
    try:
        with av.open(upload, format=kind.reader, metadata_errors="ignore") as source:
            return _rewritten(source, kind, limits)
    except (FFmpegError, ValueError, EOFError, OverflowError, IndexError) as error:
        raise MediaError("media_broken") from error


def _rewritten(source: Any, kind: Container, limits: Limits) -> Video:
    picture, sound = _streams(source, limits)
    with ExitStack() as stack:
        out = stack.enter_context(NamedTemporaryFile(suffix=f".{kind.extension}"))
        end = _copied(source, [stream for stream in (picture, sound) if stream], out.name, kind)
        _check_length(source, picture, end, limits)
        width, height = _shown(out.name)
        stack.pop_all()  # the caller closes it
    return Video(cast(BinaryIO, out), width, height, max(1, round(end)))


def _shown(path: str) -> tuple[int, int]:
    """Return the size as it is seen: a phone films lying down, and writes how far to turn it."""
    with av.open(path) as film:
        first = next(film.decode(video=0), None)
        if first is None:
            raise MediaError("media_broken")
        return (first.height, first.width) if first.rotation % 180 else (first.width, first.height)


def _copied(source: Any, streams: list[Any], path: str, kind: Container) -> Fraction:
    """Write the streams' packets to a file of our own; return when the last picture ends, in seconds."""
    end = Fraction(0)
    with av.open(path, "w", format=kind.writer, options=dict(kind.options)) as target:
        copies = {stream.index: target.add_stream_from_template(stream) for stream in streams}
        for copy in copies.values():
            copy.metadata.clear()
        for packet in source.demux(streams):
            if packet.is_corrupt:
                raise MediaError("media_broken")
            if packet.dts is None:  # the marker at the end of a stream
                continue
            if packet.stream_index == streams[0].index:
                last = packet.dts if packet.pts is None else packet.pts
                end = max(end, (last + (packet.duration or 0)) * packet.time_base)
            packet.stream = copies[packet.stream_index]
            target.mux(packet)
    return end


def _streams(source: Any, limits: Limits) -> tuple[Any, Any | None]:
    if len(source.streams.video) != 1:
        raise MediaError("media_broken" if not source.streams.video else "media_wrong_type")
    picture, sound = source.streams.video[0], next(iter(source.streams.audio), None)
    if None in (picture.codec_context, sound.codec_context if sound else ""):  # nothing reads what the file names
        raise MediaError("media_broken")
    names = {picture.codec_context.name} - PICTURES | ({sound.codec_context.name} if sound else set()) - SOUNDS
    if names:
        raise MediaError("video_plays_nowhere", codec=", ".join(sorted(names)))
    if not 0 < max(picture.width, picture.height) <= limits.video_longest_side:
        raise MediaError("media_too_many_pixels", megapixels=limits.video_longest_side**2 // 1_000_000)
    if source.duration and source.duration / av.time_base > limits.video_seconds + 1:
        raise MediaError("video_too_long", seconds=limits.video_seconds)
    return picture, sound


def _check_length(source: Any, picture: Any, end: Fraction, limits: Limits) -> None:
    claimed = picture.duration * picture.time_base if picture.duration else Fraction(source.duration or 0, av.time_base)
    if not end or end < claimed * Fraction(BROKEN_BELOW):
        raise MediaError("media_broken")
    if end > limits.video_seconds + 1:
        raise MediaError("video_too_long", seconds=limits.video_seconds)
