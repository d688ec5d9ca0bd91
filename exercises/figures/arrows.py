"""Motion arrows: straight or bent, in the room or beside a point of the body."""

import math
from typing import Any, Final

from exercises.figures.geometry import Point, heading, mix_points, pair, polar, shift
from exercises.figures.pose_names import side
from exercises.figures.rig import Body

MOVE: Final = "var(--fig-move,#d9481c)"
HEAD: Final = 7.5


def arrow(row: dict[str, Any], body: Body) -> tuple[str, list[Point]]:
    """Draw an arrow and say which points it takes; `from` and `to` are [x, y], or offsets from a point named by `on`."""
    root = body.points[side(row["on"])] if "on" in row else (0.0, 0.0)
    start, end = (shift(root, (float(row[key][0]), float(row[key][1]))) for key in ("from", "to"))
    bulge = float(row.get("bend", 0))
    middle = polar(mix_points(start, end, 0.5), heading(start, end) + 90, bulge * 2)
    line = f"M{pair(start)}Q{pair(middle)} {pair(end)}" if bulge else f"M{pair(start)}L{pair(end)}"
    points = [start, end, mix_points(mix_points(start, end, 0.5), middle, 0.5)]
    line += _tip(end, heading(middle, end) if bulge else heading(start, end))
    if row.get("both"):
        line += _tip(start, heading(middle, start) if bulge else heading(end, start))
    return _stroke(line), points


def _tip(end: Point, towards: float) -> str:
    a, b = polar(end, towards + 180 - 36, HEAD), polar(end, towards + 180 + 36, HEAD)
    return f"M{pair(a)}L{pair(end)}L{pair(b)}"


def _stroke(line: str) -> str:
    return f'<path fill="none" stroke="{MOVE}" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round" d="{line}"/>'


def ring(row: dict[str, Any], body: Body) -> tuple[str, list[Point]]:
    """Draw an open ring round a point: something turns. `radius`, `starts` and `sweep` in degrees (sweep < 0 is clockwise)."""
    at = body.points[side(row["on"])] if "on" in row else (0.0, 0.0)
    at = shift(at, (float(row.get("by", (0, 0))[0]), float(row.get("by", (0, 0))[1])))
    radius, starts, sweep, flat = (
        float(row["radius"]),
        float(row.get("starts", 60)),
        float(row.get("sweep", 300)),
        float(row.get("flat", 1)),
    )
    points = []
    for n in range(13):
        a = math.radians(starts + sweep * n / 12)
        points.append((at[0] + radius * math.cos(a), at[1] + flat * radius * math.sin(a)))
    line = "M" + "L".join(pair(point) for point in points) + _tip(points[-1], heading(points[-2], points[-1]))
    return _stroke(line), points
