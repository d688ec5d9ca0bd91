"""The traffic light of a pain score. A number with a shape and a word; never a verdict."""

from dataclasses import dataclass
from typing import Literal

Band = Literal["calm", "watch", "stop", "unknown"]

LOWEST, HIGHEST = 0, 10  # NPRS: CLINICAL.md section 1 [S:loinc-be]


@dataclass(frozen=True, slots=True)
class Limits:
    """Scores at which a band begins. Default 3 and 6: CLINICAL.md section 1, rules GREEN, AMBER and RED.

    Clinics publish other edges, and all are tendon evidence carried over to backs by convention: hence a setting.
    """

    watch_from: int = 3
    stop_from: int = 6

    def __post_init__(self) -> None:
        if not LOWEST < self.watch_from < self.stop_from <= HIGHEST:
            raise ValueError((self.watch_from, self.stop_from))


def band(score: int | None, limits: Limits) -> Band:
    """Return the band of a score; a missing score is unknown, never calm."""
    if score is None:
        return "unknown"
    if score >= limits.stop_from:
        return "stop"
    return "watch" if score >= limits.watch_from else "calm"
