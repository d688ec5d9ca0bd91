"""Why a runner stands where they stand in the caseload. The database sorts by these codes; templates word them."""

from enum import IntEnum
from typing import Literal

Group = Literal["needs", "watch", "track", "left"]


class Reason(IntEnum):
    """The first reason that holds, most urgent first: a runner is listed once, under it."""

    ALERT = 0  # an alert that nobody acknowledged
    SEEN = 1  # an alert that someone has, not yet resolved
    SILENT = 2  # no log for as many days as rule N4 says, while something was due
    PAIN = 3  # a score to watch or above, told in the last two days: CLINICAL.md section 1, AMBER
    ON_HOLD = 4
    NO_PROGRAM = 5
    NOT_SIGNED_IN = 6  # the invitation was not accepted yet
    NONE = 7
    NEW = 8  # the first week: what is usual is still forming
    PAUSED = 9
    DISCHARGED = 10

    @property
    def group(self) -> Group:
        """Who needs a person today, who is to be watched, who is on track, and who has left."""
        if self == Reason.ALERT:
            return "needs"
        if self == Reason.DISCHARGED:
            return "left"
        return "watch" if self <= Reason.NOT_SIGNED_IN else "track"


GROUPS: dict[Group, list[Reason]] = {
    name: [reason for reason in Reason if reason.group == name] for name in ("needs", "watch", "track", "left")
}
