"""The contact sheet: every movement with its name on one picture, for eyes that judge the whole."""

import hashlib
import struct
import zlib
from pathlib import Path
from typing import Final

from exercises.figures.pose import codes, movement
from exercises.figures.preview import page, render

PATH: Final = Path(__file__).parents[2] / "docs/figures.png"
COLUMNS: Final = 9
CELL: Final = (178, 158)  # px
HEAD: Final = 8  # bytes of a PNG's signature
KEY: Final = b"figures\0"


def digest(sprite: str) -> str:
    """Return what the sheet says it was drawn from."""
    return hashlib.sha256(sprite.encode()).hexdigest()


def fresh(sprite: str) -> bool:
    """Whether the sheet was drawn from this sprite."""
    return PATH.exists() and said(PATH.read_bytes()) == digest(sprite)


def said(png: bytes) -> str:
    """Return the digest in a PNG's text chunk, or nothing."""
    at = png.find(b"tEXt" + KEY)
    if at < 0:
        return ""
    (length,) = struct.unpack(">I", png[at - 4 : at])
    return png[at + 4 + len(KEY) : at + 4 + length].decode("ascii")


def signed(png: bytes, text: str) -> bytes:
    """Return the PNG with a text chunk right after its header."""
    body = b"tEXt" + KEY + text.encode("ascii")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    end = HEAD + 12 + struct.unpack(">I", png[HEAD : HEAD + 4])[0]
    return png[:end] + chunk + png[end:]


def draw(sprite: str, out: Path = PATH, *, dark: bool = False) -> None:
    """Render the sheet with chromium."""
    hidden = sprite.replace("<svg ", '<svg style="position:absolute;width:0;height:0" ', 1)
    cells = "".join(
        f'<figure><svg class="body-{movement(code).body}"><use href="#{code}"/></svg><figcaption>{code.replace("_", " ")}</figcaption></figure>'
        for code in codes()
    )
    rows = -(-len(codes()) // COLUMNS)
    width, height = COLUMNS * (CELL[0] + 10) + 20, rows * (CELL[1] + 12) + 24
    body = hidden + f'<div class="row sheet">{cells}</div>'
    render(page(body, dark=dark, columns=COLUMNS, height=CELL[1] - 46), out, width, height)
    out.write_bytes(signed(out.read_bytes(), digest(sprite)))
