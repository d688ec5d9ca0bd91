"""What is known of runners who may have gone silent. A fixed number of queries for any number of runners."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from athletes.models import Alert, Athlete, DueSession, EscalationRule, Pause, Program, ProgramVersion
from athletes.rules.adherence import frequency
from athletes.rules.localtime import local_date
from athletes.rules.silence import N4Thresholds, N5Thresholds, SilenceFacts

Days = tuple[date, date | None]

AGAIN_AFTER = timedelta(days=14)  # docs/CLINICAL.md section 9, A1: dedupe


def thresholds(rules: dict[str, EscalationRule]) -> tuple[N4Thresholds | None, N5Thresholds | None]:
    """Return the thresholds of N4 and N5, None where the clinic switched one off."""
    n4, n5 = rules.get(EscalationRule.Kind.N4), rules.get(EscalationRule.Kind.N5)
    return N4Thresholds(**n4.thresholds) if n4 else None, N5Thresholds(**n5.thresholds) if n5 else None


class Silence:
    """The clinic's ledger, pauses and plans, read once for everybody. Three queries."""

    def __init__(self, *, now: datetime, window_days: int) -> None:
        self.now = now
        self.states: dict[UUID, Counter[str]] = defaultdict(Counter)
        self.away: dict[UUID, list[Days]] = defaultdict(list)
        recent = DueSession.objects.filter(closes_at__lte=now, closes_at__gt=now - timedelta(days=window_days))
        for athlete_id, state, count in recent.values_list("athlete", "state").annotate(Count("pk")):
            self.states[athlete_id][state] = count
        for athlete_id, first, last in Pause.objects.values_list("athlete", "from_on", "until_on"):
            self.away[athlete_id].append((first, last))
        running = ProgramVersion.objects.filter(
            state=ProgramVersion.State.PUBLISHED, program__state=Program.State.ACTIVE
        )
        self.begun = dict(running.values_list("program__athlete").annotate(Min("effective_on")))

    def facts_of(self, athlete: Athlete) -> SilenceFacts:
        """Return what the rule reads about a runner."""
        rate = frequency(chain.from_iterable([state] * n for state, n in self.states[athlete.pk].items()))
        logged_at, zone = athlete.last_logged_at, athlete.time_zone
        began = (athlete.started_on, athlete.resumed_on, self.begun.get(athlete.pk))
        return SilenceFacts(
            now_on=local_date(self.now, zone),
            started_on=max(day for day in began if day),
            last_log_on=local_date(logged_at, zone) if logged_at else None,
            due_14=rate.due,
            done_14=rate.done,
            away=tuple(self.away[athlete.pk]),
            on_hold=athlete.state == Athlete.State.ON_HOLD,
            discharged=athlete.state == Athlete.State.DISCHARGED,
        )


def answered(*, now: datetime) -> set[tuple[UUID, str]]:
    """Return (athlete, kind) whose silence somebody has on the list, or dealt with in the last 14 days. One query.

    N5 is the worse of the two: while it is known, N4 is no news.
    """
    kinds = (EscalationRule.Kind.N4, EscalationRule.Kind.N5)
    known = Q(state__in=Alert.LIVE) | Q(resolved_at__gt=now - AGAIN_AFTER)
    rows: Any = Alert.objects.filter(known, kind__in=kinds).values_list("athlete", "kind")
    found = set(rows)
    return found | {(athlete, "N4") for athlete, kind in found if kind == "N5"}
