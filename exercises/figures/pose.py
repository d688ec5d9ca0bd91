"""What a pose file says: poses/<code>.toml as typed data. poses/README.md is the authors' guide."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from exercises.figures.bodies import BODIES
from exercises.figures.geometry import Point
from exercises.figures.held import HELD
from exercises.figures.model import Frame, Limb, Movement
from exercises.figures.muscles import MUSCLES
from exercises.figures.pose_names import side
from exercises.figures.props import FIXED

FOLDER: Final = Path(__file__).parent / "poses"
LIMBS: Final = ("near_arm", "near_leg", "far_arm", "far_leg")
TARGETS: Final = {"leg": ("sole", "ball", "heel", "ankle", "knee"), "arm": ("palm", "grip", "wrist", "elbow")}
ANGLES: Final = {"leg": ("thigh", "shank", "foot", "toes"), "arm": ("upper", "fore", "hand")}
STILLS: Final = ("start", "mid", "finish")
TOP: Final = {
    "view", "body", "mirror", "loop", "back", "alt", "start", "mid", "finish", "supports", "muscles", "props", "arrows",
    "frames", "telling", "order", "bare", "slides", "allow", "frame",
}  # fmt: skip
FRAME: Final = {
    "name", "seconds", "hold", "hip", "anchor", "pelvis", "chest", "head", "order", "supports", "near_arm", "near_leg",
    "far_arm", "far_leg", "gaze", "width", "belly", "turned", "lean",
}  # fmt: skip


class PoseError(ValueError):
    """A pose file that cannot be read: says where and why."""


def codes() -> tuple[str, ...]:
    """Return the codes of all movements, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def movement(code: str) -> Movement:
    """Read one pose file. PoseError when it says something unknown."""
    try:
        return read(code, tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8")))
    except (PoseError, KeyError, TypeError, ValueError) as wrong:
        raise PoseError(f"{code}: {wrong!r}") from wrong


def read(code: str, data: dict[str, Any]) -> Movement:
    """Turn a file's tables into a Movement."""
    _known(data, TOP, "the file")
    frames: list[Frame] = []
    for n, row in enumerate(data["frame"]):
        _known(row, FRAME, f"frame {n}")
        frames.append(_frame(row, frames[-1] if frames else None, data))
    props = tuple({"kind": prop} if isinstance(prop, str) else prop for prop in data.get("props", []))
    for name, given, known in (
        ("muscle", data.get("muscles", []), MUSCLES),
        ("prop", [prop["kind"] for prop in props], FIXED.keys() | HELD.keys()),
        ("body", [data.get("body", "maya")], BODIES),
        ("loop", [data.get("loop", "back")], ("back", "round")),
        ("view", [data.get("view", "side")], ("side", "front", "back")),
    ):
        if wrong := set(given) - set(known):
            raise PoseError(f"unknown {name}: {', '.join(sorted(wrong))}")
    return Movement(
        code=code,
        view=data.get("view", "side"),
        body=data.get("body", "maya"),
        frames=tuple(frames),
        loop=data.get("loop", "back"),
        back=float(data.get("back", sum(frame.seconds for frame in frames[1:]))),
        alt=data["alt"],
        captions={still: data[still] for still in STILLS},
        muscles=tuple(data.get("muscles", ())),
        props=props,
        arrows=tuple(data.get("arrows", ())),
        telling=data.get("telling", "finish"),
        mirror=data.get("mirror", False),
        bare=data.get("bare", False),
        slides=tuple(side(name) for name in data.get("slides", ())),
        allow=data.get("allow", {}),
    )


def _sided(name: str) -> str:
    return name.replace("right_", "near_").replace("left_", "far_")


def _known(row: dict[str, Any], names: set[str], where: str) -> None:
    if wrong := {_sided(key) for key in row} - names:
        raise PoseError(f"unknown in {where}: {', '.join(sorted(wrong))}")


def _frame(row: dict[str, Any], before: Frame | None, data: dict[str, Any]) -> Frame:
    """Read a keyframe; what it leaves out stays as it was in the keyframe before."""
    row = {_sided(key): value for key, value in row.items()}
    anchor, at = (before.anchor, before.at) if before else ("hip", (0.0, 0.0))
    if "hip" in row:
        anchor, at = "hip", _point(row["hip"])
    elif "anchor" in row:
        anchor, at = side(row["anchor"]["point"]), _point(row["anchor"]["at"])
    limbs = dict(before.limbs) if before else dict.fromkeys(LIMBS)
    limbs |= {name: None if row[name] == "same" else _limb(row[name], name) for name in LIMBS if name in row}
    return Frame(
        name=row.get("name", "" if before else "start"),
        seconds=float(row.get("seconds", 1.5)),
        hold=float(row.get("hold", 0.5)),
        anchor=anchor,
        at=at,
        pelvis=row.get("pelvis", before.pelvis if before else 90),
        chest=row.get("chest", row.get("pelvis", before.chest if before else 90)),
        head=row.get("head", row.get("chest", row.get("pelvis", before.head if before else 90))),
        limbs=limbs,
        supports=tuple(side(name) for name in row.get("supports", data.get("supports", ()))),
        order=tuple(_sided(name) for name in row.get("order", data.get("order", ()))),
        gaze=row.get("gaze", before.gaze if before else ""),
        belly=float(row.get("belly", before.belly if before else 0)),
        turned=float(row.get("turned", before.turned if before else 0)),
        lean=float(row.get("lean", before.lean if before else 1)),
        width=float(row.get("width", before.width if before else 1)),
    )


def _limb(row: dict[str, Any], name: str) -> Limb:
    kind = name.rpartition("_")[2]
    _known(row, {*TARGETS[kind], *ANGLES[kind], "on", "lengths", "bow"}, name)
    target = next((key for key in TARGETS[kind] if key in row), "")
    return Limb(
        target=target,
        at=_point(row[target]) if target else (0, 0),
        on=side(row.get("on", "")),
        angles=tuple((key, float(row[key])) for key in ANGLES[kind] if key in row),
        lengths=_point(row.get("lengths", [1, 1])),
        bow=row.get("bow", ""),
    )


def _point(value: list[float]) -> Point:
    x, y = value
    return (float(x), float(y))
