"""Things that stand in the room: mat, wall, chair, bench. Each has lines that a body may rest on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from exercises.figures.geometry import Point, between, heading, pair, polar, shift
from exercises.figures.pose_names import side
from exercises.figures.rig import Body
from exercises.figures.strokes import BAND, DARK, IRON, MAT, WATER, WOOD, Box, disc, rect, stroke

THICK: Final = 4.0  # of a mat; what lies on it touches y = 0

Surface = tuple[Point, Point]
Prop = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """A prop as drawn: SVG, the room that it takes, the lines that a body may rest on."""

    svg: str
    box: Box
    surfaces: tuple[Surface, ...] = ()
    front: str = ""  # what stands before the figure


def mat(prop: Prop, extent: tuple[float, float]) -> Thing:
    x0, x1 = prop.get("x0", extent[0] - 6), prop.get("x1", extent[1] + 6)
    return Thing(rect((x0, -THICK, x1, 0), MAT, 2), (x0, -THICK, x1, 0), (((x0, 0), (x1, 0)),))


def wall(prop: Prop, _: tuple[float, float]) -> Thing:
    """A wall whose face is at x; the room lies on the side that `room` says (left)."""
    x, top, away = prop["x"], prop.get("top", 178), 1 if prop.get("room", "left") == "left" else -1
    left, right = sorted((x, x + 5 * away))
    return Thing(rect((left, -1, right, top), WOOD, 1), (left, 0, right, top), (((x, 0), (x, top)),))


def chair(prop: Prop, _: tuple[float, float]) -> Thing:
    """A chair: seat at `height` (44), its middle at x, its back on the side that `back` says (left, right, none)."""
    x, height, back = prop["x"], prop.get("height", 44), prop.get("back", "left")
    left, right = x - 21, x + 21
    legs = [
        stroke([(left + 3, height - 3), (left + 1, 1)], DARK, 3.4),
        stroke([(right - 3, height - 3), (right - 1, 1)], DARK, 3.4),
    ]
    rest, top, edge = "", height, left
    if back != "none":
        edge, lean = (left + 1, -5) if back == "left" else (right - 1, 5)
        top = prop.get("top", height + 44)
        rest = stroke([(edge, height - 2), (edge + lean, top)], DARK, 4)
    seat = rect((left, height - 5, right, height), WOOD, 2.2)
    return Thing(
        "".join(legs) + rest + seat,
        (min(left, edge - 5), 0, max(right, edge + 5), top),
        (((left, height), (right, height)),),
    )


def bench(prop: Prop, _: tuple[float, float]) -> Thing:
    """A bench from x0 to x1: `height` (42) is that of its pad."""
    x0, x1, height = prop["x0"], prop["x1"], prop.get("height", 42)
    inset = min(10.0, (x1 - x0) / 6)
    legs = "".join(
        stroke([(x, height - 5), (x, 1.5)], DARK, 4) + stroke([(x - 5, 1.5), (x + 5, 1.5)], DARK, 3)
        for x in (x0 + inset, x1 - inset)
    )
    return Thing(
        legs + rect((x0, height - 8, x1, height), WOOD, 3), (x0, 0, x1, height), (((x0, height), (x1, height)),)
    )


def step(prop: Prop, _: tuple[float, float]) -> Thing:
    """A step or box from x0 to x1, `height` (18) high."""
    x0, x1, height = prop["x0"], prop["x1"], prop.get("height", 18)
    body = rect((x0, 0, x1, height), DARK, 2) + rect((x0 - 1, height - 4, x1 + 1, height), WOOD, 2)
    return Thing(
        body, (x0, 0, x1, height), (((x0, height), (x1, height)), ((x0, 0), (x0, height)), ((x1, 0), (x1, height)))
    )


def block(prop: Prop, _: tuple[float, float]) -> Thing:
    """A yoga block, its middle at x, from y up; `width` and `height` (23, 10) turn it on its edge."""
    x, y, wide, high = prop["x"], prop.get("y", 0), prop.get("width", 23), prop.get("height", 10)
    box = (x - wide / 2, y, x + wide / 2, y + high)
    return Thing(rect(box, BAND, 2), box, (((box[0], box[3]), (box[2], box[3])),))


def cushion(prop: Prop, _: tuple[float, float]) -> Thing:
    x, y, wide, high = prop["x"], prop.get("y", 0), prop.get("width", 34), prop.get("height", 9)
    box = (x - wide / 2, y, x + wide / 2, y + high)
    return Thing(rect(box, WOOD, high / 2), box, (((box[0], box[3]), (box[2], box[3])),))


def roller(prop: Prop, _: tuple[float, float]) -> Thing:
    """A foam roller seen from its end (`radius` 7.5) at x, lying at y (0)."""
    r = prop.get("radius", 7.5)
    at = (prop["x"], prop.get("y", 0) + r)
    svg = disc(at, r, BAND) + disc(at, r * 0.42, "var(--fig-gap,#fff)")
    return Thing(svg, (at[0] - r, at[1] - r, at[0] + r, at[1] + r), (((at[0] - r, at[1] + r), (at[0] + r, at[1] + r)),))


def ball(prop: Prop, _: tuple[float, float]) -> Thing:
    r, at = prop.get("radius", 4), (prop["x"], prop["y"])
    return Thing(disc(at, r, BAND), (at[0] - r, at[1] - r, at[0] + r, at[1] + r))


def pool(prop: Prop, extent: tuple[float, float]) -> Thing:
    """Water with its surface at y; it stands before the figure, half seen through."""
    y, x0, x1, deep = (
        prop["y"],
        prop.get("x0", extent[0] - 16),
        prop.get("x1", extent[1] + 16),
        prop.get("bottom", prop["y"] - 40),
    )
    crests = "".join("q5 -4.4 10 0t10 0" for _ in range(int((x1 - x0) / 20)))
    wave = f"M{pair((x0, y))}{crests}"
    line = f'<path fill="none" stroke="{WATER}" stroke-width="2.4" stroke-linecap="round" d="{wave}"/>'
    sheet = f'<g opacity=".34">{rect((x0, deep, x1, y), WATER, 4)}</g>'
    return Thing("", (x0, deep, x1, y + 3), (((x0, deep), (x1, deep)),), sheet + line)


def desk(prop: Prop, _: tuple[float, float]) -> Thing:
    """A table top from x0 to x1 at `height` (74)."""
    x0, x1, height = prop["x0"], prop["x1"], prop.get("height", 74)
    legs = "".join(stroke([(x, height - 3), (x, 1.5)], DARK, 3.4) for x in (x0 + 5, x1 - 5))
    return Thing(
        legs + rect((x0, height - 4, x1, height), WOOD, 1.6), (x0, 0, x1, height), (((x0, height), (x1, height)),)
    )


def bike(prop: Prop, _: tuple[float, float]) -> Thing:
    """An exercise bike: bottom bracket at x, saddle and bars where the body sits and holds."""
    x, saddle, bars = prop["x"], tuple(prop["saddle"]), tuple(prop["bars"])
    hub, wheel = (x, prop.get("y", 30)), (x + 34, 24.0)
    frame = [
        stroke([(x - 36, 2), (x + 52, 2)], DARK, 4),
        stroke([hub, shift(saddle, (2, -4))], DARK, 4.6),
        stroke([hub, wheel, shift(bars, (-1, -3))], DARK, 4.6),
        stroke([(x - 4, 2), hub, (x + 30, 2)], DARK, 4.6),
        disc(wheel, 20, WOOD), disc(wheel, 5, DARK), disc(hub, 5, IRON),
        stroke([shift(saddle, (-10, 0.6)), shift(saddle, (9, 0))], IRON, 5),
        stroke([shift(bars, (-4, -2)), shift(bars, (4, 2))], IRON, 4.4),
    ]  # fmt: skip
    seat = (shift(saddle, (-12, 3)), shift(saddle, (11, 3)))
    return Thing("".join(frame), (x - 40, 0, x + 58, max(saddle[1], bars[1]) + 4), (seat,))


def machine(prop: Prop, _: tuple[float, float]) -> Thing:
    """Straight bars and plates: `lines` (points each) and `pads` (boxes), for a machine that has no drawing of its own."""
    lines = [[(float(x), float(y)) for x, y in line] for line in prop.get("lines", [])]
    pads = [tuple(float(v) for v in pad) for pad in prop.get("pads", [])]
    svg = "".join(stroke(line, DARK, prop.get("width", 4)) for line in lines)
    svg += "".join(stroke([(a, b), (c, d)], WOOD, 8) for a, b, c, d in pads)
    svg += "".join(disc((x, y), r, WOOD) + disc((x, y), r / 4, DARK) for x, y, r in prop.get("wheels", []))
    spots = [p for line in lines for p in line] + [p for a, b, c, d in pads for p in ((a, b), (c, d))]
    xs, ys = [p[0] for p in spots], [p[1] for p in spots]
    sides = [
        (polar((a, b), heading((a, b), (c, d)), 0, across), polar((c, d), heading((a, b), (c, d)), 0, across))
        for a, b, c, d in pads
        for across in (-4, 4)
    ]
    resting = tuple(sides)
    return Thing(svg, (min(xs) - 4, min(ys) - 2, max(xs) + 4, max(ys) + 4), resting)


def rug(prop: Prop, extent: tuple[float, float]) -> Thing:
    """A mat seen from above: the body lies on it, so there is no floor line and nothing sinks."""
    x0, x1, y0, y1 = prop.get("x0", extent[0] - 8), prop.get("x1", extent[1] + 8), prop["y0"], prop["y1"]
    return Thing(rect((x0, y0, x1, y1), MAT, 6), (x0, y0, x1, y1), (((x0, y0), (x1, y0)),))


def panel(prop: Prop, extent: tuple[float, float]) -> Thing:
    """A wall that faces the viewer, pale behind the body."""
    x0, x1, top = prop.get("x0", extent[0] - 10), prop.get("x1", extent[1] + 10), prop.get("top", 186)
    return Thing(f'<g opacity=".3">{rect((x0, 0, x1, top), WOOD, 2)}</g>', (x0, 0, x1, top))


def carried(prop: Prop, body: Body, first: Body) -> Point:
    """Return how far a prop that follows a point of the body has moved since the first frame (`share` of it, along `axis`)."""
    if "follows" not in prop:
        return (0, 0)
    name, share, axis = side(prop["follows"]), prop.get("share", 0.5), prop.get("axis", "x")
    x, y = between(first.points[name], body.points[name])
    return (x * share if axis == "x" else 0, y * share if axis == "y" else 0)


FIXED: Final[dict[str, Callable[[Prop, tuple[float, float]], Thing]]] = {
    "mat": mat, "wall": wall, "chair": chair, "bench": bench, "step": step, "block": block, "cushion": cushion, "roller": roller,
    "ball": ball, "pool": pool, "desk": desk, "bike": bike, "machine": machine, "rug": rug,
    "panel": panel,
}  # fmt: skip
