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


@cache
def stage(code: str) -> Stage:
    """Return the stage of a movement by its code."""
    return staged(movement(code))


def staged(what: Movement) -> Stage:
    """Set the stage: its window holds every frame, all props and arrows."""
    bodies = [*film(what).bodies, *(solve(still(what, name), what.view) for name in STILLS)]
    round_all = [circle for body in bodies for circle in circles(body)]
    left, bottom, right, top = bounds(round_all)
    things = {
        prop.get("name", prop["kind"]): FIXED[prop["kind"]](prop, (left, right))
        for prop in what.props
        if prop["kind"] in FIXED
    }
    points = [point for name in STILLS for _, row in pointing(what, name) for point in row]
    first = bodies[0]
    boxes = [
        moved_box(things[prop.get("name", prop["kind"])].box, carried(prop, body, first))
        for prop in what.props
        for body in bodies
        if prop["kind"] in FIXED and ("follows" in prop or body is first)
    ] + [(x, y, x, y) for x, y in points]
    left, bottom = min([left, *(box[0] for box in boxes)]), min([bottom, -2.0, *(box[1] for box in boxes)])
    right, top = max([right, *(box[2] for box in boxes)]), max([top, *(box[3] for box in boxes)])
    box = _window((left, bottom, right, top))
    floor = -THICK if "mat" in things else 0.0
    afloat = "pool" in things or "rug" in things
    line = f'<path stroke="{FLOOR}" stroke-width="{2 * RESTING}" stroke-linecap="round" d="M{pair((box[0] + 3, floor - RESTING))}H{short(box[2] - 3)}"/>'
    still_ = [
        prop.get("name", prop["kind"])
        for prop in what.props
        if prop["kind"] in FIXED and not {"follows", "after"} & prop.keys()
    ]
    behind = "".join(things[name].svg for name in still_)
    return Stage(box, ("" if afloat else line) + behind, "".join(thing.front for thing in things.values()), things)


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
