"""The parts of the body as paths in their own frame: +x along the bone, +y to its left, origin at the upper joint.

A limb that hangs from a body facing right has its front at +y; the trunk, which points up, has its back at +y.
"""

from typing import Final

from exercises.figures.geometry import Point, fold, mix, pair, polar, rounded
from exercises.figures.rig import BALL, HAND, HEEL, SOLE, TOES, TRUNK

Outline = tuple[tuple[float, float], ...]

# Half widths along the trunk (share of its length, cm): the back is the left of the way up, the front the right.
BACK: Final[Outline] = (
    (-0.04, 9.5),
    (0.1, 10.6),
    (0.3, 8.3),
    (0.5, 8.4),
    (0.7, 10.7),
    (0.9, 11),
    (1.0, 7.6),
    (1.08, 4.2),
)
FRONT: Final[Outline] = (
    (-0.04, 9.0),
    (0.12, 9.8),
    (0.32, 8.9),
    (0.52, 9.3),
    (0.72, 11.8),
    (0.88, 11.2),
    (1.0, 6.8),
    (1.08, 4.2),
)
FACING: Final[Outline] = (
    (-0.04, 13),
    (0.12, 13.6),
    (0.34, 10.6),
    (0.52, 11),
    (0.74, 14.6),
    (0.93, 18.6),
    (1.02, 14),
    (1.1, 4.4),
)


def capsule(length: float, first: float, second: float) -> str:
    """Draw a tapered limb with round ends."""
    a, b = short_radius(first), short_radius(second)
    top = f"M{pair((0, first))}L{pair((length, second))}A{b} {b} 0 0 1 {pair((length, -second))}"
    return f"{top}L{pair((0, -first))}A{a} {a} 0 0 1 {pair((0, first))}Z"


