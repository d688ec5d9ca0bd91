"""The skeleton: from a keyframe's angles and targets to every named point of the body."""

from dataclasses import dataclass, field
from typing import Final

from exercises.figures.geometry import Point, between, fold, heading, mix, polar, shift, two_bones
from exercises.figures.model import Frame, Limb

# Lengths in cm of a body 174 cm tall.
TRUNK: Final = (15.0, 18.0, 17.0)  # pelvis, waist, chest; the waist takes half the bend of each neighbour
NECK: Final = 15.0  # to the middle of the head
THIGH: Final = 43.0
SHANK: Final = 41.0
UPPER: Final = 29.0
FORE: Final = 25.0
HAND: Final = 7.0
PALM: Final = 3.0  # wrist over the surface that the palm lies on
GRIP: Final = 5.0
SOLE: Final = 7.0  # ankle over the floor
HEEL: Final = 5.0
BALL: Final = 11.5
TOES: Final = 7.0
SHOULDERS: Final = 16.5  # half the width, in a front view
HIPS: Final = 8.5

# Radius of the body round a named point, for contact with the floor and props.
RADII: Final = {
    "hip": 0, "knee": 6.2, "ankle": 3.8, "shin": 4.6, "sole": 0, "heel": 0, "ball": 0, "toe": 0, "elbow": 4.2, "wrist": 2.8,
    "forearm": 3.2, "palm": 0, "grip": 0, "fingers": 2.4, "shoulder": 6.9, "thigh": 9.0, "seat": 0, "sacrum": 0, "back": 0, "lumbar": 0,
    "chest": 0, "belly": 0, "crown": 0, "head": 10.5, "nape": 0, "brow": 0, "neck": 0, "flank": 0, "waist": 0, "side": 0,
}  # fmt: skip


@dataclass
class Body:
    """A solved pose: where everything is, and at which angle."""

    view: str
    points: dict[str, Point] = field(default_factory=dict)
    angles: dict[str, float] = field(default_factory=dict)
    lengths: dict[str, float] = field(default_factory=dict)
    misses: dict[str, float] = field(default_factory=dict)  # limb -> cm by which it cannot reach its target


def solve(frame: Frame, view: str) -> Body:
    """Place the whole body: the trunk by its anchor, then legs, then arms (which may reach for a point of the body)."""
    body = _attempt(frame, view, (0, 0), reach=False)
    if frame.anchor not in body.points:
        raise KeyError(f"anchor {frame.anchor}: a point of the trunk or of a limb given by its angles")
    return _attempt(frame, view, between(body.points[frame.anchor], frame.at), reach=True)


def _attempt(frame: Frame, view: str, hip: Point, *, reach: bool) -> Body:
    body = Body(view)
    _trunk(body, frame, hip)
    order = ["near_leg", "far_leg", "near_arm", "far_arm"]
    for kind, first in (("leg", 0), ("arm", 2)):
        near = frame.limbs[f"near_{kind}"]
        if near and near.on.startswith("far.") and not (kind == "arm" and near.on in body.points):
            order[first : first + 2] = reversed(order[first : first + 2])
    for name in order:
        limb = frame.limbs[name] or _copy(frame.limbs[name.replace("far", "near")], view)
        if reach or not limb.target:
            side, kind = name.split("_")
            (_leg if kind == "leg" else _arm)(body, side, limb)
    return body


def _copy(limb: Limb | None, view: str) -> Limb:
    """Return the near limb as the far one, a little aside, so that it peeps out behind."""
    if limb is None:
        raise KeyError("every near limb needs its angles or a target in the first frame")
    if view != "side":
        mirrored = tuple((name, 180 - angle) for name, angle in limb.angles)
        at = limb.at if limb.on else (-limb.at[0], limb.at[1])
        return Limb(limb.target, at, limb.on.replace("near", "far"), mirrored, limb.lengths, bow=limb.bow)
    aside = {"thigh": 2, "shank": 3, "upper": 3, "fore": 3, "hand": 3}
    angles = tuple((name, angle + (0 if limb.target else aside.get(name, 0))) for name, angle in limb.angles)
    return Limb(limb.target, shift(limb.at, (3, 0)), limb.on, angles, limb.lengths, limb.bow)


