"""Where pain is going, in one word. A word for a row of numbers, never a verdict."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

Trend = Literal["rising", "falling", "steady", "settled", "too_early", "unknown", "paused"]

RECENT_DAYS = 3
KNOWN_AT_LEAST = 3  # days with a score before the recent ones, as for `usual`: CLINICAL.md section 1
BEYOND_ERROR = 2  # points between two scores: CLINICAL.md section 1 [S:childs]
SETTLED_AT_MOST = 1  # 0 or 1 on every known day of the last seven, by convention
SETTLED_DAYS = 7
JUDGED_DAYS = 14  # over half of these missing is not enough: CLINICAL.md section 9, Q1


@dataclass(frozen=True, slots=True)
class PainDay:
    """One local day. Scores are 0-10; None is unknown. `peak` is the most pain of that day besides the morning's.

    `asked` tells whether a word was due on that day: without one, an asked day is a silence, another one is merely free.
    """

    on: date
    morning: int | None = None
    peak: int | None = None
    asked: bool = True

    @property
    def highest(self) -> int | None:
        """The highest known score of the day."""
        return max((score for score in (self.morning, self.peak) if score is not None), default=None)


def by_day(
    listed: Sequence[date],
    *,
    mornings: Iterable[tuple[date, int | None]],
    peaks: Iterable[tuple[date, int | None]],
    asked: Container[date],
) -> list[PainDay]:
    """Return the listed days with what was told of each: the last word on the morning, and the highest of the rest."""
    last = {on: score for on, score in mornings if score is not None}
    most: dict[date, int] = {}
    for on, score in peaks:
        if score is not None:
            most[on] = max(score, most.get(on, score))
    return [PainDay(on, last.get(on), most.get(on), on in asked) for on in listed]


def trend(scores: Sequence[int | None], *, asked: Sequence[bool] = (), paused: bool = False) -> Trend:
    """Say where daily scores go, oldest first, the last being today's.

    Unknown once the newest two days are missing, or more than half of those that were asked. The newest score, or the
    median of the last three days, is held against the median of the days before them: 2 points for one score, which is
    beyond the error of the scale, or 1 point for three days.
    """
    if paused:
        return "paused"
    newest = next((score for score in reversed(scores[-2:]) if score is not None), None)
    if newest is None or _mostly_missing(scores[-JUDGED_DAYS:], asked[-JUDGED_DAYS:]):
        return "unknown"
    before = [score for score in scores[:-RECENT_DAYS] if score is not None]
    recent = [score for score in scores[-RECENT_DAYS:] if score is not None]
    if len(before) < KNOWN_AT_LEAST:
        return "too_early"
    base = median(before)
    if newest >= base + BEYOND_ERROR or median(recent) >= base + 1:
        return "rising"
    if newest <= base - BEYOND_ERROR or median(recent) <= base - 1:
        return "falling"
    week = [score for score in scores[-SETTLED_DAYS:] if score is not None]
    return "settled" if max(week) <= SETTLED_AT_MOST else "steady"


def _mostly_missing(scores: Sequence[int | None], asked: Sequence[bool]) -> bool:
    due = [score for score, was_asked in zip(scores, asked, strict=False) if was_asked]
    return 2 * due.count(None) > len(due)
