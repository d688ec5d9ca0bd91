"""What a session's log calls for, and the alerts about it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from athletes.actions import alerts
from athletes.facts import thresholds
from athletes.models import Alert, Entry, EscalationRule, SessionLog
from athletes.rules import pain
from athletes.rules.findings import Finding
from athletes.rules.sessions import is_worse
from clinic.models import Member

Rules = dict[str, EscalationRule]


def assess(row: SessionLog, rules: Rules, *, left_out: int) -> tuple[Finding, ...]:
    """Return what the pain in a log calls for, the same every time it is asked.

    `left_out` counts its exercises that were skipped as too painful. What is found of them has their names, as they are
    called now: every list that words it can say them without a query. One query, if so.
    """
    scores = [score for score in (row.pain_during, row.pain_after) if score is not None]
    facts = pain.PainFacts(
        context="session", score=max(scores, default=None), stopped=row.stopped_for_pain, left_out=left_out
    )
    found = pain.assess(facts, thresholds.p1(rules), None, thresholds.p3(rules))
    return tuple(Finding(f.kind, f.level, {**f.evidence, "log": str(row.pk), **_named(f, row)}) for f in found)


def _named(finding: Finding, row: SessionLog) -> dict[str, list[str]]:
    if finding.kind != EscalationRule.Kind.P3:
        return {}
    return {"exercises": list(dict.fromkeys(_too_painful(row).values_list("exercise__name", flat=True)))}


def _too_painful(row: SessionLog) -> QuerySet[Entry]:
    entries: QuerySet[Entry] = row.entries.filter(done=Entry.Done.SKIPPED, skipped_reason=Entry.Barrier.TOO_PAINFUL)
    return entries


def escalate(findings: Sequence[Finding], rules: Rules, *, row: SessionLog, by: Member, now: datetime) -> Alert | None:
    """Open alerts for what was not told before: correcting a note beside the same pain does not ring again."""
    before = _assess_again(row.corrects, rules) if row.corrects else ()
    alert = None
    for finding in findings:
        if all(is_worse(finding, told) for told in before):
            alert = alerts.open_or_append(
                athlete=row.athlete, finding=finding, rule=rules[finding.kind], by=by, now=now
            )
    if row.corrects:
        alerts.note_correction(log_id=row.corrects.pk, corrected_by=row.pk, now=now)
    return alert


def _assess_again(old: SessionLog, rules: Rules) -> tuple[Finding, ...]:
    return assess(old, rules, left_out=_too_painful(old).count())
