"""Names of the body's points: a front view's right and left are the rig's near and far."""

from typing import Final

SIDES: Final = {"right": "near", "left": "far"}


def side(name: str) -> str:
    """Return a point's name with the body's right as near and its left as far."""
    head, dot, rest = name.partition(".")
    return f"{SIDES.get(head, head)}{dot}{rest}"
