"""Alerts: opened in the transaction of what raised them, closed only by a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from athletes.actions.care import require_tie
from athletes.actions.doorbell import anew, is_quiet_over, office_hours, ring
from athletes.facts.alerts import FOUND
from athletes.facts.care import chain
from athletes.facts.nudges import STOPS
from athletes.models import Alert, AlertEvent, Athlete, EscalationRule
from athletes.rules.findings import Finding
from athletes.rules.targets import due_by, escalate_at
from clinic.actions import audit, messages
from clinic.errors import ConflictError, DomainError
from clinic.models import Member
from clinic.roles import Permission


@transaction.atomic
def open_or_append(
    *, athlete: Athlete, finding: Finding, rule: EscalationRule, by: Member | None, now: datetime
) -> Alert:
    """Open an alert for a finding, or append the finding to the live alert of its kind.

    A finding after the acknowledgement opens the alert again: what was read did not yet tell of it. One while nobody has
    it rings again when the quiet time of its rule is over. P0 always opens its own. Two findings at the same moment make
    one alert.
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
    if finding.level in STOPS:
        messages.lock(to=[athlete.member_id])
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
        owner=chain(athlete, now=now)[0],
        evidence=dict(finding.evidence),
        opened_at=now,
        due_by=due_by(finding.level, now, hours),
        escalate_at=escalate_at(finding.level, now, hours),
    )


def _append(alert: Alert, athlete: Athlete, finding: Finding, by: Member | None, now: datetime) -> Alert:
    again = alert.state == Alert.State.ACKNOWLEDGED
    rings = again or is_quiet_over(alert, now)
    if again or _score(finding.evidence) >= _score(alert.evidence):
        alert.evidence = dict(finding.evidence)
    for name, value in anew(alert, athlete.clinic, now).items():
        setattr(alert, name, value)
    alert.save()
    _event(alert, AlertEvent.Kind.FINDING, now=now, detail=dict(finding.evidence))
    if rings:
        ring(alert=alert, to=alert.owner, now=now)
    audit.record("alert.appended", by=by, now=now, about=alert, subjects=[athlete.pk], kind=alert.kind)
    return alert


def _score(evidence: Mapping[str, Any]) -> int:
    """Return how bad a finding is: while nobody has read the worst one, it stays in the headline."""
    score = evidence.get("score", evidence.get("left_out"))
    return -1 if score is None else int(score)


@transaction.atomic
def acknowledge(*, alert: Alert, by: Member, now: datetime, seen: UUID | None = None) -> Alert:
    """Say "I have it". Escalation stops; the alert stays until it is resolved. Doing it twice changes nothing.

    Raises DomainError `new_finding` when `seen`, the newest finding on the page that answers, is no longer the newest.
    """
    require_tie(alert.athlete, by, now)
    _require_seen(alert, seen)
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

    Handed on after the acknowledgement it is open again: nobody has it until the new owner says so. Where everybody had
    been told, those after the new owner are told again. Raises DomainError `not_a_clinician` and ConflictError `not_open`.
    """
    require_tie(alert.athlete, by, now)
    if not to.may(Permission.PRESCRIBE):
        raise DomainError("not_a_clinician", field="to")
    live = Alert.objects.filter(pk=alert.pk, state__in=Alert.LIVE)
    keeps = alert.state == Alert.State.ACKNOWLEDGED and to == by  # whoever takes it has read it
    changes = {} if keeps else anew(alert, alert.athlete.clinic, now)
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
def resolve(*, alert: Alert, outcome: str, note: str, by: Member, now: datetime, seen: UUID | None = None) -> Alert:
    """Close an alert with an outcome; resolving acknowledges one that nobody had.

    The same answer from the same person again changes nothing. Raises DomainError `outcome_missing` or `new_finding`,
    and ConflictError `not_open` when somebody closed it before.
    """
    require_tie(alert.athlete, by, now)
    _require_seen(alert, seen)
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


def _require_seen(alert: Alert, seen: UUID | None) -> None:
    """Hold the alert as appending does, and refuse an answer to less than it holds."""
    live = Alert.objects.select_for_update(of=("self",)).filter(pk=alert.pk, state__in=Alert.LIVE)
    if seen and live.first() and AlertEvent.objects.filter(alert=alert, kind__in=FOUND).last().pk != seen:
        raise DomainError("new_finding")


def note_correction(*, log_id: object, corrected_by: object, now: datetime) -> None:
    """Tell the alerts that a log raised, added to or corrected, that the log was corrected. Their state stays."""
    findings = AlertEvent.objects.filter(
        alert__athlete__logs=log_id,
        kind__in=(*FOUND, AlertEvent.Kind.CORRECTED),
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
