"""What is wrong with a pose: used by the authors' preview and by the tests."""

import math
from collections.abc import Iterator
from typing import Final

from exercises.figures.anatomy import beyond
from exercises.figures.geometry import Point, shift
from exercises.figures.model import Movement
from exercises.figures.motion import Loop, film
from exercises.figures.props import Surface, carried
from exercises.figures.rig import RADII, Body, solve
from exercises.figures.scene import Stage, staged

TOUCH: Final = 2.5  # cm that a support may be off its surface
SUNK: Final = 3.0  # cm that flesh may press into the floor
SLIP: Final = 1.5  # cm that a planted point may wander
Found = tuple[str, float]
MOVES: Final = 2.0  # cm by which a loop must differ somewhere


def findings(what: Movement) -> list[str]:
    """Return what is wrong, in words; nothing when the pose is good."""
    strip, set_ = film(what), staged(what)
    worst: dict[str, float] = {}
    for frame, body in zip(strip.frames, strip.bodies, strict=True):
        for line, off in (
            *_reach(body),
            *_joints(what, body),
            *_sunk(body, set_),
            *_touch(what, frame.supports, body, set_),
        ):
            worst[line] = max(worst.get(line, 0), off, key=abs)
    return [*(f"{line} ({off:.0f})" for line, off in worst.items()), *_slips(what, strip), *_moves(strip), *_said(what)]


def _reach(body: Body) -> Iterator[Found]:
    yield from ((f"{limb} cannot reach its target, cm off", miss) for limb, miss in body.misses.items() if miss > SLIP)


def _joints(what: Movement, body: Body) -> Iterator[Found]:
    for name, angle in beyond(body).items():
        if not {name, name.rpartition(".")[2]} & set(what.allow):
            yield f"{name} is beyond its range, degrees", angle


def _sunk(body: Body, set_: Stage) -> Iterator[Found]:
    for name, (_, y) in body.points.items():
        bottom = y - RADII.get(name.rpartition(".")[2], 0)
        hidden = body.view == "side" and name.endswith((".side", ".flank"))
        if bottom < -SUNK and not hidden and not {"pool", "rug"} & set_.things.keys():
            yield f"{name} sinks into the floor, cm", bottom


def _touch(what: Movement, supports: tuple[str, ...], body: Body, set_: Stage) -> Iterator[Found]:
    for support in supports:
        name, _, thing = support.partition("@")
        surfaces: tuple[Surface, ...] = set_.things[thing].surfaces if thing else (((-1e4, 0.0), (1e4, 0.0)),)
        for prop in what.props:
            if thing and prop.get("name", prop["kind"]) == thing:
                by = carried(prop, body, solve(what.frames[0], what.view))
                surfaces = tuple((shift(a, by), shift(b, by)) for a, b in surfaces)
        gap = min(_gap(body.points[name], surface) for surface in surfaces) - RADII.get(name.rpartition(".")[2], 0)
        if abs(gap) > TOUCH:
            yield f"{support} is off its surface, cm", gap


def _gap(point: Point, surface: Surface) -> float:
    """Return the distance of a point from a line from a to b."""
    (ax, ay), (bx, by) = surface
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = max(0.0, min(1.0, ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length))
    return math.dist(point, (ax + t * (bx - ax), ay + t * (by - ay)))


def _slips(what: Movement, strip: Loop) -> list[str]:
    """Say which support wanders between frames in which it is one."""
    out = []
    for a, b, x, y in zip(strip.frames, strip.frames[1:], strip.bodies, strip.bodies[1:], strict=False):
        for support in set(a.supports) & set(b.supports) - set(what.slides):
            name = support.partition("@")[0]
            if math.dist(x.points[name], y.points[name]) > SLIP:
                out.append(f"{support} slips")
    return sorted(set(out))


def _moves(strip: Loop) -> list[str]:
    first = strip.bodies[0].points
    far = max(math.dist(first[name], body.points[name]) for body in strip.bodies for name in first)
    return [] if far >= MOVES else ["start and finish look the same"]


def _said(what: Movement) -> list[str]:
    out = [f"no caption for {name}" for name, words in what.captions.items() if not words.strip()]
    return [*out, *(["no alternative text"] if len(what.alt.split()) < 5 else [])]  # noqa: PLR2004 words
