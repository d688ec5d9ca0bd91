"""What is known of runners when a nudge is decided. A fixed number of queries for any number of runners."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Q

from athletes.models import Alert, Athlete, DueSession, EscalationRule, PainReport, Pause
from athletes.rules.localtime import local_date
from athletes.rules.nudges import NudgeFacts, NudgePolicy, nudge_slot
from clinic.models import Clinic, Message, Suppression

KIND = "nudge"
LOOK_BACK = timedelta(days=15)  # takes in the week before a slot and the zone that a runner flew from
NOT_WRITTEN = (Message.State.SKIPPED, Message.State.FAILED)
STOPS = ("P0", "P1", "P2")  # docs/CLINICAL.md section 3, suppress when, and P2: its card says to stop


@dataclass
class Past:
    """What happened to one runner, as far as nudges go."""

    refusals: set[str] = field(default_factory=set)
    pauses: list[tuple[date, date | None]] = field(default_factory=list)
    nudged_at: list[datetime] = field(default_factory=list)
    reported_at: datetime | None = None
    is_alert_open: bool = False


def pasts(athletes: Sequence[Athlete], *, now: datetime) -> dict[UUID, Past]:
    """Return the past of each runner by id. Five queries."""
    found: dict[UUID, Past] = defaultdict(Past)
    of_member = {athlete.member_id: athlete.pk for athlete in athletes}
    for member_id, reason in Suppression.objects.filter(member__in=of_member, kind=KIND).values_list(
        "member", "reason"
    ):
        found[of_member[member_id]].refusals.add(reason)
    for athlete_id, *days in Pause.objects.filter(athlete__in=athletes).values_list("athlete", "from_on", "until_on"):
        found[athlete_id].pauses.append((days[0], days[1]))
    live = Alert.objects.filter(athlete__in=athletes, state__in=Alert.LIVE, level__in=STOPS)
    for athlete_id in live.values_list("athlete", flat=True):
        found[athlete_id].is_alert_open = True
    for member_id, due_at in _nudges(of_member, now).values_list("recipient", "due_at"):
        found[of_member[member_id]].nudged_at.append(due_at)
    told = PainReport.objects.filter(athlete__in=athletes).values("athlete").annotate(last=Max("recorded_at"))
    for row in told:
        found[row["athlete"]].reported_at = row["last"]
    return found


def _nudges(members: Iterable[UUID], now: datetime) -> Any:
    """Nudges that count: those that may have been read, in the last days or since the last log."""
    logged_at = F("recipient__athlete__last_logged_at")
    recent = Q(due_at__gte=now - LOOK_BACK)
    since_log = Q(due_at__gt=logged_at) | Q(recipient__athlete__last_logged_at=None)
    written = Message.objects.filter(recipient__in=list(members), kind=KIND).exclude(state__in=NOT_WRITTEN)
    return written.filter(recent | since_log)


def policy_of(athlete: Athlete, clinic: Clinic, rule: EscalationRule) -> NudgePolicy:
    """Return how this clinic nudges this runner."""
    caps = {name: rule.thresholds[name] for name in ("per_day", "per_week") if name in rule.thresholds}
    quiet_until, quiet_from = clinic.quiet_until, clinic.quiet_from
    return NudgePolicy(preferred=athlete.remind_at, quiet_until=quiet_until, quiet_from=quiet_from, **caps)


def facts_of(window: DueSession, past: Past, policy: NudgePolicy, *, now: datetime) -> NudgeFacts:
    """Return what the rule reads about the runner of a window that closed in silence."""
    athlete = window.athlete
    slot = nudge_slot(closed_on=window.until_on, zone=athlete.time_zone, policy=policy)
    logged_at = athlete.last_logged_at
    heard_at = max((at for at in (logged_at, past.reported_at) if at), default=None)
    unanswered = [at for at in past.nudged_at if logged_at is None or at > logged_at]
    return NudgeFacts(
        now=now,
        slot=slot,
        logged=heard_at is not None and heard_at >= window.closes_at,
        paused=any(first <= slot.on and (last is None or slot.on <= last) for first, last in past.pauses),
        on_hold=athlete.state == Athlete.State.ON_HOLD,
        discharged=athlete.state == Athlete.State.DISCHARGED,
        opted_out=bool(past.refusals - {"bounced"}),
        bounced="bounced" in past.refusals,
        alert_open=past.is_alert_open,
        nudged_on=[local_date(at, athlete.time_zone) for at in past.nudged_at],
        last_nudged_at=max(past.nudged_at, default=None),
        unanswered_nudges=len(unanswered),
    )
