"""A whole picture: floor, props, figure, arrows, and the window that holds them in every frame."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from exercises.figures.arrows import arrow, ring
from exercises.figures.geometry import Point, bounds, pair, short
from exercises.figures.model import Movement
from exercises.figures.motion import film, still
from exercises.figures.pose import STILLS, movement
from exercises.figures.props import FIXED, THICK, Thing, carried
from exercises.figures.rig import RADII, Body, solve
from exercises.figures.strokes import FLOOR, Box

MARGIN: Final = 5.0
WINDOW: Final = (150.0, 100.0)  # the least that a window shows, so that a small movement is not drawn large
RESTING: Final = 1.2  # half of the floor line


@dataclass(frozen=True)
class Stage:
    """What all frames of a movement share."""

    box: tuple[float, float, float, float]  # left, bottom, right, top
    behind: str
    front: str
    things: dict[str, Thing]

    @property
    def window(self) -> str:
        left, bottom, right, top = self.box
        return f"{short(left)} {short(-top)} {short(right - left)} {short(top - bottom)}"

    @property
    def width(self) -> float:
        return round(self.box[2] - self.box[0], 1)


def circles(body: Body) -> list[tuple[Point, float]]:
    """Return the body as circles: what it takes of the room."""
    named = [(at, max(RADII.get(name.rpartition(".")[2], 0), 0.0)) for name, at in body.points.items()]
    return [*named, (body.points["head"], 13.0), (body.points["hip"], 11.5), (body.points["ribs"], 11.0)]


def stage(code: str) -> Stage:
    """Return the stage of a movement by its code."""
    return staged(movement(code))


@cache
def staged(what: Movement) -> Stage:
    """Set the stage: its window holds the body in every frame, the props that stand there and the arrows."""
    return _set(what, [*film(what).bodies, *(solve(still(what, name), what.view) for name in STILLS)], STILLS)


def told(what: Movement) -> Stage:
    """Set the stage for the telling still alone, for tiles: what it does not show takes no room."""
    return _set(what, [solve(still(what, what.telling), what.view)], (what.telling,))


def _set(what: Movement, bodies: list[Body], stills: tuple[str, ...]) -> Stage:
    extent = bounds(circle for body in bodies for circle in circles(body))
    fixed = {prop.get("name", prop["kind"]): prop for prop in what.props if prop["kind"] in FIXED}
    things = {name: FIXED[prop["kind"]](prop, (extent[0], extent[2])) for name, prop in fixed.items()}
    first = solve(what.frames[0], what.view)
    boxes = [
        moved_box(things[name].box, carried(prop, body, first))
        for name, prop in fixed.items()
        for body in (bodies if "follows" in prop else bodies[:1])
    ]
    boxes += [(x, y, x, y) for name in stills for _, row in pointing(what, name) for x, y in row]
    lows, highs = list(zip(extent, *boxes, strict=True))[:2], list(zip(extent, *boxes, strict=True))[2:]
    box = _window((min(lows[0]), min(*lows[1], -2.0), max(highs[0]), max(highs[1])))
    behind = "".join(things[name].svg for name, prop in fixed.items() if not {"follows", "after"} & prop.keys())
    return Stage(box, _floor(box, things) + behind, "".join(thing.front for thing in things.values()), things)


def _floor(box: Box, things: dict[str, Thing]) -> str:
    """Draw the line of the floor, unless the body swims or is seen from above."""
    if things.keys() & {"pool", "rug"}:
        return ""
    floor = (-THICK if "mat" in things else 0.0) - RESTING
    line = f"M{pair((box[0] + 3, floor))}H{short(box[2] - 3)}"
    return f'<path stroke="{FLOOR}" stroke-width="{2 * RESTING}" stroke-linecap="round" d="{line}"/>'


def moved_box(box: Box, by: Point) -> Box:
    return (box[0] + by[0], box[1] + by[1], box[2] + by[0], box[3] + by[1])


def _window(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, bottom, right, top = box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN
    wide, high = max(WINDOW[0] - (right - left), 0) / 2, max(WINDOW[1] - (top - bottom), 0)
    return (round(left - wide, 1), round(bottom, 1), round(right + wide, 1), round(top + high, 1))


def pointing(what: Movement, name: str) -> list[tuple[str, list[Point]]]:
    """Return the arrows of a still; an arrow that names no stills stands at the telling one and the middle."""
    body = solve(still(what, name), what.view)
    rows = [row for row in what.arrows if name in row.get("stills", (what.telling, "mid"))]
    return [(ring if "radius" in row else arrow)(row, body) for row in rows]