def short_radius(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def thigh(length: float, build: float) -> str:
    """Draw the thigh: fuller in front, round at both joints."""
    return _limb(length, build, (9.8, 10.6, 8.4, 6.2), (9.8, 10, 7.4, 6.2))


def shank(length: float, build: float) -> str:
    """Draw the lower leg: a straight shin, a calf behind it."""
    return _limb(length, build, (6.2, 6.2, 4.8, 3.6), (6.2, 9.4, 5.4, 3.6))


def upper_arm(length: float, build: float) -> str:
    return _limb(length, build, (5.6, 6, 5, 4.2), (5.6, 5.8, 5, 4.2))


def forearm(length: float, build: float) -> str:
    return _limb(length, build, (4.2, 5, 3.6, 2.8), (4.2, 4.8, 3.6, 2.8))


def _limb(length: float, build: float, front: tuple[float, ...], back: tuple[float, ...]) -> str:
    """Draw two curved sides between the round ends: widths at 0, a third, two thirds and the end."""
    f, b = [w * build for w in front], [w * build for w in back]
    near, far = short_radius(f[0]), short_radius(f[3])
    return (
        f"M{pair((0, f[0]))}C{pair((length * 0.3, f[1]))} {pair((length * 0.65, f[2]))} {pair((length, f[3]))}"
        f"A{far} {far} 0 0 1 {pair((length, -b[3]))}"
        f"C{pair((length * 0.65, -b[2]))} {pair((length * 0.3, -b[1]))} {pair((0, -b[0]))}A{near} {near} 0 0 1 {pair((0, f[0]))}Z"
    )


def trouser(length: float, build: float) -> str:
    """Draw the leg of a pair of shorts: over the thigh, open at the hem."""
    f = [w * build + 0.8 for w in (9.8, 10.4, 9.9, 9)]
    end, r = length * 0.5, short_radius(f[0])
    return (
        f"M{pair((0, f[0]))}C{pair((end * 0.4, f[1]))} {pair((end * 0.8, f[2]))} {pair((end, f[3]))}"
        f"Q{pair((end + 1, 0))} {pair((end, -f[3]))}"
        f"C{pair((end * 0.8, -f[2]))} {pair((end * 0.4, -f[1]))} {pair((0, -f[0]))}A{r} {r} 0 0 1 {pair((0, f[0]))}Z"
    )


def legging(length: float, build: float) -> str:
    """Draw the lower half of a legging: the shank without its ankle."""
    w = [x * build + 0.4 for x in (6.2, 6.2, 9.2, 4.6, 3.9)]
    end, r = length * 0.86, short_radius(w[0])
    return (
        f"M{pair((0, w[0]))}C{pair((end * 0.35, w[1]))} {pair((end * 0.7, w[3]))} {pair((end, w[3]))}L{pair((end, -w[4]))}"
        f"C{pair((end * 0.7, -w[3] - 1))} {pair((end * 0.35, -w[2]))} {pair((0, -w[0]))}A{r} {r} 0 0 1 {pair((0, w[0]))}Z"
    )


def sleeve(length: float, build: float, share: float) -> str:
    """Draw a sleeve over the share of the upper arm."""
    w, v, r = 6.9 * build, mix(6.4, 5, share) * build, short_radius(6.9 * build)
    end = length * share
    return f"M{pair((0, w))}L{pair((end, v))}Q{pair((end + 0.8, 0))} {pair((end, -v))}L{pair((0, -w))}A{r} {r} 0 0 1 {pair((0, w))}Z"


def cuff(length: float, build: float) -> str:
    """Draw the lower half of a long sleeve."""
    return capsule(length * 0.9, 4.9 * build, 3.4 * build)


def hand() -> str:
    """Draw a closed hand with its thumb on the inside."""
    return (
        f"M{pair((-1, 2.7))}C{pair((2, 3.2))} {pair((HAND, 2.8))} {pair((HAND + 2, 1))}"
        f"C{pair((HAND + 2.8, -1))} {pair((HAND, -2.7))} {pair((4, -2.8))}L{pair((-1, -2.7))}Z"
    )


def pelvis(build: float) -> str:
    """Draw the seat of the trousers from the side, waistband up."""
    points = [(13, -9.3), (13, 8.7), (6, 10.8), (-1, 12.4), (-8, 10), (-11.4, 4), (-11, -4), (-7, -9), (2, -10.6)]
    x, *rest = [(x, y * build) for x, y in points]
    return rounded([x, x, rest[0], *rest])


def pelvis_facing(build: float, width: float) -> str:
    """Draw the seat of the trousers from the front or from behind."""
    half = [(13, 11.8), (5, 14.6), (-5, 16.4), (-11, 13), (-12.5, 4)]
    left = [(x, y * build * width) for x, y in half]
    right = [(x, -y) for x, y in reversed(left)]
    return rounded([left[0], *left, *right, right[-1]])


def trunk(bend: float, build: float, *, turned: float, width: float = 1, belly: float = 0, lean: float = 1) -> str:
    """Draw the shirt along a spine that bends by `bend` degrees from pelvis to chest, in the pelvis's frame (pelvis at 0).

    `turned` is 0 from the side and 1 from the front; `belly` cm swell the front of the waist.
    """
    swell = [belly * max(0.0, 1 - abs(t - 0.4) / 0.34) for t, _ in FRONT]
    front = [(t, w + s) for (t, w), s in zip(FRONT, swell, strict=True)]
    scale = build * mix(1, width, turned)
    outline = [_beside(bend, t, w * scale) for t, w in _opened(BACK, turned)]
    outline += [_beside(bend, t, -w * scale) for t, w in reversed(_opened(tuple(front), turned))]
    return rounded([(x * lean, y) for x, y in outline])


def _opened(profile: Outline, turned: float) -> Outline:
    return tuple((mix(t, u, turned), mix(w, v, turned)) for (t, w), (u, v) in zip(profile, FACING, strict=True))


def _beside(bend: float, t: float, across: float) -> Point:
    point, angle = spine(bend, t)
    return polar(point, angle, 0, across)


def spine(bend: float, t: float) -> tuple[Point, float]:
    """Return the point and the angle at a share of the trunk's length; the bend is spread over the waist."""
    total, at = sum(TRUNK), t * sum(TRUNK)
    point: Point = (0.0, 0.0)
    steps = 10
    if at <= 0:
        return (at, 0.0), 0.0
    for n in range(steps):
        point = polar(point, _lean(bend, (n + 0.5) / steps * at / total), at / steps)
    return point, _lean(bend, min(at / total, 1))


def _lean(bend: float, t: float) -> float:
    """Return the spine's angle: nothing in the pelvis, all in the chest, smoothly between."""
    u = max(0.0, min(1.0, (t - 0.12) / 0.62))
    return fold(bend) * u * u * (3 - 2 * u)


def shoe() -> str:
    """Draw the shoe from heel to ball; the toe cap hinges at the ball."""
    return (
        f"M{pair((-HEEL - 1.2, -1))}Q{pair((-HEEL - 1.6, 3.2))} {pair((-3.6, 3.6))}L{pair((3.8, 3.4))}"
        f"Q{pair((7, -1))} {pair((BALL + 0.6, -1.9))}A2.6 2.6 0 0 1 {pair((BALL, -SOLE))}L{pair((-HEEL + 0.6, -SOLE))}"
        f"Q{pair((-HEEL - 1.8, -SOLE))} {pair((-HEEL - 1.2, -1))}Z"
    )


def toe_cap() -> str:
    """Draw the toe cap from the ball, sole at y = 0."""
    return f"M0 0L{pair((TOES - 2, 0))}Q{pair((TOES + 0.8, 0.2))} {pair((TOES - 1, 2.4))}Q{pair((3, 4.6))} {pair((0.4, 5.1))}A2.6 2.6 0 0 1 0 0Z"


def shoe_facing() -> str:
    """Draw a shoe that points at the viewer: +x is down to the sole."""
    points = [(-3.6, 3.4), (1, 4.4), (SOLE - 0.2, 5.6), (SOLE + 0.4, 0), (SOLE - 0.2, -5.6), (1, -4.4), (-3.6, -3.4)]
    return rounded([points[0], *points[1:3], points[2], points[4], *points[4:]])


def spindle(length: float, width: float) -> str:
    """Draw a muscle: a lens round the origin."""
    a, w = length / 2, width * 1.05
    return f"M{pair((-a, 0))}C{pair((-a * 0.5, w))} {pair((a * 0.5, w))} {pair((a, 0))}C{pair((a * 0.5, -w))} {pair((-a * 0.5, -w))} {pair((-a, 0))}Z"
