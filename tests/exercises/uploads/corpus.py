"""Uploads of every sort, made here: what phones send, what goes wrong on the way, and what somebody tries."""

import io
import struct
import tempfile
import zlib
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from PIL import Image, PngImagePlugin

SECRET = b"48 Harbour Street"  # stands for what must not survive: a place, a name, a script
SCRIPT = b"<script>alert(1)</script>"


def picture(width: int = 320, height: int = 200) -> Image.Image:
    """Return a picture with a bright upper left corner, so that turning it shows."""
    image = Image.new("RGB", (width, height), (40, 90, 90))
    image.paste((250, 220, 120), (0, 0, width // 4, height // 4))
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    return encoded(picture(), "JPEG", **options)


def jpeg_with_exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """Return a photo that lies on its side, with more EXIF entries: tag, type, count and four bytes each."""
    rows = [(0x0112, 3, 1, b"\0\x06\0\0"), *entries]
    packed = b"".join(struct.pack(">HHI4s", *row) for row in rows)
    return jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", len(rows)) + packed + bytes(4))


def jpeg_with_preview() -> bytes:
    """Return a phone's photo with a second picture behind it, upside down so that the two are told apart."""
    return encoded(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])


def jpeg_with_place(orientation: int = 6) -> bytes:
    """Return a phone's photo: lying on its side, with GPS, maker and comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (53.0, 21.0, 7.0)
    return jpeg(exif=exif, comment=SECRET)


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    return encoded(picture(), "PNG", pnginfo=info)


def webp_with_xmp() -> bytes:
    return encoded(picture(), "WEBP", xmp=SECRET)


def see_through_png() -> bytes:
    image = picture().convert("RGBA")
    image.putalpha(90)
    return encoded(image, "PNG")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with_chunk(name: bytes, data: bytes, *, behind: bool = False) -> bytes:
    """Return a PNG with one chunk more, before its pixels or behind them."""
    png = encoded(picture(), "PNG")
    at = png.index(b"IEND" if behind else b"IDAT") - 4
    return png[:at] + chunk(name, data) + png[at:]


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds next to nothing: a bomb."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    frames = [picture(), picture().rotate(180)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=200)


def video(
    kind: str = "mp4",
    codec: str = "libx264",
    *,
    seconds: int = 2,
    size: tuple[int, int] = (160, 120),
    place: bool = True,
    sound: str = "",
    fps: int = 10,
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as target:
        if place:
            target.metadata.update({"title": SECRET.decode(), "location": "+53.35-006.26/", "comment": SECRET.decode()})
        stream = target.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        track = target.add_stream(sound, rate=48000) if sound else None
        for n in range(seconds * fps):
            frame = av.VideoFrame.from_image(picture(*size).rotate(n * 3))
            frame.pts, frame.time_base = n, Fraction(1, fps)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
        if track is not None:
            target.mux(packet for frame in _silence(track, seconds) for packet in track.encode(frame))
            target.mux(track.encode(None))
    return out.getvalue()


def filmed_upright() -> bytes:
    """A video as phones write it: lying, with a matrix in the track's header that says to turn it a quarter."""
    data = bytearray(video())
    matrix = data.index(b"tkhd") + 44
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    return bytes(data)


def _silence(track: Any, seconds: int) -> Iterator[Any]:
    for n in range(seconds * 48):
        frame = av.AudioFrame(format=track.format.name, layout="mono", samples=1000)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = 48000, n * 1000, Fraction(1, 48000)
        yield frame


def good_photos() -> dict[str, bytes]:
    return {
        "jpeg": jpeg(),
        "progressive_jpeg": jpeg(progressive=True),
        "grey_jpeg": encoded(picture().convert("L"), "JPEG"),
        "cmyk_jpeg": encoded(picture().convert("CMYK"), "JPEG"),
        "jpeg_with_place": jpeg_with_place(),
        "jpeg_with_preview": jpeg_with_preview() + SECRET,
        "png_with_text": png_with_text(),
        "png_with_exif_cut_short": png_with_chunk(b"eXIf", b"MM\0*"),
        "palette_png": encoded(picture().convert("P"), "PNG"),
        "sixteen_bit_png": encoded(picture().convert("I;16"), "PNG"),
        "webp_with_xmp": webp_with_xmp(),
        "jpeg_then_page": jpeg() + b"<!doctype html>" + SCRIPT + SECRET,
        "jpeg_then_zip": jpeg() + b"PK\x03\x04" + SECRET,
        "jpeg_with_script_comment": jpeg(comment=SCRIPT + SECRET),
        "png_then_mp4": png_with_text() + video(seconds=1),
    }


def good_videos() -> dict[str, bytes]:
    return {
        "mp4": video(),
        "mp4_with_sound": video(sound="aac"),
        "quicktime": video("mov"),
        "webm": video("webm", "libvpx-vp9"),
        "webm_vp8": video("webm", "libvpx"),
        "mp4_then_page": video() + b"<!doctype html>" + SCRIPT + SECRET,
    }


def bad() -> dict[str, tuple[bytes, str]]:
    """Return each upload that must be refused, with the code it is refused by."""
    film, web_film, svg = (
        video(),
        video("webm", "libvpx"),
        b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    )
    return {
        "nothing": (b"", "media_empty"),
        "svg": (svg, "media_wrong_type"),
        "svg_with_declaration": (b'<?xml version="1.0"?>' + svg, "media_wrong_type"),
        "svg_behind_a_mark": (b"\xef\xbb\xbf" + svg, "media_wrong_type"),
        "svgz": (zlib.compress(svg), "media_wrong_type"),
        "page": (b"<!doctype html>" + SCRIPT, "media_wrong_type"),
        "pdf": (b"%PDF-1.7\n" + jpeg(), "media_wrong_type"),
        "zip": (b"PK\x03\x04" + jpeg(), "media_wrong_type"),
        "program": (b"MZ" + bytes(200), "media_wrong_type"),
        "gif": (encoded(picture(), "GIF"), "media_wrong_type"),
        "gif_then_script": (encoded(picture(), "GIF") + SCRIPT, "media_wrong_type"),
        "bmp": (encoded(picture(), "BMP"), "media_wrong_type"),
        "tiff": (encoded(picture(), "TIFF"), "media_wrong_type"),
        "icon": (encoded(picture(), "ICO"), "media_wrong_type"),
        "matroska": (video("matroska"), "media_wrong_type"),
        "avi": (video("avi", "mpeg4"), "media_wrong_type"),
        "text_named_jpeg": (b"JFIF this is no photo", "media_wrong_type"),
        "page_behind_a_jpeg_mark": (b"\xff\xd8\xff" + SCRIPT, "media_broken"),
        "jpeg_cut_off": (jpeg(quality=95)[:900], "media_broken"),
        "png_cut_off": (png_with_text()[:80], "media_broken"),
        "png_with_a_wrong_checksum": (png_with_text().replace(b"IHDR", b"IHDR\0", 1), "media_broken"),
        "png_with_a_profile_cut_short": (png_with_chunk(b"iCCP", b"x\0", behind=True), "media_broken"),
        "webp_cut_off": (webp_with_xmp()[:60], "media_broken"),
        "fifty_megapixels": (png_header(10_000, 5_000), "media_too_many_pixels"),
        "bomb": (png_header(65_000, 65_000), "media_too_many_pixels"),
        "moving_webp": (moving("WEBP"), "media_animated"),
        "moving_png": (moving("PNG"), "media_animated"),
        "mp4_cut_off_at_half": (film[: len(film) // 2], "media_broken"),
        "mp4_early_index_cut_off": (fast(film)[: len(fast(film)) * 6 // 10], "media_broken"),
        "webm_cut_off": (web_film[: len(web_film) // 2], "media_broken"),
        "photo_of_a_phone": (b"\0\0\0\x24ftypheic" + bytes(300), "media_is_heic"),
        "photo_of_another_phone": (b"\0\0\0\x24ftypmif1" + bytes(300), "media_is_heic"),
        "mp4_mark_only": (b"\0\0\0\x20ftypisom" + bytes(300), "media_broken"),
        "mp4_of_noise": (b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40, "media_broken"),
        "webm_mark_only": (b"\x1aE\xdf\xa3" + b"\x9fB\x86\x81\x01B\x82\x84webm" + bytes(200), "media_broken"),
        "mp4_that_plays_nowhere": (video(codec="mpeg4"), "video_plays_nowhere"),
        "mp4_too_long": (video(seconds=200, fps=1), "video_too_long"),
        "sound_only": (sound_only(), "media_broken"),
    }


def fast(film: bytes) -> bytes:
    """Return the same film with its index first, as most phones and editors write it."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as out:
        with av.open(io.BytesIO(film)) as source, av.open(out.name, "w", options={"movflags": "faststart"}) as target:
            copy = target.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = copy
                    target.mux(packet)
        return out.read()


def sound_only() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        track = target.add_stream("aac", rate=48000)
        target.mux(packet for frame in _silence(track, 1) for packet in track.encode(frame))
        target.mux(track.encode(None))
    return out.getvalue()
