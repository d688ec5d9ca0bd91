"""Alerts: opened in the transaction of what raised them, closed only by a person."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from athletes.actions.care import require_tie
from athletes.facts.care import chain
from athletes.models import Alert, AlertEvent, Athlete, EscalationRule
from athletes.rules.findings import Finding
from athletes.rules.targets import OfficeHours, due_by, escalate_at
from athletes.rules.windows import local_date
from clinic.actions import audit, messages
from clinic.errors import ConflictError, DomainError
from clinic.models import Clinic, Member, Message
from clinic.roles import Permission

STOPS_NUDGES = ("P0", "P1")  # CLINICAL.md section 3, suppress when


def office_hours(clinic: Clinic) -> OfficeHours:
    """Return the clinic's hours as the rules want them."""
    return OfficeHours(zone=clinic.time_zone, opens=clinic.office_from, closes=clinic.office_until)


@transaction.atomic
def open_or_append(
    *, athlete: Athlete, finding: Finding, rule: EscalationRule, by: Member | None, now: datetime
) -> Alert:
    """Open an alert for a finding, or append the finding to the live alert of its kind.

    A finding after the acknowledgement opens the alert again: what was read did not yet tell of it. P0 always opens
    its own. Two findings at the same moment make one alert.
    """
    live = Alert.objects.select_for_update(of=("self",)).filter(
        athlete=athlete, kind=finding.kind, state__in=Alert.LIVE
    )
    mergeable = live.exclude(level="P0")
    if finding.level != "P0" and (alert := mergeable.first()):
        return _append(alert, athlete, finding, by, now)
    try:
        with transaction.atomic():
            alert = _open(athlete, finding, rule, now)
    except IntegrityError:  # somebody else's finding opened it since we looked
        return _append(mergeable.get(), athlete, finding, by, now)
    _event(alert, AlertEvent.Kind.OPENED, now=now, detail=dict(finding.evidence))
    if finding.level in STOPS_NUDGES:
        messages.withdraw(to=athlete.member, kind="nudge", reason="alert_open")
    ring(alert=alert, to=alert.owner, now=now)
    audit.record(
        "alert.opened", by=by, now=now, about=alert, subjects=[athlete.pk], kind=alert.kind, rule_version=rule.version
    )
    return alert


def _open(athlete: Athlete, finding: Finding, rule: EscalationRule, now: datetime) -> Alert:
    hours = office_hours(athlete.clinic)
    return Alert.objects.create(
        athlete=athlete,
        rule=rule,
        kind=finding.kind,
        level=finding.level,
        owner=chain(athlete, on=local_date(now, athlete.time_zone))[0],
        evidence=dict(finding.evidence),
        opened_at=now,
        due_by=due_by(finding.level, now, hours),
        escalate_at=escalate_at(finding.level, now, hours),
    )


def _append(alert: Alert, athlete: Athlete, finding: Finding, by: Member | None, now: datetime) -> Alert:
    again = alert.state == Alert.State.ACKNOWLEDGED
    alert.evidence = dict(finding.evidence)
    if again:
        for name, value in unanswered(alert, athlete.clinic, now).items():
            setattr(alert, name, value)
    alert.save()
    _event(alert, AlertEvent.Kind.FINDING, now=now, detail=dict(finding.evidence))
    if again:
        ring(alert=alert, to=alert.owner, now=now)
    audit.record("alert.appended", by=by, now=now, about=alert, subjects=[athlete.pk], kind=alert.kind)
    return alert


