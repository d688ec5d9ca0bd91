"""Things that the body holds, wears or pulls: they follow its points."""

from collections.abc import Callable
from typing import Any, Final

from exercises.figures.bodies import GAP
from exercises.figures.geometry import Point, polar, shift
from exercises.figures.pose_names import side
from exercises.figures.props import Prop
from exercises.figures.rig import Body
from exercises.figures.strokes import BAND, DARK, HEAT, IRON, disc, stroke


def _point(body: Body, name: Any, by: Any = (0, 0)) -> Point:
    at = body.points[side(name)] if isinstance(name, str) else (float(name[0]), float(name[1]))
    return shift(at, (float(by[0]), float(by[1])))


def dumbbell(prop: Prop, body: Body) -> str:
    """A dumbbell in a hand; `turn` is the angle of its bar (without it: seen from its end, where `size` 2.6 is a barbell's plate)."""
    at = _point(body, prop.get("at", "near.grip"), prop.get("by", (0, 0)))
    size = prop.get("size", 1)
    if "turn" not in prop:
        return disc(at, 6 * size + 1.4, GAP) + disc(at, 6 * size, IRON) + disc(at, 2.4, DARK)
    marks = []
    for end in (-8 * size, 8 * size):
        middle = polar(at, prop["turn"], end)
        marks.append([polar(middle, prop["turn"] + 90, across) for across in (-3.4 * size, 3.4 * size)])
    rim = "".join(stroke(mark, GAP, 5 * size + 2.4) for mark in marks)
    handle = stroke([polar(at, prop["turn"], -8 * size), polar(at, prop["turn"], 8 * size)], DARK, 2.6)
    return rim + handle + "".join(stroke(mark, IRON, 5 * size) for mark in marks)


def band(prop: Prop, body: Body) -> str:
    """A band from one point to another (names of the body, or [x, y])."""
    a, b = _point(body, prop["from"], prop.get("from_by", (0, 0))), _point(body, prop["to"], prop.get("to_by", (0, 0)))
    return stroke([a, b], BAND, prop.get("width", 3.4))


def loop(prop: Prop, body: Body) -> str:
    """A loop band round both legs: a short band across each bone at `along`, and the stretch between."""
    bone, along = prop.get("bone", "thigh"), prop.get("along", 0.8)
    spots, svg = [], ""
    for name in ("near", "far"):
        root = body.points[f"{name}.{'hip' if bone == 'thigh' else 'knee'}"]
        angle, length = body.angles[f"{name}.{bone}"], body.lengths[f"{name}.{bone}"]
        at, half = polar(root, angle, length * along), prop.get("half", 6.6)
        spots.append(at)
        svg += stroke([polar(at, angle + 90, -half), polar(at, angle + 90, half)], BAND, 4)
    return stroke(spots, BAND, 3.4) + svg if prop.get("between", True) else svg


def strap(prop: Prop, body: Body) -> str:
    """A strap or towel through points of the body or of the room."""
    return stroke([_point(body, point) for point in prop["points"]], BAND, prop.get("width", 2.8))


def pad(prop: Prop, body: Body) -> str:
    """A heating pad or cushion that lies on the body at a point."""
    at, turn = _point(body, prop["at"], prop.get("by", (0, 0))), prop.get("turn", 0)
    half = prop.get("length", 24) / 2
    curls = [
        [shift(at, (x + bend, 8.0 + n * 3.4)) for n, bend in enumerate((0, 1.6, 0, -1.6, 0, 1.6))] for x in (-7, 0, 7)
    ]
    warm = "".join(stroke(curl, HEAT, 1.8) for curl in curls) if prop.get("warm") else ""
    return stroke([polar(at, turn, -half), polar(at, turn, half)], HEAT, prop.get("width", 7)) + warm


def bar(prop: Prop, body: Body) -> str:
    """A rod between two points, such as a pole or a machine's lever."""
    return stroke(
        [_point(body, prop["from"], prop.get("from_by", (0, 0))), _point(body, prop["to"], prop.get("to_by", (0, 0)))],
        prop.get("paint", DARK),
        prop.get("width", 4),
    )


HELD: Final[dict[str, Callable[[Prop, Body], str]]] = {
    "dumbbell": dumbbell, "band": band, "loop": loop, "strap": strap, "pad": pad, "bar": bar,
}  # fmt: skip
