"""Working muscles: where they lie on which bone, so that they move with the body."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Spot:
    """A lens on a bone: share of its length, cm to its left, length and half width in cm, turned by degrees."""

    bone: str
    along: float
    across: float
    length: float
    width: float
    turned: float = 0


# From the side: a limb's front and the trunk's back are at +across (see shapes).
SIDE: Final[dict[str, tuple[Spot, ...]]] = {
    "glutes": (Spot("pelvis", -0.06, 6.4, 15, 5.6, 8),),
    "hamstrings": (Spot("near.thigh", 0.54, -4.6, 28, 3.6, 4),),
    "quads": (Spot("near.thigh", 0.5, 4.4, 30, 4, -5),),
    "hip_flexors": (Spot("near.thigh", 0.1, 6.6, 17, 3.6, 8),),
    "calves": (Spot("near.shank", 0.32, -3.4, 22, 3.4, 4),),
    "shins": (Spot("near.shank", 0.42, 3, 24, 2, -4),),
    "abs": (Spot("waist", 0.5, -5.8, 27, 3.8),),
    "obliques": (Spot("waist", 0.35, -0.6, 19, 4.2, -28),),
    "lower_back": (Spot("waist", 0.1, 5.4, 22, 3.2, -3),),
    "upper_back": (Spot("chest", 0.35, 6.6, 20, 3.4, -3),),
    "chest": (Spot("chest", 0.4, -7, 15, 4),),
    "adductors": (Spot("near.thigh", 0.4, 0, 26, 3),),
    "hip_side": (Spot("near.thigh", 0.02, 1, 14, 5.6, 10),),
    "shoulders": (Spot("near.upper", 0.16, 0, 13, 4.4),),
    "triceps": (Spot("near.upper", 0.5, -2, 18, 2.8),),
    "neck": (Spot("chest", 1.1, 3.4, 10, 2.4),),
}
FRONT: Final[dict[str, tuple[Spot, ...]]] = {
    "groin": (Spot("near.thigh", 0.44, -1, 26, 3.2), Spot("far.thigh", 0.44, 1, 26, 3.2)),
    "glutes": (Spot("near.hipbone", -0.1, 0, 15, 6.6), Spot("far.hipbone", -0.1, 0, 15, 6.6)),
    "hamstrings": (Spot("near.thigh", 0.52, 0, 28, 4.2),),
    "quads": (Spot("near.thigh", 0.5, 0, 30, 4.6),),
    "hip_flexors": (Spot("near.thigh", 0.06, 0, 17, 4),),
    "calves": (Spot("near.shank", 0.32, 0, 20, 4),),
    "shins": (Spot("near.shank", 0.42, 0, 24, 2.4),),
    "abs": (Spot("waist", 0.5, 0, 28, 5.4),),
    "obliques": (Spot("waist", 0.45, 7.4, 24, 3.4),),
    "obliques_far": (Spot("waist", 0.45, -7.4, 24, 3.4),),
    "lower_back": (Spot("waist", 0.2, 4, 20, 2.8), Spot("waist", 0.2, -4, 20, 2.8)),
    "upper_back": (Spot("chest", 0.4, 8, 18, 4.4), Spot("chest", 0.4, -8, 18, 4.4)),
    "chest": (Spot("chest", 0.5, 7.4, 13, 4.4), Spot("chest", 0.5, -7.4, 13, 4.4)),
    "adductors": (Spot("near.thigh", 0.42, 4.4, 28, 3.2, -3), Spot("far.thigh", 0.42, -4.4, 28, 3.2, 3)),
    "hip_side": (Spot("near.thigh", 0.04, -7, 19, 4),),
    "hip_side_far": (Spot("far.thigh", 0.04, 7, 19, 4),),
    "shoulders": (Spot("near.upper", 0.16, 0, 13, 4.6), Spot("far.upper", 0.16, 0, 13, 4.6)),
    "triceps": (Spot("near.upper", 0.5, 0, 18, 3),),
    "neck": (Spot("chest", 1.1, 3, 10, 2.2),),
}
# The same muscle of the far limb, for movements that show it.
FAR: Final = {f"{name}_far": name for name in ("hamstrings", "quads", "hip_flexors", "calves", "shins", "adductors")}
MUSCLES: Final = frozenset({*SIDE, *FRONT, *FAR, "core"})
