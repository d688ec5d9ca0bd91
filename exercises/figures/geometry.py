"""Points, angles and two-bone inverse kinematics. Centimetres, y up; degrees, 0 to the right, 90 up."""

import math
from collections.abc import Iterable

Point = tuple[float, float]


def polar(origin: Point, angle: float, length: float, across: float = 0) -> Point:
    """Return the point `length` along `angle` and `across` to its left."""
    a = math.radians(angle)
    return (
        origin[0] + length * math.cos(a) - across * math.sin(a),
        origin[1] + length * math.sin(a) + across * math.cos(a),
    )


def shift(a: Point, b: Point) -> Point:
    return (a[0] + b[0], a[1] + b[1])


def between(a: Point, b: Point) -> Point:
    """Return the way from a to b."""
    return (b[0] - a[0], b[1] - a[1])


def heading(a: Point, b: Point) -> float:
    """Return the angle of the way from a to b."""
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))


def fold(angle: float) -> float:
    """Return the same angle within -180 (excluded) and 180."""
    return 180 - (180 - angle) % 360


def mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


def turn(a: float, b: float, t: float) -> float:
    """Return the angle at t of the shorter way round from a to b."""
    return a + fold(b - a) * t


def mix_points(a: Point, b: Point, t: float) -> Point:
    return (mix(a[0], b[0], t), mix(a[1], b[1], t))


def two_bones(root: Point, target: Point, upper: float, lower: float, bend: int) -> tuple[float, float, float]:
    """Return the angles of both bones and by how much the end misses its target; `bend` is the side of the joint."""
    distance = max(math.dist(root, target), 1e-6)
    reach = min(max(distance, abs(upper - lower) + 1e-6), upper + lower - 1e-6)
    inner = math.degrees(math.acos((upper**2 + reach**2 - lower**2) / (2 * upper * reach)))
    towards = heading(root, target)
    first = towards + bend * inner
    joint = polar(root, first, upper)
    return first, heading(joint, polar(root, towards, reach)), abs(distance - reach)


def short(value: float) -> str:
    """Write a number with at most one decimal, as SVG takes it."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text in {"-0", "0"} else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def pair(point: Point) -> str:
    """Write a point; SVG's y grows downwards."""
    x, y = short(point[0]), short(-point[1])
    return f"{x}{y}" if y.startswith("-") else f"{x} {y}"


def rounded(points: list[Point]) -> str:
    """Write a closed path through the middles of the sides, each corner its control point."""
    middles = [mix_points(a, b, 0.5) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    return (
        f"M{pair(middles[-1])}" + "".join(f"Q{pair(p)} {pair(m)}" for p, m in zip(points, middles, strict=True)) + "Z"
    )


def bounds(points: Iterable[tuple[Point, float]]) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of circles."""
    rows = list(points)
    return (
        min(p[0] - r for p, r in rows),
        min(p[1] - r for p, r in rows),
        max(p[0] + r for p, r in rows),
        max(p[1] + r for p, r in rows),
    )
