"""Pain told outside a session: the next morning, at rest, on a run, and "something feels wrong"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from athletes.actions import alerts
from athletes.facts import thresholds
from athletes.models import Alert, Athlete, EscalationRule, PainReport
from athletes.rules.findings import Finding
from athletes.rules.pain import PainFacts, assess, usual
from clinic.actions import audit, messages
from clinic.errors import ConflictError
from clinic.models import Member


@dataclass(frozen=True)
class Reported:
    """What came of an answer. `findings` is the same again on a retry."""

    report: PainReport
    findings: tuple[Finding, ...]
    alert: Alert | None = None


@dataclass(frozen=True)
class Answer:
    """What the runner said. A null score is "not sure": an answer, and unknown."""

    client_id: UUID
    context: str
    score: int | None
    about_on: date
    stopped: bool = False
    side: str = ""
    note: str = ""


@transaction.atomic
def report(*, athlete: Athlete, answer: Answer, by: Member, now: datetime) -> Reported:
    """Record one answer about pain and escalate at once if it calls for it.

    The same client id again with the same answer writes nothing; with another one raises ConflictError `other_body`.
    """
    rules = thresholds.rules_in_force()
    try:
        with transaction.atomic():
            row = _write(athlete, answer, by, now)
    except IntegrityError:
        return _again(athlete, answer, rules)
    messages.withdraw(to=athlete.member, kind="nudge", reason="logged")
    findings = _assess(athlete, row, rules)
    alert = None
    for finding in findings:
        alert = alerts.open_or_append(athlete=athlete, finding=finding, rule=rules[finding.kind], by=by, now=now)
    audit.record("pain.reported", by=by, now=now, about=row, subjects=[athlete.pk], context=row.context)
    return Reported(row, findings, alert)


@transaction.atomic
def feels_wrong(*, athlete: Athlete, answer: Answer, by: Member, now: datetime) -> Reported:
    """Open an alert because the runner says that something feels wrong, whatever the score.

    Cannot be switched off: without a rule in force the newest edition of the rule still opens it.
    """
    reported = report(athlete=athlete, answer=answer, by=by, now=now)
    rule = EscalationRule.objects.filter(kind=EscalationRule.Kind.FEELS_WRONG).order_by("-version")[0]
    finding = Finding(rule.kind, rule.level, {"report": str(reported.report.pk), "score": reported.report.score})
    live = Alert.objects.filter(athlete=athlete, kind=rule.kind, evidence__report=str(reported.report.pk)).first()
    alert = live or alerts.open_or_append(athlete=athlete, finding=finding, rule=rule, by=by, now=now)
    return Reported(reported.report, (*reported.findings, finding), alert)


def usual_morning(athlete: Athlete, *, on: date) -> float | None:
    """Return the usual next-morning pain: the median of the seven days before, or the baseline. One query."""
    mornings = PainReport.objects.filter(
        athlete=athlete,
        context=PainReport.Context.NEXT_MORNING,
        about_on__lt=on,
        about_on__gte=on - timedelta(days=7),
    )
    rows = list(mornings.order_by("recorded_at").values_list("about_on", "score"))
    return usual(rows, on=on, baseline=athlete.baseline_morning)


def _assess(athlete: Athlete, row: PainReport, rules: dict[str, EscalationRule]) -> tuple[Finding, ...]:
    morning = row.context == PainReport.Context.NEXT_MORNING
    facts = PainFacts(
        context=row.context,
        score=row.score,
        stopped=row.stopped,
        usual=usual_morning(athlete, on=row.about_on) if morning else None,
    )
    found = assess(facts, thresholds.p1(rules), thresholds.p2(rules))
    return tuple(Finding(f.kind, f.level, {**f.evidence, "report": str(row.pk)}) for f in found)


def _write(athlete: Athlete, answer: Answer, by: Member, now: datetime) -> PainReport:
    return PainReport.objects.create(
        athlete=athlete,
        client_id=answer.client_id,
        context=answer.context,
        score=answer.score,
        side=answer.side,
        stopped=answer.stopped,
        about_on=answer.about_on,
        performed_at=now,
        recorded_at=now,
        entered_by=by,
        note=answer.note,
    )


def _again(athlete: Athlete, answer: Answer, rules: dict[str, EscalationRule]) -> Reported:
    kept = PainReport.objects.filter(athlete=athlete, client_id=answer.client_id).first()
    said = ("context", "score", "about_on", "stopped", "side", "note")
    if kept is None or any(getattr(kept, name) != getattr(answer, name) for name in said):
        raise ConflictError("other_body", kept=kept)
    return Reported(kept, _assess(athlete, kept, rules))