def unanswered(alert: Alert, clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Return what an alert is once more that nobody has: open, its targets and its chain begun anew."""
    hours = office_hours(clinic)
    return {
        "state": Alert.State.OPEN,
        "due_by": due_by(alert.level, now, hours),
        "escalate_at": escalate_at(alert.level, now, hours),
        "escalations": 0,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }


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
    """Ring the next in the chain, because nobody acknowledged in time: backup first, then the clinic's owner.

    Two sweeps at once ring once, and an alert that was acknowledged since does not ring.
    """
    on = local_date(now, alert.athlete.time_zone)
    others = [member for member in chain(alert.athlete, on=on) if member != alert.owner]
    step = alert.escalations
    more = step + 1 < len(others)
    claimed = Alert.objects.filter(pk=alert.pk, state=Alert.State.OPEN, escalations=step).update(
        escalations=step + 1,
        escalate_at=escalate_at(alert.level, now, office_hours(alert.clinic)) if more else None,
    )
    alert.refresh_from_db()
    if not claimed:
        return alert
    if step < len(others):
        ring(alert=alert, to=others[step], now=now)
        _event(alert, AlertEvent.Kind.ESCALATED, now=now, to=others[step])
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
    """Give an alert to another clinician, who gets the doorbell. Doing it twice changes nothing.

    Handed on after the acknowledgement it is open again: nobody has it until the new owner says so. Raises DomainError `not_a_clinician` and ConflictError `not_open`.
    """
    require_tie(alert.athlete, by, now)
    if not to.may(Permission.PRESCRIBE):
        raise DomainError("not_a_clinician", field="to")
    live = Alert.objects.filter(pk=alert.pk, state__in=Alert.LIVE)
    changes = {} if alert.state == Alert.State.OPEN or to == by else unanswered(alert, alert.athlete.clinic, now)
    taken = live.exclude(owner=to).update(owner=to, **changes)
    if not taken and not live.exists():
        raise ConflictError("not_open")
    alert.refresh_from_db()
    if not taken:
        return alert
    _event(alert, AlertEvent.Kind.ASSIGNED, now=now, by=by, to=to)
    if to != by:
        ring(alert=alert, to=to, now=now)
    audit.record("alert.assigned", by=by, now=now, about=alert, subjects=[alert.athlete_id], to=str(to.pk))
    return alert


@transaction.atomic
def resolve(*, alert: Alert, outcome: str, note: str, by: Member, now: datetime) -> Alert:
    """Close an alert with an outcome; resolving acknowledges one that nobody had.

    The same answer from the same person again changes nothing. Raises DomainError `outcome_missing`, and ConflictError
    `not_open` when somebody closed it before.
    """
    require_tie(alert.athlete, by, now)
    if outcome not in Alert.Outcome.values:
        raise DomainError("outcome_missing", field="outcome")
    closed = Alert.objects.filter(pk=alert.pk, state__in=Alert.LIVE).update(
        state=Alert.State.RESOLVED, resolved_at=now, resolved_by=by, outcome=outcome, escalate_at=None
    )
    if closed:
        Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(acknowledged_at=now, acknowledged_by=by)
    alert.refresh_from_db()
    if closed:
        _event(alert, AlertEvent.Kind.RESOLVED, now=now, by=by, note=note, detail={"outcome": outcome})
        audit.record("alert.resolved", by=by, now=now, about=alert, subjects=[alert.athlete_id], outcome=outcome)
    elif not _said_before(alert, outcome, note, by):
        raise ConflictError("not_open")
    return alert


def note_correction(*, log_id: object, corrected_by: object, now: datetime) -> None:
    """Tell the alerts that a log raised, added to or corrected, that the log was corrected. Their state stays."""
    findings = AlertEvent.objects.filter(
        alert__athlete__logs=log_id,
        kind__in=(AlertEvent.Kind.OPENED, AlertEvent.Kind.FINDING, AlertEvent.Kind.CORRECTED),
        detail__log=str(log_id),
    )
    for alert in Alert.objects.filter(pk__in=findings.values("alert")):
        _event(alert, AlertEvent.Kind.CORRECTED, now=now, detail={"log": str(corrected_by)})


def _said_before(alert: Alert, outcome: str, note: str, by: Member) -> bool:
    if alert.resolved_by_id != by.pk or alert.outcome != outcome:
        return False
    return bool(alert.events.filter(kind=AlertEvent.Kind.RESOLVED, by=by, note=note).exists())


def _event(
    alert: Alert,
    kind: str,
    *,
    now: datetime,
    by: Member | None = None,
    to: Member | None = None,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> AlertEvent:
    return AlertEvent.objects.create(alert=alert, kind=kind, at=now, by=by, to=to, note=note, detail=detail or {})
