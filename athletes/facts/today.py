"""What a runner's first page says: five queries, whatever the number of exercises.

One more once the clinic has read, and one while an exercise is to be left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Q, QuerySet, Subquery

from athletes.facts.alerts import FOUND
from athletes.facts.left_out import left_out_on, waiting
from athletes.facts.lines import cards_of
from athletes.models import (
    Alert,
    AlertEvent,
    Athlete,
    DueSession,
    EscalationRule,
    PainReport,
    Pause,
    SessionLog,
)
from athletes.rules.days import Day, DueFact, LogFact, days
from athletes.rules.localtime import DAY, local_date
from athletes.rules.today import (
    Card,
    Expected,
    any_day_of,
    asks_for_morning,
    due_on,
    next_after,
    silent_yesterday,
    week_of,
)
from clinic.compiled import compiled
from clinic.models import AuditEvent, Member
from clinic.roles import Role
from exercises.kinds import Trigger

READERS = (Role.OWNER, Role.THERAPIST)  # who may read a log
PAINFUL = (EscalationRule.Kind.P1, EscalationRule.Kind.P2, EscalationRule.Kind.FEELS_WRONG)
BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Bout:
    """A session that was logged, each once: a corrected log is told by its correction."""

    pk: UUID
    block: UUID
    title: str
    on: date
    outcome: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """Who of the clinic opened the record after the newest log, by first name, and the day of that log."""

    name: str
    log_on: date


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the page. `state` says why nothing is due; `ready` when something may be."""

    on: date
    state: str  # ready, paused, on_hold, discharged or no_program
    due: list[Card]
    any_day: list[Card]
    occasional: list[Card]
    yesterday: list[Expected]
    recent: list[Bout]  # of the last seven days, oldest first
    week: list[Day]
    comes: frozenset[date]  # days of this week, still ahead, on which a session is expected
    next: Expected | None
    paused_until: date | None
    asked: Bout | None  # the session that the next-morning question is about, in its hours
    answered: bool
    pain_on: date | None  # the day of the pain that waits for the clinic, if any does
    read: Read | None
    left_out: dict[UUID, list[str]]  # by block, the names of what was too painful, until the clinic answers

    @property
    def morning(self) -> Bout | None:
        """The session that the next-morning question is about, if it is to be asked."""
        return None if self.answered else self.asked

    @property
    def stopped(self) -> bool:
        """Whether pain was told that still waits for the clinic: nothing is put first until a person answers."""
        return self.pain_on is not None

    @property
    def rows(self) -> list[Card]:
        """What is due besides what is put first."""
        return self.due if self.stopped else self.due[1:]

    @property
    def is_next_open(self) -> bool:
        """Whether what comes next is not bound to its day: it is offered for any day of this week."""
        if self.next is None or self.next.from_on > week_of(self.on)[1]:
            return False
        return any(card.lineage == self.next.lineage for card in self.any_day)

    @property
    def tomorrow(self) -> date:
        """The day after."""
        return self.on + DAY

    @property
    def done(self) -> list[Bout]:
        """What was logged of the day itself."""
        return [bout for bout in self.recent if bout.on == self.on]


def today(athlete: Athlete, *, now: datetime) -> Today:
    """Return what the page shows at an instant. Days are the athlete's own."""
    local = now.astimezone(ZoneInfo(athlete.time_zone))
    on = local.date()
    cards = cards_of(athlete, on)
    ledger = _ledger(athlete, on)
    bouts = [Bout(*row) for row in _logs(athlete.pk, on - BACK)]
    monday, sunday = week_of(on)
    away = _pauses(athlete.pk, monday, sunday)
    holding = [until or date.max for first, until in away if first <= on and (until is None or on <= until)]
    until = max(holding, default=date.max)
    newest = max(bouts, key=lambda bout: bout.recorded_at, default=None)
    asked = None if athlete.state == Athlete.State.DISCHARGED else _asked_about(local, bouts)
    since = newest.recorded_at if newest else None
    ((told_at, reader, answered, leaves_out),) = _notes(athlete.pk, str(athlete.pk), since, on if asked else None)
    pain_on = local_date(told_at, athlete.time_zone) if told_at else None
    state = _state(athlete, paused=bool(holding), planned=bool(cards or ledger))
    due = due_on(on, cards, ledger) if state == "ready" else []
    return Today(
        on=on,
        state=state,
        due=due,
        any_day=any_day_of(on, cards, ledger) if state == "ready" and pain_on is None else [],
        occasional=_occasional(cards) if state in {"ready", "paused"} and pain_on is None else [],
        yesterday=silent_yesterday(on, ledger) if state != "discharged" else [],
        recent=bouts,
        week=_week(monday, sunday, ledger, bouts, away),
        comes=frozenset(e.from_on for e in ledger if on < e.from_on <= sunday and e.from_on == e.until_on),
        next=next_after(on, ledger) if state == "ready" else None,
        paused_until=until if until < date.max else None,
        asked=asked,
        answered=answered,
        pain_on=pain_on,
        read=_read(newest, reader),
        left_out=left_out_on(athlete, on) if leaves_out else {},
    )


