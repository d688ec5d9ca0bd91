"""How far joints go. Degrees from the anatomical position; flexion is positive.

Ranges are those that clinics measure (American Academy of Orthopaedic Surgeons, "Joint Motion", 1965; Norkin and White,
"Measurement of Joint Motion"), widened where a drawing must (marked: convention).
"""

from typing import Final

from exercises.figures.geometry import fold
from exercises.figures.rig import Body

RANGES: Final = {
    "hip": (-32, 130),  # extension 20-30, flexion 120-130
    "knee": (-6, 152),  # flexion 135-150
    "ankle": (-80, 45),  # plantar flexion 50, dorsiflexion 38-45 in a loaded lunge; no midfoot is drawn: convention
    "toes": (-10, 92),  # extension of the first toe 70-90
    "shoulder": (-65, 188),  # extension 60, flexion 180
    "elbow": (-6, 152),  # flexion 150
    "wrist": (-96, 96),  # 80 and 70; weight on the palm takes 90: convention
    "spine": (-50, 92),  # thoracolumbar flexion 80-90, extension 25-45
    "neck": (-60, 60),  # flexion 45-50, extension 45-60
}
SIDEWAYS: Final = {"spine": (-45, 45), "neck": (-60, 60)}  # lateral bend 35 each way: convention


def joints(body: Body) -> dict[str, float]:
    """Return the angle of each joint in the plane of the picture; from the front, the limbs' are not measured."""
    a = body.angles
    out = {"spine": -fold(a["chest"] - a["pelvis"]), "neck": -fold(a["head"] - a["chest"])}
    if body.view != "side":
        return out
    for side in ("near", "far"):
        out |= {
            f"{side}.hip": fold(a[f"{side}.thigh"] - a["pelvis"] + 180),
            f"{side}.knee": fold(a[f"{side}.thigh"] - a[f"{side}.shank"]),
            f"{side}.ankle": fold(a[f"{side}.foot"] - a[f"{side}.shank"] - 90),
            f"{side}.toes": fold(a[f"{side}.toes"] - a[f"{side}.foot"]),
            f"{side}.shoulder": _over(fold(a[f"{side}.upper"] - a["chest"] + 180)),
            f"{side}.elbow": fold(a[f"{side}.fore"] - a[f"{side}.upper"]),
            f"{side}.wrist": fold(a[f"{side}.hand"] - a[f"{side}.fore"]),
        }
    return out


def _over(angle: float) -> float:
    """Return a shoulder's angle where an arm overhead goes on past 180."""
    return angle + 360 if angle < -150 else angle  # noqa: PLR2004 nobody's arm goes so far back


def beyond(body: Body) -> dict[str, float]:
    """Return the joints that are out of range, with their angles."""
    ranges = RANGES if body.view == "side" else SIDEWAYS
    found: dict[str, float] = {}
    for joint, angle in joints(body).items():
        low, high = ranges[joint.rpartition(".")[2]]
        if not low <= angle <= high:
            found[joint] = round(angle)
    return found
