"""What a runner's first page says: six queries at most, whatever the number of exercises."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from athletes.models import Athlete, DueSession, PainReport, Pause, Prescription, Program, ProgramVersion, SessionLog
from athletes.rules.days import Day, DueFact, LogFact, days
from athletes.rules.localtime import DAY
from athletes.rules.plan import whole_minutes
from athletes.rules.today import Card, Expected, asks_for_morning, due_on, next_after, silent_yesterday, week_of
from clinic.models import AuditEvent, Member
from clinic.roles import Role
from exercises.kinds import Trigger
from exercises.models.dose import DOSE_FIELDS
from exercises.rules.dose import Dose

READERS = (Role.OWNER, Role.THERAPIST)  # who may read a log
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
    """Who of the clinic opened the record after the newest log, and the day of that log."""

    name: str
    log_on: date


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the page. `state` says why nothing is due; `ready` when something may be."""

    on: date
    state: str  # ready, paused, on_hold, discharged or no_program
    due: list[Card]
    occasional: list[Card]
    yesterday: list[Expected]
    recent: list[Bout]  # of the last seven days, oldest first
    week: list[Day]
    comes: frozenset[date]  # days of this week, still ahead, on which a session is expected
    next: Expected | None
    paused_until: date | None
    morning: Bout | None  # the session that the next-morning question is about, if it is to be asked
    read: Read | None

    @property
    def done(self) -> list[Bout]:
        """What was logged of the day itself."""
        return [bout for bout in self.recent if bout.on == self.on]


def today(athlete: Athlete, *, now: datetime) -> Today:
    """Return what the page shows at an instant. Days are the athlete's own."""
    local = now.astimezone(ZoneInfo(athlete.time_zone))
    on = local.date()
    cards = _cards(athlete, on)
    ledger = _ledger(athlete, on)
    bouts = _bouts(athlete, on - BACK)
    away = _away(athlete, on)
    holding = [until for first, until in away if first <= on and (until is None or on <= until)]
    state = _state(athlete, paused=bool(holding), planned=bool(cards or ledger))
    due = due_on(on, cards, ledger) if state == "ready" else []
    monday, sunday = week_of(on)
    return Today(
        on=on,
        state=state,
        due=due,
        occasional=[c for c in cards if c.trigger != Trigger.SCHEDULED] if state in {"ready", "paused"} else [],
        yesterday=silent_yesterday(on, ledger) if state != "discharged" else [],
        recent=bouts,
        week=_week(monday, sunday, ledger, bouts, away),
        comes=frozenset(e.from_on for e in ledger if on < e.from_on <= sunday and e.from_on == e.until_on),
        next=next_after(on, ledger) if state == "ready" else None,
        paused_until=max(holding) if holding and None not in holding else None,
        morning=_morning(athlete, local, bouts),
        read=_read(athlete, bouts),
    )


def _state(athlete: Athlete, *, paused: bool, planned: bool) -> str:
    if athlete.state != Athlete.State.ACTIVE:
        return str(athlete.state)
    if paused:
        return "paused"
    return "ready" if planned else "no_program"


def in_force(athlete: Athlete, on: date) -> Q:
    """Return the condition that keeps the lines of the editions that are in force on a day."""
    editions = ProgramVersion.objects.filter(
        program=OuterRef("block__version__program"), state=ProgramVersion.State.PUBLISHED, effective_on__lte=on
    )
    return Q(
        block__version__program__athlete=athlete,
        block__version__program__state=Program.State.ACTIVE,
        block__version=Subquery(editions.order_by("-number").values("pk")[:1]),
    )


def _cards(athlete: Athlete, on: date) -> list[Card]:
    """Read columns, not rows of five models: this page is the one that is opened most."""
    head = ("block_id", "block__lineage", "block__title", "block__trigger", "exercise__name", "exercise__figure")
    lines = Prescription.objects.filter(in_force(athlete, on)).order_by(
        "block__version__program__priority", "block__version__program", "block__order", "block_id", "order"
    )
    rows = lines.values_list(*head, *DOSE_FIELDS)
    return [_card(list(group)) for _, group in groupby(rows, key=itemgetter(0))]


def _card(rows: Sequence[Sequence[Any]]) -> Card:
    block, lineage, title, trigger, first, _ = rows[0][:6]
    seconds = sum(Dose(**dict(zip(DOSE_FIELDS, row[6:], strict=True))).seconds() for row in rows)
    return Card(
        block=block,
        lineage=lineage,
        title=title,
        trigger=trigger,
        exercises=len(rows),
        minutes=whole_minutes(seconds),
        first=first,
        figure=next((row[5] for row in rows if row[5]), ""),
    )


def _ledger(athlete: Athlete, on: date) -> list[Expected]:
    monday, sunday = week_of(on)
    rows = DueSession.objects.filter(
        athlete=athlete, until_on__gte=min(monday, on - DAY), from_on__lte=max(sunday, on + BACK)
    ).order_by("from_on", "block__order", "slot")
    columns = ("block_id", "block__lineage", "block__title", "from_on", "until_on", "state")
    return [Expected(*row) for row in rows.values_list(*columns)]


def _bouts(athlete: Athlete, since: date) -> list[Bout]:
    rows = SessionLog.objects.filter(athlete=athlete, performed_on__gte=since, correction=None)
    columns = ("pk", "block_id", "block__title", "performed_on", "outcome", "recorded_at")
    return [Bout(*row) for row in rows.order_by("performed_on", "recorded_at").values_list(*columns)]


def _away(athlete: Athlete, on: date) -> list[tuple[date, date | None]]:
    monday, sunday = week_of(on)
    pauses = Pause.objects.filter(athlete=athlete, from_on__lte=sunday).filter(
        Q(until_on=None) | Q(until_on__gte=monday)
    )
    return list(pauses.values_list("from_on", "until_on"))


def _week(
    monday: date, sunday: date, ledger: Iterable[Expected], bouts: Iterable[Bout], away: Iterable[Any]
) -> list[Day]:
    due = [DueFact(e.from_on, e.until_on, e.state) for e in ledger]
    return days(monday, sunday, due=due, logs=[LogFact(bout.on, bout.outcome) for bout in bouts], away=away)


def _morning(athlete: Athlete, local: datetime, bouts: Iterable[Bout]) -> Bout | None:
    """Return yesterday's session if this morning was not yet asked about. One query, in the morning only."""
    trained = [bout for bout in bouts if bout.on == local.date() - DAY and bout.outcome != DueSession.State.MISSED]
    if athlete.state == Athlete.State.DISCHARGED or not asks_for_morning(local, trained_yesterday=bool(trained)):
        return None
    mornings = PainReport.objects.filter(athlete=athlete, context=PainReport.Context.NEXT_MORNING)
    return None if mornings.filter(about_on=local.date()).exists() else trained[-1]


def _read(athlete: Athlete, bouts: Sequence[Bout]) -> Read | None:
    """Return who read the newest log of the last days. One query over what was opened since."""
    newest = max(bouts, key=lambda bout: bout.recorded_at, default=None)
    if newest is None:
        return None
    opened = AuditEvent.objects.filter(
        at__gte=newest.recorded_at, verb="athlete.opened", actor_role__in=READERS, subject_ids=[str(athlete.pk)]
    )
    reader = Member.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    name = opened.order_by("at").annotate(reader=Subquery(reader)).values_list("reader", flat=True).first()
    return Read(name, newest.on) if name else None
