"""What to draw for each day of a strip or calendar: one glyph a day (the legend of the look, "day glyphs")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from athletes.rules.localtime import DAY

Glyph = Literal["done", "partly", "missed", "unknown", "paused", "free"]
Days = tuple[date, date | None]  # first and last, both included; None is without an end


@dataclass(frozen=True, slots=True)
class DueFact:
    """A due session: its local days, both included, and its state in the ledger."""

    from_on: date
    until_on: date
    state: str


@dataclass(frozen=True, slots=True)
class LogFact:
    """A logged session: the local day it was done on and its outcome (done, partly or missed)."""

    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: its glyph, and how many sessions were done, in part or whole."""

    on: date
    glyph: Glyph
    sessions: int


def days(
    first: date, last: date, *, due: Sequence[DueFact], logs: Sequence[LogFact], away: Iterable[Days] = ()
) -> list[Day]:
    """Return each day from first to last, both included.

    What the runner said of a day comes first: done when every log of it is done, missed when every one is missed, else
    partly. A day that also has a session of its own in silence (it was to be done on that very day, and was not) is
    partly, unless all was missed. Without a log a silent session is unknown on the last day it could have been done, a
    day away is paused, and all else is free, a window that is still open included: silence is drawn when it is a fact,
    and once, however many days the window had.
    """
    spans = tuple(away)
    listed = [first + n * DAY for n in range((last - first).days + 1)]
    return [_day(on, due, [log.outcome for log in logs if log.on == on], spans) for on in listed]


def _day(on: date, due: Sequence[DueFact], outcomes: list[str], away: Sequence[Days]) -> Day:
    ended = [fact for fact in due if fact.until_on == on]
    silent = [fact for fact in ended if fact.state == "unanswered"]
    sessions = sum(outcome != "missed" for outcome in outcomes)
    if outcomes:
        return Day(on, _said(set(outcomes), silent_too=any(fact.from_on == on for fact in silent)), sessions)
    if silent:
        return Day(on, "unknown", sessions)
    paused = any(begin <= on and (end is None or on <= end) for begin, end in away)
    excused = any(fact.from_on <= on <= fact.until_on and fact.state == "excused" for fact in due)
    return Day(on, "paused" if paused or excused else "free", sessions)


def _said(outcomes: set[str], *, silent_too: bool) -> Glyph:
    if outcomes == {"missed"}:
        return "missed"
    return "done" if outcomes == {"done"} and not silent_too else "partly"
