"""A movement as data: keyframes of a body, and what the picture shows beside it."""

from dataclasses import dataclass, field
from typing import Any

from exercises.figures.geometry import Point


@dataclass(frozen=True)
class Limb:
    """An arm or a leg: three angles, or a target that two bones reach for."""

    target: str = ""  # a name of TARGETS, or nothing when the angles say all
    at: Point = (0, 0)  # where the target is; from the named point when `on` is given
    on: str = ""
    angles: tuple[tuple[str, float], ...] = ()
    lengths: tuple[float, float] = (1, 1)  # what the viewer sees of each bone, 1 = all
    bow: str = ""  # from the front, a joint that bends in the picture: out or in

    def angle(self, name: str) -> float | None:
        return dict(self.angles).get(name)


@dataclass(frozen=True)
class Frame:
    """A keyframe: seconds to get here, seconds to stay, and the body."""

    name: str
    seconds: float
    hold: float
    anchor: str
    at: Point
    pelvis: float
    chest: float
    head: float
    limbs: dict[str, Limb | None]
    supports: tuple[str, ...]
    order: tuple[str, ...]
    gaze: str = ""
    belly: float = 0  # cm by which the waist swells in front, as when breathing in
    turned: float = 0  # from the side: how far the chest opens to the viewer, 0 to 1
    lean: float = 1  # from the front: what is seen of the trunk's height; less than 1 tips towards the viewer
    width: float = 1  # of shoulders and hips in a front view: less than 1 is turned away


@dataclass(frozen=True, eq=False)
class Movement:
    """Everything that one exercise's figure needs; equal only to itself, so that what is worked out of it can be kept."""

    code: str
    view: str
    body: str
    frames: tuple[Frame, ...]
    loop: str  # "back" retraces its way, "round" goes from the last keyframe to the first, "still" holds
    back: float
    alt: str
    captions: dict[str, str]
    muscles: tuple[str, ...]
    props: tuple[dict[str, Any], ...]
    arrows: tuple[dict[str, Any], ...]
    telling: str
    mirror: bool = False
    bare: bool = False
    slides: tuple[str, ...] = ()  # supports that glide along their surface
    allow: dict[str, str] = field(default_factory=dict)  # joints drawn beyond their range, with the reason
