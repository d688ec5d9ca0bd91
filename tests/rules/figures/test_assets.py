"""The served files: small, the same each time, up to date, without script, style or SMIL, in tokens only."""

import gzip
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from exercises.figures import sheet
from exercises.figures.__main__ import FOLDER
from exercises.figures.assets import files, moving, sprite, timetable
from exercises.figures.bodies import BODIES
from exercises.figures.motion import loop
from exercises.figures.pose import STILLS, codes, movement
from exercises.figures.scene import stage

EVERY = pytest.mark.parametrize("code", codes())
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {f"{SVG}{name}" for name in ("svg", "defs", "symbol", "g", "path", "use", "rect", "circle")}
TOKENS = Path("portal/static/look/tokens.css").read_text(encoding="utf-8")


@cache
def drawn(code: str) -> str:
    return moving(movement(code))


@EVERY
def test_a_movement_is_small(code: str) -> None:
    assert len(gzip.compress(drawn(code).encode(), mtime=0)) <= 10_000


@EVERY
def test_a_file_holds_frames_and_stills_and_nothing_that_acts(code: str) -> None:
    root = ET.fromstring(drawn(code))  # noqa: S314 our own text
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {*STILLS, "behind", "front", *(f"f{n}" for n in range(len(loop(code).frames)))} <= set(ids)
    assert {element.tag for element in root.iter()} <= ALLOWED
    assert not {name for element in root.iter() for name in element.keys() if name.startswith("on") or name == "style"}  # noqa: SIM118
    assert {link[1:] for element in root.iter() if (link := element.get("href"))} <= set(ids)


@EVERY
def test_colours_are_tokens(code: str) -> None:
    paints = re.findall(r'(?:fill|stroke)="([^"]+)"', drawn(code))
    assert all(paint == "none" or re.fullmatch(r"var\(--fig-[a-z-]+,#[0-9a-f]{3,6}\)", paint) for paint in paints)


def test_every_token_is_given_in_both_themes() -> None:
    used = set(re.findall(r"var\((--fig-[a-z-]+)", sprite()))
    for name in used:
        assert re.search(rf"{name}: var\(--day, #[0-9a-f]+\) var\(--night, #[0-9a-f]+\)", TOKENS), name
    assert all(f".body-{body} {{" in TOKENS for body in BODIES)


def light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize("body", BODIES)
def test_bodies_stand_out_from_the_stage(body: str, theme: str) -> None:
    """Clothes carry the outline (WCAG 1.4.11, 3:1); skin and hair are as people are, and must still be seen."""

    def colour(text: str, name: str) -> str:
        found = re.search(rf"--fig-{name}:.*?--{theme}, (#[0-9a-f]{{6}})", text)
        assert found
        return found[1]

    ground = colour(TOKENS, "gap")
    own = next(line for line in TOKENS.splitlines() if line.startswith(f".body-{body} "))
    assert all(
        contrast(colour(own, name), ground) >= least
        for name, least in (("short", 3), ("shoe", 3), ("top", 2.2), ("skin", 1.5), ("hair", 2))
    )
    assert contrast(colour(TOKENS, "move"), ground) >= 3


def test_the_time_table_knows_every_movement() -> None:
    rows = timetable()
    for code in codes():
        assert f".loop-{code} .strip{{animation:{code} " in rows
        assert f"@keyframes {code}{{0%" in rows


@EVERY
def test_a_loop_ends_where_it_began(code: str) -> None:
    strip, what = loop(code), movement(code)
    first, last = strip.bodies[strip.stops[0][1]], strip.bodies[strip.stops[-1][1]]
    assert all(first.points[name] == pytest.approx(last.points[name], abs=0.01) for name in first.points), what.loop
    assert [at for at, _ in strip.stops] == sorted(at for at, _ in strip.stops)


def test_mirrored_is_the_mirror() -> None:
    what = movement("squat")
    turned = moving(replace(what, mirror=True))
    left, _, right, _ = stage("squat").box
    assert turned.count(f'<g transform="matrix(-1 0 0 1 {left + right:g} 0)">') == len(STILLS)
    assert re.sub(r'<g transform="matrix[^>]*>(.*?)</g></symbol>', r"\1</symbol>", turned) == moving(what)


def test_the_build_is_the_same_each_time_and_up_to_date() -> None:
    wanted = files()
    assert all(wanted[f"{code}.svg"] == drawn(code) for code in codes())
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.*")}
    assert {name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)} == set()
    assert sheet.fresh(wanted["stills.svg"])
