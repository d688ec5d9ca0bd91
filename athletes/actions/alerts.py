"""Alerts: opened in the transaction of what raised them, closed only by a person."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from athletes.actions.care import require_tie
from athletes.facts.care import chain
from athletes.models import Alert, AlertEvent, Athlete, EscalationRule
from athletes.rules.findings import Finding
from athletes.rules.targets import OfficeHours, due_by, escalate_at
from clinic.actions import audit, messages
from clinic.errors import ConflictError
from clinic.models import Clinic, Member, Message

STOPS_NUDGES = ("P0", "P1")  # CLINICAL.md section 3, suppress when


def office_hours(clinic: Clinic) -> OfficeHours:
    """Return the clinic's hours as the rules want them."""
    return OfficeHours(zone=clinic.time_zone, opens=clinic.office_from, closes=clinic.office_until)


@transaction.atomic
def open_or_append(
    *, athlete: Athlete, finding: Finding, rule: EscalationRule, by: Member | None, now: datetime
) -> Alert:
    """Open an alert for a finding, or append the finding to the live alert of its kind.

    A finding after the acknowledgement opens the alert again: what was read did not yet tell of it.
    """
    live = Alert.objects.select_for_update(of=("self",)).filter(athlete=athlete, kind=finding.kind, state__in=Alert.LIVE)
    if finding.level != "P0" and (alert := live.first()):
        return _append(alert, athlete, finding, now)
    clinic = athlete.clinic
    on = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    hours = office_hours(clinic)
    alert = Alert.objects.create(
        athlete=athlete,
        rule=rule,
        kind=finding.kind,
        level=finding.level,
        owner=chain(athlete, on=on)[0],
        evidence=dict(finding.evidence),
        opened_at=now,
        due_by=due_by(finding.level, now, hours),
        escalate_at=escalate_at(finding.level, now, hours),
    )
    _event(alert, AlertEvent.Kind.OPENED, now=now, **finding.evidence)
    if finding.level in STOPS_NUDGES:
        messages.withdraw(to=athlete.member, kind="nudge", reason="alert_open")
    ring(alert=alert, to=alert.owner, now=now)
    audit.record(
        "alert.opened", by=by, now=now, about=alert, subjects=[athlete.pk], kind=alert.kind, rule_version=rule.version
    )
    return alert


def _append(alert: Alert, athlete: Athlete, finding: Finding, now: datetime) -> Alert:
    again = alert.state == Alert.State.ACKNOWLEDGED
    alert.evidence = dict(finding.evidence)
    if again:
        hours = office_hours(athlete.clinic)
        alert.state = Alert.State.OPEN
        alert.due_by = due_by(alert.level, now, hours)
        alert.escalate_at = escalate_at(alert.level, now, hours)
        alert.escalations = 0
    alert.save()
    _event(alert, AlertEvent.Kind.FINDING, now=now, **finding.evidence)
    if again:
        ring(alert=alert, to=alert.owner, now=now)
    audit.record("alert.appended", by=None, now=now, about=alert, subjects=[athlete.pk], kind=alert.kind)
    return alert


def ring(*, alert: Alert, to: Member, now: datetime) -> None:
    """Send the doorbell: a mail that names nobody and says nothing but that an item needs review."""
    rings = AlertEvent.objects.filter(alert=alert, kind=AlertEvent.Kind.MAILED).count()
    messages.enqueue(
        kind="alert",
        key=f"alert:{alert.pk}:{rings}",
        to=to,
        path=f"/alerts/{alert.pk}/",
        delivery=Message.Delivery.AT_LEAST_ONCE,
        due_at=now,
        now=now,
    )
    _event(alert, AlertEvent.Kind.MAILED, now=now, to=to)


@transaction.atomic
def escalate(*, alert: Alert, now: datetime) -> Alert:
    """Ring the next in the chain, because nobody acknowledged in time: backup first, then the clinic's owner."""
    clinic = alert.clinic
    on = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    others = [member for member in chain(alert.athlete, on=on) if member != alert.owner]
    if alert.escalations < len(others):
        to = others[alert.escalations]
        ring(alert=alert, to=to, now=now)
        _event(alert, AlertEvent.Kind.ESCALATED, now=now, to=to)
    alert.escalations += 1
    more = alert.escalations < len(others)
    alert.escalate_at = escalate_at(alert.level, now, office_hours(clinic)) if more else None
    alert.save(update_fields=["escalations", "escalate_at"])
    audit.record("alert.escalated", by=None, now=now, about=alert, subjects=[alert.athlete_id])
    return alert


@transaction.atomic
def acknowledge(*, alert: Alert, by: Member, now: datetime) -> Alert:
    """Say "I have it". Escalation stops; the alert stays until it is resolved. Doing it twice changes nothing."""
    require_tie(alert.athlete, by, now)
    taken = Alert.objects.filter(pk=alert.pk, state=Alert.State.OPEN).update(
        state=Alert.State.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=by, escalate_at=None
    )
    alert.refresh_from_db()
    if alert.state == Alert.State.RESOLVED:
        raise ConflictError("not_open")
    if taken:
        _event(alert, AlertEvent.Kind.ACKNOWLEDGED, now=now, by=by)
        audit.record("alert.acknowledged", by=by, now=now, about=alert, subjects=[alert.athlete_id])
    return alert


@transaction.atomic
def assign(*, alert: Alert, to: Member, by: Member, now: datetime) -> Alert:
    """Give an alert to another clinician, who gets the doorbell."""
    require_tie(alert.athlete, by, now)
    if not Alert.objects.filter(pk=alert.pk, state__in=Alert.LIVE).update(owner=to):
        raise ConflictError("not_open")
    alert.refresh_from_db()
    _event(alert, AlertEvent.Kind.ASSIGNED, now=now, by=by, to=to)
    if to != by:
        ring(alert=alert, to=to, now=now)
    audit.record("alert.assigned", by=by, now=now, about=alert, subjects=[alert.athlete_id], to=str(to.pk))
    return alert


@transaction.atomic
def resolve(*, alert: Alert, outcome: str, note: str, by: Member, now: datetime) -> Alert:
    """Close an alert with an outcome; resolving acknowledges one that nobody had. Raises ConflictError `not_open`."""
    require_tie(alert.athlete, by, now)
    closed = Alert.objects.filter(pk=alert.pk, state__in=Alert.LIVE).update(
        state=Alert.State.RESOLVED, resolved_at=now, resolved_by=by, outcome=outcome, escalate_at=None
    )
    if not closed:
        raise ConflictError("not_open")
    alert.refresh_from_db()
    _event(alert, AlertEvent.Kind.RESOLVED, now=now, by=by, note=note, outcome=outcome)
    audit.record("alert.resolved", by=by, now=now, about=alert, subjects=[alert.athlete_id], outcome=outcome)
    return alert


def note_correction(*, log_id: object, corrected_by: object, now: datetime) -> None:
    """Tell the alerts that a log raised that the log was corrected. They stay open."""
    for alert in Alert.objects.filter(state__in=Alert.LIVE, evidence__log=str(log_id)):
        _event(alert, AlertEvent.Kind.CORRECTED, now=now, log=str(corrected_by))


def _event(
    alert: Alert, kind: str, *, now: datetime, by: Member | None = None, to: Member | None = None, note: str = "", **detail: Any
) -> AlertEvent:
    return AlertEvent.objects.create(alert=alert, kind=kind, at=now, by=by, to=to, note=note, detail=detail)
