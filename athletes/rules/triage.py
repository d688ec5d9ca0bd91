"""Why a runner stands where they stand in the caseload, and what a filter keeps. Codes; templates word them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Literal, get_args
from uuid import UUID

Group = Literal["needs", "watch", "track", "left"]

NEW = timedelta(days=7)
LONG_AGO = datetime.min  # noqa: DTZ901 only to sort before every moment


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


GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the caseload knows of one runner before it draws a row. `today` is the clinic's."""

    pk: UUID
    name: str
    state: str  # active, on_hold or discharged
    started_on: date
    last_logged_at: datetime | None
    has_user: bool
    open_level: str | None  # of the most urgent alert that nobody acknowledged
    open_since: datetime | None
    has_seen: bool
    has_program: bool
    is_paused: bool
    has_silence: bool  # no log for long, and windows that closed without an answer
    is_sore: bool
    silent_days: int = 0  # as rule N4 counts them, where there is silence

    @property
    def is_silent(self) -> bool:
        """Whether silence is theirs to answer: nobody is silent who is away, on hold or gone."""
        return self.has_silence and self.state == "active" and not self.is_paused

    @property
    def in_care(self) -> bool:
        """Whether the clinic still has to do with them: an alert outlives a discharge."""
        return self.state != "discharged" or self.open_level is not None or self.has_seen

    def reason(self, today: date) -> Reason:
        """Return the first reason that holds."""
        holds = {
            Reason.DISCHARGED: not self.in_care,
            Reason.ALERT: self.open_level is not None,
            Reason.SEEN: self.has_seen,
            Reason.SILENT: self.is_silent,
            Reason.PAIN: self.is_sore,
            Reason.ON_HOLD: self.state == "on_hold",
            Reason.NO_PROGRAM: not self.has_program,
            Reason.NOT_SIGNED_IN: not self.has_user,
            Reason.PAUSED: self.is_paused,
            Reason.NEW: self.started_on > today - NEW,
        }
        return next((reason for reason, true in holds.items() if true), Reason.NONE)

    def order(self, today: date) -> tuple[object, ...]:
        """Return the place in the list: by reason, then the level and the age of an alert, then the name."""
        since = self.open_since.replace(tzinfo=None) if self.open_since else LONG_AGO
        return (self.reason(today), self.open_level or "", since, self.name.casefold(), self.pk)


# What a filter keeps; the first is the default. Some tell of pain and alerts, and are for clinicians only.
FILTERS: dict[str, Callable[[Standing], bool]] = {
    "all": lambda who: who.in_care,
    "alert": lambda who: who.open_level is not None or who.has_seen,
    "pain": lambda who: who.is_sore and who.state != "discharged",
    "silent": lambda who: who.is_silent,
    "no_program": lambda who: not who.has_program and who.state != "discharged",
    "hold": lambda who: who.state == "on_hold",
    "paused": lambda who: who.is_paused and who.state != "discharged",
    "discharged": lambda who: who.state == "discharged",
}
UNCLINICAL = ("all", "silent", "paused", "discharged")
