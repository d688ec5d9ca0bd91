"""Every movement, as a physiotherapist would check it: nobody floats, sinks, slides or breaks a joint."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from exercises.catalogue import load
from exercises.figures.anatomy import RANGES, joints
from exercises.figures.bodies import BODIES
from exercises.figures.checks import findings
from exercises.figures.geometry import Point
from exercises.figures.held import HELD
from exercises.figures.motion import film, loop, still
from exercises.figures.pose import FOLDER, STILLS, PoseError, codes, movement, read
from exercises.figures.rig import Body, solve
from exercises.figures.scene import circles, stage, staged

WIDEST, HIGHEST = 260, 220  # of a window: beyond, the body would be drawn too small, or something flies off
EVERY = pytest.mark.parametrize("code", codes())
STANDING: dict[str, Any] = {
    "alt": "A person stands on both feet and does nothing.",
    "start": "Stand",
    "mid": "Stand",
    "finish": "Stand",
    "supports": ["near.sole"],
    "frame": [
        {
            "hip": [0, 90],
            "pelvis": 90,
            "near_leg": {"sole": [0, 0], "foot": 0},
            "near_arm": {"upper": -88, "fore": -84},
        },
        {"hip": [-20, 60], "pelvis": 60},
    ],
}


@EVERY
def test_the_pose_is_sound(code: str) -> None:
    assert findings(movement(code)) == []


@EVERY
def test_nothing_leaves_the_frame(code: str) -> None:
    left, bottom, right, top = stage(code).box
    assert right - left <= WIDEST
    assert top - bottom <= HIGHEST
    for body in loop(code).bodies:
        for (x, y), r in (*circles(body), *held(code, body)):
            assert left <= x - r, right >= x + r
            assert bottom <= y - r, top >= y + r


def held(code: str, body: Body) -> Iterator[tuple[Point, float]]:
    """Read where the corners of what the hands hold are drawn; SVG's y grows downwards."""
    for prop in movement(code).props:
        if prop["kind"] in HELD:
            drawn = HELD[prop["kind"]](prop, body)
            for corner in re.findall(r"[ML](-?[\d.]+) ?(-?[\d.]+)", drawn):
                yield (float(corner[0]), -float(corner[1])), 0.0
            for x, y, r in re.findall(r'cx="(.+?)" cy="(.+?)" r="(.+?)"', drawn):
                yield (float(x), -float(y)), float(r)


def test_corners_of_what_is_held_are_read() -> None:
    lowest = min(y for (_x, y), _r in held("goblet_squat", loop("goblet_squat").bodies[0]))
    assert lowest == pytest.approx(125.5)
    assert [r for _at, r in held("hip_thrust", loop("hip_thrust").bodies[0])] == [11, 9.6, 2.4]


def test_limb_that_flies_off_is_noticed() -> None:
    frames = [*STANDING["frame"][:1], {"hip": [900, 900]}]
    left, _bottom, right, _top = staged(read("it", {**STANDING, "frame": frames})).box
    assert right - left > WIDEST


@EVERY
def test_start_and_finish_are_two_pictures(code: str) -> None:
    what = movement(code)
    first, last = (solve(still(what, name), what.view).points for name in ("start", "finish"))
    middle = solve(still(what, "mid"), what.view).points
    far = max(
        abs(a - b) for name in first for end in (last, middle) for a, b in zip(first[name], end[name], strict=True)
    )
    assert far > 1.5


@EVERY
def test_it_says_what_it_shows(code: str) -> None:
    what = movement(code)
    assert len(what.alt.split()) >= 10
    assert what.alt.endswith(".")
    captions = [what.captions[name] for name in STILLS]
    assert all(0 < len(caption) <= 70 for caption in captions)
    assert len(set(captions)) == len(captions)


@EVERY
def test_its_pace_is_calm(code: str) -> None:
    assert 0.5 <= loop(code).seconds <= 20


@EVERY
def test_something_works(code: str) -> None:
    assert movement(code).muscles or code in {"diaphragm_breathing", "heat", "yoga", "tai_chi"}


def test_every_exercise_has_a_picture_and_every_picture_an_exercise() -> None:
    assert {entry.figure for entry in load().exercises if entry.figure} == set(codes())


@pytest.mark.parametrize(
    "entry", [entry for entry in load().exercises if entry.dose.tempo], ids=lambda entry: entry.code
)
def test_the_loop_keeps_the_tempo_of_the_dose(entry: Any) -> None:
    """One repetition, or one to each side, within a third of the prescribed seconds."""
    repetition = sum(1 if part == "X" else int(part) for part in entry.dose.tempo.split("-"))
    seconds = loop(entry.figure).seconds
    assert any(abs(seconds - n * repetition) <= n * repetition / 3 for n in (1, 2))


def test_everybody_is_there() -> None:
    assert {movement(code).body for code in codes()} == set(BODIES)


def test_knees_and_elbows_bend_one_way() -> None:
    body = solve(movement("squat").frames[-1], "side")
    found = joints(body)
    assert found["near.knee"] > 80
    assert found["near.hip"] > 60
    assert set(RANGES) == {name.rpartition(".")[2] for name in found}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"supports": ["near.palm"]}, "off its surface"),
        ({"supports": ["near.sole"], "frame": [*STANDING["frame"][:1], {"near_leg": {"sole": [30, 0], "foot": 0}}]}, "slips"),
        ({"frame": [*STANDING["frame"][:1], {"hip": [0, 40], "near_leg": {"thigh": -90, "shank": -40, "foot": 0}}]}, "knee"),
        ({"frame": [*STANDING["frame"][:1], {"hip": [0, 120]}]}, "cannot reach"),
        ({"frame": [*STANDING["frame"][:1], {"hip": [0, 90]}]}, "look the same"),
        ({"frame": [*STANDING["frame"][:1], {"hip": [0, 60], "near_leg": {"thigh": -90, "shank": -90, "foot": 0}}]}, "sinks"),
        ({"alt": "Squat"}, "alternative"),
        ({"mid": " "}, "caption"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(change: dict[str, Any], says: str) -> None:
    assert any(says in line for line in findings(read("it", {**STANDING, **change})))


def test_the_sample_is_sound() -> None:
    assert findings(read("it", STANDING)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"boddy": "tom"},
        {"body": "nobody"},
        {"props": ["piano"]},
        {"muscles": ["wings"]},
        {"loop": "sideways"},
        {"frame": [{"hips": [0, 0]}]},
        {"frame": [{"near_leg": {"tail": [0, 0]}}]},
    ],
)
def test_a_slip_of_the_pen_is_an_error(change: dict[str, Any]) -> None:
    with pytest.raises(PoseError):
        read("it", {**STANDING, **change})


def test_what_is_planted_stays_planted_while_the_hips_move() -> None:
    strip = film(read("it", STANDING))
    soles = {(round(body.points["near.sole"][0], 3), round(body.points["near.sole"][1], 3)) for body in strip.bodies}
    assert soles == {(0, 0)}


def test_the_way_back_takes_its_own_time() -> None:
    what = replace(read("it", STANDING), back=4.0)
    assert film(what).seconds == pytest.approx(0.5 + 1.5 + 0.5 + 4)


def test_pose_files_hold_no_code() -> None:
    assert all(tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml"))