def _state(athlete: Athlete, *, paused: bool, planned: bool) -> str:
    if athlete.state != Athlete.State.ACTIVE:
        return str(athlete.state)
    if paused:
        return "paused"
    return "ready" if planned else "no_program"


def _occasional(cards: Iterable[Card]) -> list[Card]:
    return [card for card in cards if card.trigger != Trigger.SCHEDULED]


def _ledger(athlete: Athlete, on: date) -> list[Expected]:
    monday, sunday = week_of(on)
    return [Expected(*row) for row in _windows(athlete.pk, min(monday, on - DAY), max(sunday, on + BACK))]


@compiled
def _windows(athlete: UUID, first: date, last: date) -> QuerySet[Any]:
    rows = DueSession.objects.filter(athlete=athlete, until_on__gte=first, from_on__lte=last)
    columns = ("block_id", "block__lineage", "block__title", "from_on", "until_on", "state")
    return rows.order_by("from_on", "block__order", "slot").values_list(*columns)


@compiled
def _logs(athlete: UUID, since: date) -> QuerySet[Any]:
    rows = SessionLog.objects.filter(athlete=athlete, performed_on__gte=since, correction=None)
    columns = ("pk", "block_id", "block__title", "performed_on", "outcome", "recorded_at")
    return rows.order_by("performed_on", "recorded_at").values_list(*columns)


@compiled
def _pauses(athlete: UUID, first: date, last: date) -> QuerySet[Any]:
    pauses = Pause.objects.filter(athlete=athlete, from_on__lte=last)
    return pauses.filter(Q(until_on=None) | Q(until_on__gte=first)).values_list("from_on", "until_on")


def _week(
    monday: date, sunday: date, ledger: Iterable[Expected], bouts: Iterable[Bout], away: Iterable[Any]
) -> list[Day]:
    due = [DueFact(e.from_on, e.until_on, e.state) for e in ledger]
    return days(monday, sunday, due=due, logs=[LogFact(bout.on, bout.outcome) for bout in bouts], away=away)


def _asked_about(local: datetime, bouts: Iterable[Bout]) -> Bout | None:
    """Return yesterday's session, if this is the time to ask how it was taken."""
    trained = [bout for bout in bouts if bout.on == local.date() - DAY and bout.outcome != DueSession.State.MISSED]
    return trained[-1] if asks_for_morning(local, trained_yesterday=bool(trained)) else None


@compiled
def _notes(athlete: UUID, record: str, since: datetime | None, on: date | None) -> QuerySet[Any]:
    """Select when pain was last told that waits for the clinic, and who opened the record since.

    And whether a morning was answered, and whether something is to be left out. Without `since` nobody is found to have
    opened the record, without `on` no answer: null equals nothing.
    """
    told = AlertEvent.objects.filter(
        alert__athlete=athlete,
        alert__state__in=Alert.LIVE,
        alert__kind__in=PAINFUL,
        kind__in=FOUND,
    )
    opened = AuditEvent.objects.filter(
        at__gte=since, verb="athlete.opened", actor_role__in=READERS, object_id=record
    ).order_by("at")
    answers = PainReport.objects.filter(athlete=athlete, context=PainReport.Context.NEXT_MORNING, about_on=on)
    return Athlete.objects.filter(pk=athlete).values_list(
        Subquery(told.order_by("-at").values("at")[:1]),
        Subquery(opened.values("actor_id")[:1]),
        Exists(answers),
        Exists(waiting(athlete)),
    )


def _read(newest: Bout | None, reader: UUID | None) -> Read | None:
    """Name who opened the record since the newest log. One query, if somebody did."""
    if newest is None or reader is None:
        return None
    name = Member.objects.filter(pk=reader).values_list("name", flat=True).first()
    return Read(name.split(maxsplit=1)[0], newest.on) if name else None
