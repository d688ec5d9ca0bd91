"""When silence calls for a person: steps N4 and N5 of the ladder in CLINICAL.md section 3 (rule A1 of section 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from athletes.rules.findings import Finding
from athletes.rules.localtime import DAY

Days = tuple[date, date | None]  # first and last, both included; None is without an end


@dataclass(frozen=True, slots=True)
class SilenceFacts:
    """What is known of a runner who may have gone silent. All days are local to the runner.

    `due_14` and `done_14` count the sessions owed and done (`adherence.frequency`) in windows that closed in the
    last `N4Thresholds.window_days` days. `away` holds the pauses. `started_on` is the day on which the plan began, or was
    resumed after a hold: silence never counts from before it. `last_log_on` is None when nothing was ever logged.
    """

    now_on: date
    started_on: date
    last_log_on: date | None
    due_14: int
    done_14: int
    away: tuple[Days, ...] = ()
    on_hold: bool = False
    discharged: bool = False


@dataclass(frozen=True, slots=True)
class N4Thresholds:
    """Silent for 7 days, or under 50 % of at least 4 sessions due in 14 days: CLINICAL.md section 3, N4 [D]."""

    silent_days: int = 7
    rate_below: int = 50
    window_days: int = 14
    due_at_least: int = 4


@dataclass(frozen=True, slots=True)
class N5Thresholds:
    """Silent for 14 days: CLINICAL.md section 3, N5 [D]."""

    silent_days: int = 14


def assess(facts: SilenceFacts, n4: N4Thresholds | None, n5: N5Thresholds | None) -> tuple[Finding, ...]:
    """Return at most one finding: N5, else N4. A rule that is None is switched off.

    None for a runner who is paused, on hold or discharged, and none while nothing was due: nobody asked for a word.
    """
    if facts.on_hold or facts.discharged or _is_away(facts.now_on, facts.away) or facts.due_14 == 0:
        return ()
    silent = silent_days(facts)
    if n5 and silent >= n5.silent_days:
        return (Finding("N5", "P4", {"silent_days": silent, "silent_days_at_least": n5.silent_days}),)
    if n4 and (silent >= n4.silent_days or _little_done(facts, n4)):
        return (_n4(facts, n4, silent),)
    return ()


def silent_days(facts: SilenceFacts) -> int:
    """Return how many days have passed since the last log, or since the start, without the days away."""
    since = facts.started_on if facts.last_log_on is None else max(facts.last_log_on, facts.started_on)
    return days_between(since, facts.now_on, facts.away)


def days_between(since: date, today: date, away: Iterable[Days]) -> int:
    """Return how many days have passed since a day, without the days away."""
    days = (since + n * DAY for n in range(1, (today - since).days + 1))
    return sum(not _is_away(day, away) for day in days)


def _n4(facts: SilenceFacts, n4: N4Thresholds, silent: int) -> Finding:
    return Finding(
        "N4",
        "P4",
        {
            "silent_days": silent,
            "silent_days_at_least": n4.silent_days,
            "done": facts.done_14,
            "due": facts.due_14,
            "rate_below": n4.rate_below,
            "window_days": n4.window_days,
        },
    )


def _little_done(facts: SilenceFacts, n4: N4Thresholds) -> bool:
    return facts.due_14 >= n4.due_at_least and 100 * facts.done_14 < n4.rate_below * facts.due_14


def _is_away(day: date, away: Iterable[Days]) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in away)
