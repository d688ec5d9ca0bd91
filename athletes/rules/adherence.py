"""How often a runner did what was due: CLINICAL.md section 3, session adherence. Dose is counted apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Grade = Literal["high", "partial", "low", "unknown"]

DONE = frozenset({"done", "partly"})
UNKNOWN = "unanswered"
OWED = DONE | {"missed", UNKNOWN}  # excused windows, and those still open, are not owed

HIGH_FROM = 80  # percent; a common trial convention: CLINICAL.md section 3, window
PARTIAL_FROM = 50
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Rate:
    """Sessions done of sessions due. `unanswered` says how many of those due nobody told us of."""

    done: int
    due: int
    unanswered: int = 0

    @property
    def percent(self) -> int | None:
        """The share done, 0-100, or None (a dash) where too little is known.

        That is when nothing was due, or more than half of it went unanswered (CLINICAL.md section 9, Q1): the runner
        may have done it. Rounded, but 0 and 100 are kept for none and all.
        """
        if self.due == 0 or 2 * self.unanswered > self.due:
            return None
        if self.done >= self.due:
            return WHOLE
        nearest = (2 * WHOLE * self.done + self.due) // (2 * self.due)
        return min(max(nearest, int(self.done > 0)), WHOLE - 1)

    @property
    def grade(self) -> Grade:
        """The share in a code: high from 80 %, partial from 50 %, else low. Of the exact share, not the rounded one."""
        if self.percent is None:
            return "unknown"
        share = WHOLE * self.done
        if share >= HIGH_FROM * self.due:
            return "high"
        return "partial" if share >= PARTIAL_FROM * self.due else "low"


def frequency(states: Iterable[str]) -> Rate:
    """Return the rate of some due sessions, given the state of each.

    A session done in part counts: the runner took it up, and how much of it was done is the dose's to say. One that was
    missed or that nobody answered counts as due. One that is excused, or still open, counts as nothing.
    """
    owed = [state for state in states if state in OWED]
    return Rate(done=sum(state in DONE for state in owed), due=len(owed), unanswered=owed.count(UNKNOWN))
