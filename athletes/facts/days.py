"""What was due, done and told of some athletes, day by day: the bricks of strips, rates and pain lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from athletes.models import DueSession, PainReport, SessionLog
from athletes.rules.adherence import UNKNOWN, Rate, frequency
from athletes.rules.days import Day, DueFact, LogFact, days
from athletes.rules.pain import usual
from athletes.rules.trend import PainDay, by_day

DAY = timedelta(days=1)
Away = Sequence[tuple[date, date | None]]


@dataclass(slots=True)
class Told:
    """What is known of one athlete's days. `mornings` and `peaks` are in the order they were told."""

    due: list[DueFact] = field(default_factory=list)
    logs: list[LogFact] = field(default_factory=list)
    mornings: list[tuple[date, int | None]] = field(default_factory=list)
    peaks: list[tuple[date, int | None]] = field(default_factory=list)

    def rate(self, today: date, span: int) -> Rate:
        """Return how often what was due in the last so many days, today included, was done."""
        after = today - timedelta(days=span)
        return frequency(fact.state for fact in self.due if fact.until_on > after and fact.from_on <= today)

    def days(self, today: date, span: int, away: Away = ()) -> list[Day]:
        """Return the last so many days, today last."""
        return days(listed(today, span)[0], today, due=self.due, logs=self.logs, away=away)

    def pain(self, today: date, span: int) -> list[PainDay]:
        """Return the pain told of the last so many days, today last."""
        return by_day(listed(today, span), mornings=self.mornings, peaks=self.peaks, asked=self.asked(today))

    def asked(self, today: date) -> set[date]:
        """Return the days before today on which a word was due: the mornings after a session, and sessions in silence."""
        after = {fact.on + DAY for fact in self.logs if fact.outcome != "missed"}
        silent = {fact.until_on for fact in self.due if fact.state == UNKNOWN}
        return {on for on in after | silent if on < today}

    def usual_morning(self, today: date, baseline: int | None) -> float | None:
        """Return the usual next-morning score before today: CLINICAL.md section 1, `usual`."""
        return usual(self.mornings, on=today, baseline=baseline)

    def usual_highest(self, today: date, baseline: int | None) -> float | None:
        """Return the same of the highest score of each day: what a sparkline draws."""
        highest = [(day.on, day.highest) for day in self.pain(today, 8)]
        return usual(highest, on=today, baseline=baseline)


def listed(today: date, span: int) -> list[date]:
    """Return the last so many days, today last."""
    return [today - DAY * n for n in range(span - 1, -1, -1)]


def told(athletes: Sequence[UUID], *, since: date, pain: bool = True) -> dict[UUID, Told]:
    """Return what is known of some athletes' days since a day. Three queries; one less where pain is not to be read."""
    found: dict[UUID, Told] = defaultdict(Told)
    due = DueSession.objects.filter(athlete__in=athletes, until_on__gte=since)
    for athlete, *fact in due.values_list("athlete_id", "from_on", "until_on", "state"):
        found[athlete].due.append(DueFact(*fact))
    for athlete, on, outcome, during, after in _logs(athletes, since):
        found[athlete].logs.append(LogFact(on, outcome))
        if pain:
            found[athlete].peaks += [(on, during), (on, after)]
    if pain:
        for athlete, on, context, score in _reports(athletes, since):
            morning = context == PainReport.Context.NEXT_MORNING
            (found[athlete].mornings if morning else found[athlete].peaks).append((on, score))
    return found


def _logs(athletes: Iterable[UUID], since: date) -> Iterable[tuple[Any, ...]]:
    """Return what was logged, each bout once: a corrected log is told by its correction."""
    rows = SessionLog.objects.filter(athlete__in=athletes, performed_on__gte=since, correction=None)
    told_of: Iterable[tuple[Any, ...]] = rows.order_by("recorded_at").values_list(
        "athlete_id", "performed_on", "outcome", "pain_during", "pain_after"
    )
    return told_of


def _reports(athletes: Iterable[UUID], since: date) -> Iterable[tuple[Any, ...]]:
    rows = PainReport.objects.filter(athlete__in=athletes, about_on__gte=since).order_by("recorded_at")
    told_of: Iterable[tuple[Any, ...]] = rows.values_list("athlete_id", "about_on", "context", "score")
    return told_of
