"""The alerts of a clinic: the inbox, and one of them with its evidence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from athletes.facts import care
from athletes.facts.days import Told, told
from athletes.facts.roster import STRIP_DAYS, WEEK
from athletes.models import Alert, AlertEvent, Entry, PainReport, SessionLog
from athletes.rules.trend import PainDay
from athletes.rules.windows import local_date
from clinic.models import Member

PAGE = 50
TOLD_MARGIN = 8  # days before the first one drawn that `usual` looks back


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
    """What stands behind an alert's newest finding, and who answers for it."""

    log: SessionLog | None
    report: PainReport | None
    entries: list[Entry]
    pain: list[PainDay]
    usual: float | None
    newest_morning: int | None
    events: list[AlertEvent]
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
    """Return what stands behind an alert. Ten queries at most, whatever there is of it."""
    athlete, zone = alert.athlete, alert.athlete.time_zone
    today = local_date(now, zone)
    last = today if alert.resolved_at is None else local_date(alert.resolved_at, zone)
    since = last - timedelta(days=STRIP_DAYS + TOLD_MARGIN)
    known = told([athlete.pk], since=since).get(athlete.pk) or Told()
    pain = known.pain(last, STRIP_DAYS)
    log, report = _log(alert.evidence.get("log")), _report(alert.evidence.get("report"))
    team = care.chain(athlete, on=today)
    others = [other for other in team if other != alert.owner]
    waiting = alert.state == Alert.State.OPEN and alert.escalate_at is not None
    return Evidence(
        log=log,
        report=report,
        entries=list(log.entries.select_related("exercise")) if log else [],
        pain=pain,
        usual=known.usual_morning(last, athlete.baseline_morning),
        newest_morning=next((day.morning for day in reversed(pain[-WEEK:]) if day.morning is not None), None),
        events=list(AlertEvent.objects.filter(alert=alert).select_related("by", "to")),
        on_team=care.is_on_team(athlete, member, on=today),
        next_up=others[alert.escalations] if waiting and alert.escalations < len(others) else None,
    )


def _log(pk: str | None) -> SessionLog | None:
    if pk is None:
        return None
    found: SessionLog | None = SessionLog.objects.select_related("block", "entered_by").filter(pk=UUID(pk)).first()
    return found


def _report(pk: str | None) -> PainReport | None:
    if pk is None:
        return None
    found: PainReport | None = PainReport.objects.select_related("entered_by").filter(pk=UUID(pk)).first()
    return found
