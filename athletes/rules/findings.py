"""What a rule concludes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("P1", "P2", "P3", "N1", "N4", "N5", "feels_wrong")
LEVELS = ("P0", "P1", "P2", "P3", "P4")  # most urgent first: CLINICAL.md section 3, alert priority

Evidence = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion that someone must hear of.

    `kind` names the rule and `level` its urgency. `evidence` is what the rule read and the line that it crossed, in
    codes and numbers that JSON can hold; templates put it into words. An action adds what it is about: the log or the
    report, the names of the exercises.
    """

    kind: str
    level: str
    evidence: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(self.kind)
        if self.level not in LEVELS:
            raise ValueError(self.level)
