"""Pain told outside a session: the next morning, at rest, on a run, and "something feels wrong"."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from athletes.actions import alerts
from athletes.facts import thresholds
from athletes.models import Alert, AlertEvent, Athlete, EscalationRule, PainReport
from athletes.rules.bands import HIGHEST, LOWEST
from athletes.rules.findings import Finding
from athletes.rules.pain import PainFacts, assess, usual
from athletes.rules.windows import local_date
from clinic.actions import audit, messages
from clinic.errors import ConflictError, DomainError
from clinic.models import Member


@dataclass(frozen=True)
class Reported:
    """What came of an answer. `findings` is the same again on a retry."""

    report: PainReport
    findings: tuple[Finding, ...]
    alert: Alert | None = None
    is_new: bool = False


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
    Raises DomainError `pain_out_of_range`, `in_the_future`.
    """
    rules = thresholds.rules_in_force()
    reported = _record(athlete, answer, rules, by, now)
    alert = None
    for finding in reported.findings if reported.is_new else ():
        alert = alerts.open_or_append(athlete=athlete, finding=finding, rule=rules[finding.kind], by=by, now=now)
    return replace(reported, alert=alert)


@transaction.atomic
def feels_wrong(*, athlete: Athlete, answer: Answer, by: Member, now: datetime) -> Reported:
    """Open an alert because the runner says that something feels wrong, whatever the score and the athlete's state.

    One alert, also where the score is over the line: it carries both. Cannot be switched off: without a rule in force
    the newest edition of the rule still opens it.
    """
    reported = _record(athlete, answer, thresholds.rules_in_force(), by, now)
    rule = EscalationRule.objects.filter(kind=EscalationRule.Kind.FEELS_WRONG).order_by("-in_force", "-version")[0]
    said = {"context": answer.context, "score": answer.score, "report": str(reported.report.pk)}
    finding = Finding(rule.kind, rule.level, said)
    alert = None if reported.is_new else _raised_by(athlete, reported.report)
    alert = alert or alerts.open_or_append(athlete=athlete, finding=finding, rule=rule, by=by, now=now)
    return replace(reported, findings=(*reported.findings, finding), alert=alert)


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


def _record(athlete: Athlete, answer: Answer, rules: dict[str, EscalationRule], by: Member, now: datetime) -> Reported:
    _check(athlete, answer, now)
    try:
        with transaction.atomic():
            row = _write(athlete, answer, by, now)
    except IntegrityError as error:
        return _again(athlete, answer, rules, error)
    messages.withdraw(to=athlete.member, kind="nudge", reason="logged")
    audit.record("pain.reported", by=by, now=now, about=row, subjects=[athlete.pk], context=row.context)
    return Reported(row, _assess(athlete, row, rules), is_new=True)


def _check(athlete: Athlete, answer: Answer, now: datetime) -> None:
    if answer.score is not None and not LOWEST <= answer.score <= HIGHEST:
        raise DomainError("pain_out_of_range", field="score")
    if answer.about_on > local_date(now, athlete.time_zone):
        raise DomainError("in_the_future", field="about_on")


def _raised_by(athlete: Athlete, row: PainReport) -> Alert | None:
    """Return the alert that a report opened or added to, whatever became of it since."""
    events = AlertEvent.objects.filter(alert__athlete=athlete, detail__report=str(row.pk))
    alert: Alert | None = Alert.objects.filter(pk__in=events.values("alert")).first()
    return alert


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
    row: PainReport = PainReport.objects.create(
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
    return row


def _again(athlete: Athlete, answer: Answer, rules: dict[str, EscalationRule], error: Exception) -> Reported:
    kept = PainReport.objects.filter(athlete=athlete, client_id=answer.client_id).first()
    if kept is None:
        raise error
    said = ("context", "score", "about_on", "stopped", "side", "note")
    if any(getattr(kept, name) != getattr(answer, name) for name in said):
        raise ConflictError("other_body", kept=kept) from error
    return Reported(kept, _assess(athlete, kept, rules))