def _trunk(body: Body, frame: Frame, hip: Point) -> None:
    pelvis, chest, points = frame.pelvis, frame.chest, body.points
    body.angles |= {"pelvis": pelvis, "chest": chest, "head": frame.head, "waist": mix(pelvis, chest, 0.5)}
    points["hip"] = hip
    seen = frame.lean if body.view != "side" else 1.0
    points["waist"] = polar(hip, pelvis, TRUNK[0] * seen)
    points["ribs"] = polar(points["waist"], body.angles["waist"], TRUNK[1] * seen)
    points["neck"] = polar(points["ribs"], chest, TRUNK[2] * seen)
    points["shoulder"] = polar(points["neck"], chest, -6)
    points["head"] = polar(points["neck"], frame.head, NECK * seen)
    points["crown"] = polar(points["head"], frame.head, 11.5)
    points["nape"] = polar(points["head"], frame.head, 0, 9.5)
    points["brow"] = polar(points["head"], frame.head, 4, -9.5)
    points["seat"] = polar(hip, pelvis, -11)
    points["sacrum"] = polar(hip, pelvis, 0, 11.5)
    points["lumbar"] = polar(points["waist"], body.angles["waist"], 4, 8.5)
    points["belly"] = polar(points["waist"], body.angles["waist"], 4, -9.4 - frame.belly)
    points["back"] = polar(points["ribs"], chest, 8, 10.5)
    points["chest"] = polar(points["ribs"], chest, 6, -11.2)
    aside = body.view == "side"
    wide, hips = SHOULDERS * (frame.turned if aside else frame.width), 0.0 if aside else HIPS * frame.width
    facing = -1 if body.view == "back" else 1  # from behind, the body's right is at the viewer's right
    for side, sign in (("near", facing), ("far", -facing)):
        points[f"{side}.shoulder"] = polar(points["shoulder"], chest, 1 if wide else 0, sign * wide)
        points[f"{side}.hip"] = polar(hip, pelvis, 0, sign * hips)
        points[f"{side}.flank"] = polar(points["waist"], body.angles["waist"], 5, sign * 10.5)
        points[f"{side}.side"] = polar(hip, pelvis, -3, sign * 16.5)
    body.lengths |= {"width": frame.width, "belly": frame.belly, "turned": frame.turned, "lean": seen}


def _bend(body: Body, side: str, limb: Limb, forwards: int) -> int:
    """Return the side of the joint: as anatomy has it; from the front `bow` says, and 0 is straight at the viewer."""
    if body.view == "side":
        return forwards
    outwards = (-1 if side == "near" else 1) * (1 if body.view == "front" else -1)
    return {"": 0, "out": outwards, "in": -outwards}[limb.bow]


Seen = tuple[float, float]  # angle and length


def _reach(way: tuple[Point, Point], bones: tuple[float, float], bend: int) -> tuple[Seen, Seen, float]:
    """Reach for a target; without a bend in the picture the joint comes towards the viewer, so both bones look shorter."""
    (root, target), (upper, lower) = way, bones
    if bend:
        first, second, off = two_bones(root, target, upper, lower, bend)
        return (first, upper), (second, lower), off
    far, towards = heading_length(root, target), heading(root, target)
    share = min(1.0, far / (upper + lower))
    return (towards, upper * share), (towards, lower * share), max(0.0, far - upper - lower)


def _leg(body: Body, side: str, limb: Limb) -> None:
    hip = body.points[f"{side}.hip"]
    upper, lower = THIGH * limb.lengths[0], SHANK * limb.lengths[1]
    foot, at = limb.angle("foot"), shift(body.points[limb.on], limb.at) if limb.on else limb.at
    profile = body.view == "side" or foot is not None
    toes = limb.angle("toes")
    if limb.target == "knee":
        thigh, shank = heading(hip, at), limb.angle("shank") or 0.0
        body.misses[f"{side}.knee"] = abs(upper - heading_length(hip, at))
    elif limb.target:
        ankle = _ankle(limb.target, at, foot if profile else None)
        (thigh, upper), (shank, lower), off = _reach((hip, ankle), (upper, lower), _bend(body, side, limb, 1))
        body.misses[f"{side}.{limb.target}"] = off
        toes = 0.0 if toes is None and limb.target == "ball" else toes
    else:
        thigh, shank = limb.angle("thigh") or 0.0, limb.angle("shank") or 0.0
    _place_leg(body, side, (thigh, shank, upper, lower))
    planted = -90.0 if limb.target in {"sole", "heel"} else shank
    _place_foot(body, side, (foot if foot is not None else 0.0) if profile else planted, toes, profile=profile)


def heading_length(a: Point, b: Point) -> float:
    x, y = between(a, b)
    return float((x * x + y * y) ** 0.5)


