"""A picture for the eyes of whoever draws: start, mid and finish of movements, rendered by chromium."""

import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from exercises.figures.assets import moving
from exercises.figures.geometry import short
from exercises.figures.motion import film
from exercises.figures.pose import STILLS, movement
from exercises.figures.scene import staged

TOKENS = Path(__file__).parents[2] / "portal/static/look/tokens.css"
CSS = """
body{margin:0;padding:14px;background:var(--paper);color:var(--ink);font:14px/1.4 system-ui,sans-serif}
h2{font-size:15px;margin:10px 0 4px} .row{display:grid;grid-template-columns:repeat(%d,1fr);gap:10px}
figure{margin:0;background:var(--sunken);border-radius:10px;padding:8px} figcaption{padding:4px;min-height:2.6em;color:var(--ink-2)}
.sheet figcaption{font-size:12px;line-height:1.2;text-align:center;padding:4px 0 0;min-height:2.4em} .sheet figure{padding:6px}
figure svg{width:100%%;height:%dpx;display:block}
"""


def render(html: str, out: Path, width: int, height: int) -> None:
    """Write a PNG of a page with headless chromium."""
    program = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
            f"--user-data-dir={folder}/profile", f"--screenshot={out.resolve()}", f"--window-size={width},{height}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=90)


def page(rows: str, *, dark: bool, columns: int, height: int) -> str:
    """Wrap rows in a page with the portal's tokens."""
    tokens = TOKENS.read_text(encoding="utf-8").replace("../vendor", str(TOKENS.parents[1] / "vendor"))
    theme = "dark" if dark else "light"
    return f'<!doctype html><html data-bs-theme="{theme}"><meta charset="utf-8"><style>{tokens}{CSS % (columns, height)}</style><body>{rows}'


def inline(code: str, name: str) -> str:
    """Return a file's symbol as an inline SVG whose ids clash with no other file's."""
    svg = moving(movement(code))
    svg = re.sub(r'(id="|href="#)', rf"\g<1>{code}-", svg).replace(
        "<svg ", '<svg style="position:absolute;width:0;height:0" ', 1
    )
    shown = f'<svg class="body-{movement(code).body}"><use href="#{code}-{name}"/></svg>'
    return (svg if name == STILLS[0] else "") + shown


def preview(codes: list[str], out: Path, *, dark: bool, strip: bool) -> None:
    """Render start, mid and finish of each code; `strip` shows every frame of the loop instead."""
    rows, height, columns = [], 300, 3
    for code in codes:
        rows.append(f"<h2>{code}</h2>")
        if strip:
            columns, height = 6, 150
            names = [*STILLS[:1], *(f"f{n}" for n in range(len(film(movement(code)).frames)))]
            cells = [
                inline(code, STILLS[0]).partition("</svg>")[0] + "</svg>",
                *(_frame(code, name) for name in names[1:]),
            ]
            rows.append(
                cells[0] + '<div class="row">' + "".join(f"<figure>{cell}</figure>" for cell in cells[1:]) + "</div>"
            )
            continue
        captions = movement(code).captions
        cells = [
            f"<figure>{inline(code, name)}<figcaption>{name}: {escape(captions[name])}</figcaption></figure>"
            for name in STILLS
        ]
        rows.append(f'<div class="row">{"".join(cells)}</div>')
    lines = sum(-(-len(film(movement(code)).frames) // 6) for code in codes) if strip else len(codes)
    tall = lines * (height + (76 if not strip else 60)) + 40 * len(codes) + 40
    render(page("".join(rows), dark=dark, columns=columns, height=height), out, 1280, tall)


def _frame(code: str, name: str) -> str:
    box = staged(movement(code))
    return (
        f'<svg class="body-{movement(code).body}" viewBox="{box.window}"><use href="#{code}-behind"/><use href="#{code}-{name}"/>'
        f'<use href="#{code}-front"/></svg>'
    )


def said(code: str) -> str:
    """Say how long a loop takes and how many frames it has."""
    strip = film(movement(code))
    return f"{code}: {len(strip.frames)} frames, {short(strip.seconds)} s"
