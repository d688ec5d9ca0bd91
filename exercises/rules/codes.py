"""Codes for what a clinic makes itself."""

import re
from collections.abc import Container
from itertools import count
from unicodedata import normalize

from exercises.rules.content import CODE_LENGTH

OWN = "own_"  # no code of the catalogue begins so: a later release never meets what a clinic wrote


def own_code(name: str, taken: Container[str]) -> str:
    """Return a code that says the name and is free: "Wall sit, towel" becomes own_wall_sit_towel."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "x"
    stem = f"{OWN}{words}"[: CODE_LENGTH - 4].rstrip("_")  # leaves room for a number
    if stem not in taken:
        return stem
    return next(code for n in count(2) if (code := f"{stem}_{n}") not in taken)