def _ankle(target: str, at: Point, foot: float | None) -> Point:
    """Return the ankle that puts a point of the foot at its place; without an angle the foot faces the viewer."""
    if target == "ankle":
        return at
    if foot is None:
        return shift(at, (0, SOLE))
    along = {"sole": -2.0, "ball": -BALL, "heel": HEEL}[target]
    return polar(at, foot, along, SOLE)


def _place_leg(body: Body, side: str, bones: tuple[float, float, float, float]) -> None:
    thigh, shank, upper, lower = bones
    points, hip = body.points, body.points[f"{side}.hip"]
    body.angles |= {f"{side}.thigh": thigh, f"{side}.shank": shank}
    body.lengths |= {f"{side}.thigh": upper, f"{side}.shank": lower}
    points[f"{side}.thigh"] = polar(hip, thigh, upper * 0.5)
    points[f"{side}.knee"] = polar(hip, thigh, upper)
    points[f"{side}.shin"] = polar(points[f"{side}.knee"], shank, lower * 0.5)
    points[f"{side}.ankle"] = polar(points[f"{side}.knee"], shank, lower)


def _place_foot(body: Body, side: str, foot: float, toes: float | None, *, profile: bool) -> None:
    points, ankle = body.points, body.points[f"{side}.ankle"]
    body.angles |= {f"{side}.foot": foot, f"{side}.toes": foot if toes is None else toes}
    body.lengths[f"{side}.profile"] = float(profile)
    if not profile:  # the foot faces the viewer: its angle is that of its own up and down
        for name in ("sole", "heel", "ball", "toe"):
            points[f"{side}.{name}"] = polar(ankle, foot, SOLE)
        return
    points[f"{side}.heel"] = polar(ankle, foot, -HEEL, -SOLE)
    points[f"{side}.sole"] = polar(ankle, foot, 2, -SOLE)
    points[f"{side}.ball"] = polar(ankle, foot, BALL, -SOLE)
    points[f"{side}.toe"] = polar(points[f"{side}.ball"], body.angles[f"{side}.toes"], TOES)


def _arm(body: Body, side: str, limb: Limb) -> None:
    shoulder = body.points[f"{side}.shoulder"]
    upper, lower = UPPER * limb.lengths[0], FORE * limb.lengths[1]
    hand, at = limb.angle("hand"), shift(body.points[limb.on], limb.at) if limb.on else limb.at
    if limb.target == "elbow":
        first, second = heading(shoulder, at), limb.angle("fore") or 0.0
        body.misses[f"{side}.elbow"] = abs(upper - heading_length(shoulder, at))
    elif limb.target:
        wrist = polar(at, hand or 0.0, -4, -_inside(hand or 0.0)) if limb.target == "palm" else at
        reach = lower + GRIP if limb.target == "grip" and hand is None else lower
        wrist = polar(at, hand, -GRIP) if limb.target == "grip" and hand is not None else wrist
        (first, upper), (second, reach_seen), off = _reach(
            (shoulder, wrist), (upper, reach), _bend(body, side, limb, -1)
        )
        body.misses[f"{side}.{limb.target}"], lower = off, lower * reach_seen / reach
        hand = (hand or 0.0) if limb.target == "palm" else hand
    else:
        first, second = limb.angle("upper") or 0.0, limb.angle("fore") or 0.0
    _place_arm(body, side, (first, second, second if hand is None else hand), (upper, lower))


def _inside(hand: float) -> float:
    """Return how far to the left of the fingers the palm's surface is: a hand that points left lies the other way up."""
    return PALM if abs(fold(hand)) > 90 else -PALM  # noqa: PLR2004 a right angle


def _place_arm(body: Body, side: str, angles: tuple[float, float, float], bones: tuple[float, float]) -> None:
    points = body.points
    upper, fore, hand = angles
    body.angles |= {f"{side}.upper": upper, f"{side}.fore": fore, f"{side}.hand": hand}
    body.lengths |= {f"{side}.upper": bones[0], f"{side}.fore": bones[1]}
    points[f"{side}.elbow"] = polar(points[f"{side}.shoulder"], upper, bones[0])
    points[f"{side}.forearm"] = polar(points[f"{side}.elbow"], fore, bones[1] * 0.5)
    points[f"{side}.wrist"] = polar(points[f"{side}.elbow"], fore, bones[1])
    points[f"{side}.palm"] = polar(points[f"{side}.wrist"], hand, 4, _inside(hand))
    points[f"{side}.grip"] = polar(points[f"{side}.wrist"], hand, GRIP)
    points[f"{side}.fingers"] = polar(points[f"{side}.wrist"], hand, HAND)
