"""The alerts of a clinic: the inbox, and one of them with its evidence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from athletes.facts import care
from athletes.facts.days import Told, told
from athletes.facts.roster import STRIP_DAYS, WEEK
from athletes.models import Alert, AlertEvent, Entry, PainReport, SessionLog
from athletes.rules.trend import PainDay
from athletes.rules.windows import local_date
from clinic.models import Member, Message

PAGE = 50
LOST_FOR = timedelta(days=1)  # how long a ring that reached nobody is looked for
FOUND = (AlertEvent.Kind.OPENED, AlertEvent.Kind.FINDING)
TOLD_MARGIN = 8  # days before the first one drawn that `usual` looks back


def bell_key(alert: UUID, n: int) -> str:
    """Return the key of the message of an alert's n-th ring, counted from 0."""
    return f"alert:{alert}:{n}"


def lost_rings(*, now: datetime) -> "QuerySet[Message]":
    """Return mail about alerts that lately reached nobody: it was refused, or not to be sent."""
    rings: QuerySet[Message] = Message.objects.filter(
        kind="alert", state__in=Message.LOST, delivery=Message.Delivery.AT_LEAST_ONCE, due_at__gt=now - LOST_FOR
    )
    return rings


def unheard(*, now: datetime) -> set[UUID]:
    """Return the clinic's alerts whose newest ring reached nobody. Two queries."""
    keys = (key.split(":") for key in lost_rings(now=now).values_list("key", flat=True))
    rings = [(UUID(alert), int(n)) for _, alert, n in keys]
    later = [bell_key(alert, n + 1) for alert, n in rings]
    rung = set(Message.objects.filter(key__in=later).values_list("key", flat=True))
    return {alert for alert, n in rings if bell_key(alert, n + 1) not in rung}


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of alerts, and how many each filter holds."""

    alerts: list[Alert]
    counts: dict[str, int]
    oldest: datetime | None
    latest: Alert | None  # the one resolved last, for when nothing is open
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind an alert's headline, and who answers for it."""

    log: SessionLog | None
    report: PainReport | None
    entries: list[Entry]
    pain: list[PainDay]
    usual: float | None
    newest_morning: int | None
    events: list[AlertEvent]
    seen: UUID | None  # the newest finding, which an answer from this page has read
    on_team: bool
    next_up: Member | None  # who is rung next, while nobody acknowledged


def filters(member: Member) -> dict[str, Q]:
    """Return what each filter of the inbox keeps; the first is the default."""
    return {
        "open": Q(state=Alert.State.OPEN),
        "mine": Q(state__in=Alert.LIVE, owner=member),
        "acknowledged": Q(state=Alert.State.ACKNOWLEDGED),
        "resolved": Q(state=Alert.State.RESOLVED),
    }


def inbox(member: Member, *, keep: str, page: int = 1) -> Inbox:
    """Return the alerts of the clinic that a filter keeps: most urgent first, resolved ones newest first. Two queries.

    A third one when nothing is open, for what was resolved last.
    """
    kept = filters(member)
    counted = Alert.objects.aggregate(**{name: Count("pk", filter=condition) for name, condition in kept.items()})
    order = ("-resolved_at",) if keep == "resolved" else ("-state", "level", "opened_at")
    rows = Alert.objects.filter(kept[keep]).select_related("athlete__member", "owner", "acknowledged_by", "resolved_by")
    pages = max(-(-counted[keep] // PAGE), 1)
    page = min(max(page, 1), pages)
    alerts = list(rows.order_by(*order, "pk")[(page - 1) * PAGE : page * PAGE])
    resolved = Alert.objects.filter(kept["resolved"]).select_related("resolved_by").order_by("-resolved_at")
    return Inbox(
        alerts=alerts,
        counts=counted,
        oldest=min((alert.opened_at for alert in alerts if alert.state != Alert.State.RESOLVED), default=None),
        latest=None if counted["open"] else resolved.first(),
        page=page,
        pages=pages,
    )


def evidence(alert: Alert, member: Member, *, now: datetime) -> Evidence:
    """Return what stands behind an alert. Eleven queries at most, whatever there is of it."""
    athlete, zone = alert.athlete, alert.athlete.time_zone
    today = local_date(now, zone)
    last = today if alert.resolved_at is None else local_date(alert.resolved_at, zone)
    since = last - timedelta(days=STRIP_DAYS + TOLD_MARGIN)
    known = told([athlete.pk], since=since).get(athlete.pk) or Told()
    pain = known.pain(last, STRIP_DAYS)
    events = list(AlertEvent.objects.filter(alert=alert).select_related("by", "to"))
    _say_what_became_of_mails(alert, events)
    logs, reports = _logs(alert, events), _reports(alert, events)
    log, report = logs.get(alert.evidence.get("log")), reports.get(alert.evidence.get("report"))
    for event in events:
        source = logs.get(event.detail.get("log")) or reports.get(event.detail.get("report"))
        if event.kind in FOUND and source and source not in (log, report):
            event.note = source.note  # what else was written with a finding stands nowhere but beside it
    team = care.chain(athlete, now=now)
    others = [other for other in team if other != alert.owner]
    waiting = alert.state == Alert.State.OPEN and alert.escalate_at is not None
    return Evidence(
        log=log,
        report=report,
        entries=list(log.entries.select_related("exercise")) if log else [],
        pain=pain,
        usual=known.usual_morning(last, athlete.baseline_morning),
        newest_morning=next((day.morning for day in reversed(pain[-WEEK:]) if day.morning is not None), None),
        events=events,
        seen=next((event.pk for event in reversed(events) if event.kind in FOUND), None),
        on_team=care.is_on_team(athlete, member, on=today),
        next_up=others[alert.escalations] if waiting and alert.escalations < len(others) else None,
    )


def _say_what_became_of_mails(alert: Alert, events: list[AlertEvent]) -> None:
    """Add to each ring the state of its message: the event says that it was decided, not that it arrived."""
    rings = [event for event in events if event.kind == AlertEvent.Kind.MAILED]
    keys = {bell_key(alert.pk, n): event for n, event in enumerate(rings)}
    for key, state in Message.objects.filter(key__in=keys).values_list("key", "state"):
        keys[key].detail["mail"] = state


def _logs(alert: Alert, events: list[AlertEvent]) -> dict[str | None, SessionLog]:
    found = SessionLog.objects.select_related("block", "entered_by").filter(pk__in=_named("log", alert, events))
    return {str(row.pk): row for row in found}


def _reports(alert: Alert, events: list[AlertEvent]) -> dict[str | None, PainReport]:
    found = PainReport.objects.select_related("entered_by").filter(pk__in=_named("report", alert, events))
    return {str(row.pk): row for row in found}


def _named(what: str, alert: Alert, events: list[AlertEvent]) -> list[UUID]:
    said = [alert.evidence, *(event.detail for event in events if event.kind in FOUND)]
    return [UUID(evidence[what]) for evidence in said if evidence.get(what)]
