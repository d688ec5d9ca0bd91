"""Time: from keyframes to the frames of a loop. Joints ease in and out; planted points stay where both keyframes plant them."""

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from exercises.figures.geometry import mix, mix_points, turn
from exercises.figures.model import Frame, Limb, Movement
from exercises.figures.pose import ANGLES, LIMBS, movement
from exercises.figures.rig import Body, solve

RATE: Final = 12.0  # frames a second while something moves
MOST: Final = 26  # frames of one file


@dataclass(frozen=True)
class Loop:
    """The frames in the order of a film strip, and the stops of its time table: (seconds, frame)."""

    bodies: tuple[Body, ...]
    frames: tuple[Frame, ...]
    stops: tuple[tuple[float, int], ...]
    keys: tuple[int, ...]  # which frames of the strip are the keyframes

    @property
    def seconds(self) -> float:
        return self.stops[-1][0]


def ease(t: float, *, leaves: bool, stops: bool) -> float:
    """Return the share of a way at a share of its time: slow where the body leaves a rest or comes to one, else even."""
    if leaves and stops:
        return (1 - math.cos(math.pi * t)) / 2
    if leaves:
        return 1 - math.cos(math.pi * t / 2)
    return math.sin(math.pi * t / 2) if stops else t


def blend(a: Frame, b: Frame, t: float, view: str) -> Frame:
    """Return the keyframe at t between two."""
    if t <= 0 or a is b:
        return a
    if t >= 1:
        return b
    anchor, at = a.anchor, mix_points(a.at, b.at, t)
    if a.anchor != b.anchor:
        anchor, at = "hip", mix_points(solve(a, view).points["hip"], solve(b, view).points["hip"], t)
    return Frame(
        name="",
        seconds=0,
        hold=0,
        anchor=anchor,
        at=at,
        pelvis=turn(a.pelvis, b.pelvis, t),
        chest=turn(a.chest, b.chest, t),
        head=turn(a.head, b.head, t),
        limbs={name: _blend_limb(name, a, b, t, view) for name in LIMBS},
        supports=tuple(name for name in a.supports if name in b.supports),
        order=a.order if t < 0.5 else b.order,  # noqa: PLR2004 half way
        gaze=a.gaze if t < 0.5 else b.gaze,  # noqa: PLR2004 half way
        belly=mix(a.belly, b.belly, t),
        turned=mix(a.turned, b.turned, t),
        lean=mix(a.lean, b.lean, t),
        width=mix(a.width, b.width, t),
    )


def _blend_limb(name: str, a: Frame, b: Frame, t: float, view: str) -> Limb | None:
    x, y = a.limbs[name], b.limbs[name]
    if x is None and y is None:
        return None
    if x is None or y is None or (x.target, x.on) != (y.target, y.on) or len(x.angles) != len(y.angles):
        x, y = _as_angles(name, a, view), _as_angles(name, b, view)
    angles = tuple((key, turn(x.angle(key) or 0.0, y.angle(key) or 0.0, t)) for key, _ in x.angles)
    return replace(x, at=mix_points(x.at, y.at, t), angles=angles, lengths=mix_points(x.lengths, y.lengths, t))


def _as_angles(name: str, frame: Frame, view: str) -> Limb:
    """Return the limb of a keyframe as plain angles, whatever it was given by."""
    body, (which, kind) = solve(frame, view), name.split("_")
    limb = frame.limbs[name] or frame.limbs[name.replace("far", "near")]
    keys = ANGLES[kind]
    if kind == "leg" and not body.lengths[f"{which}.profile"]:
        keys = keys[:2]
    angles = tuple((key, body.angles[f"{which}.{key}"]) for key in keys)
    return Limb(angles=angles, lengths=limb.lengths if limb else (1, 1))


def loop(code: str) -> Loop:
    """Return the loop of a movement."""
    return film(movement(code))


@cache
def film(what: Movement) -> Loop:
    """Expose the frames: each way between keyframes gets its share of RATE, a way back runs over the same frames."""
    ways = list(zip(what.frames, what.frames[1:], strict=False))
    seconds = [b.seconds for _, b in ways]
    if what.loop == "round":
        ways.append((what.frames[-1], what.frames[0]))
        seconds.append(what.back)
    rate = min(RATE, (MOST - 1) / max(sum(seconds), 0.1))
    frames, keys, stops, clock = [what.frames[0]], [0], [(0.0, 0), (what.frames[0].hold, 0)], what.frames[0].hold
    for (a, b), took in zip(ways, seconds, strict=True):
        count = max(2, round(took * rate))
        turns = what.loop == "back"
        leaves, stops_ = a.hold > 0 or (turns and a is what.frames[0]), b.hold > 0 or (turns and b is what.frames[-1])
        shares = [ease(n / count, leaves=leaves, stops=stops_) for n in range(1, count + 1)]
        frames += [blend(a, b, share, what.view) for share in shares]
        clock += took
        keys.append(len(frames) - 1)
        stops.append((clock, keys[-1]))
        if b is not what.frames[0] and b.hold:
            clock += b.hold
            stops.append((clock, keys[-1]))
    if what.loop == "back":
        stops.append((clock + what.back, 0))
    bodies = tuple(solve(frame, what.view) for frame in frames)
    return Loop(bodies, tuple(frames), tuple(stops), tuple(keys))


def still(what: Movement, name: str) -> Frame:
    """Return the frame of a still: the keyframe of that name, else the first, the last, or the middle of their way."""
    named = {frame.name: frame for frame in what.frames}
    if name in named:
        return named[name]
    first, last = named.get("start", what.frames[0]), named.get("finish", what.frames[-1])
    if name == "mid":
        middle = what.frames.index(last) // 2
        return what.frames[middle] if middle else blend(first, last, 0.5, what.view)
    return first if name == "start" else last
