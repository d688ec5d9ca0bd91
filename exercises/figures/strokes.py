"""Paints of the room and the three marks that things are drawn with."""

from typing import Final

from exercises.figures.geometry import Point, pair, short

MAT: Final = "var(--fig-mat,#9fd3c6)"
WOOD: Final = "var(--fig-prop,#b9c1bb)"
DARK: Final = "var(--fig-prop-dark,#8a958f)"
FLOOR: Final = "var(--fig-floor,#cfcbc0)"
IRON: Final = "var(--fig-iron,#5b6670)"
BAND: Final = "var(--fig-band,#a23b72)"
WATER: Final = "var(--fig-water,#8cc5dd)"
HEAT: Final = "var(--fig-heat,#d9674a)"

Box = tuple[float, float, float, float]  # left, bottom, right, top


def rect(box: Box, fill: str, radius: float = 1.5) -> str:
    x, y, right, top = box
    return (
        f'<rect fill="{fill}" x="{short(x)}" y="{short(-top)}" width="{short(right - x)}" height="{short(top - y)}"'
        f' rx="{short(radius)}"/>'
    )


def stroke(points: list[Point], colour: str, width: float) -> str:
    line = "M" + "L".join(pair(point) for point in points)
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{short(width)}" stroke-linecap="round"'
        f' stroke-linejoin="round" d="{line}"/>'
    )


def disc(at: Point, radius: float, fill: str) -> str:
    return f'<circle fill="{fill}" cx="{short(at[0])}" cy="{short(-at[1])}" r="{short(radius)}"/>'
