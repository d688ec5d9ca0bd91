"""Logging one bout of exercise, and escalating at once if the pain calls for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from athletes.actions import ledger, session_alerts
from athletes.actions.session_alerts import Rules
from athletes.facts import thresholds
from athletes.models import Alert, Athlete, Block, DueSession, Entry, Prescription, SessionLog
from athletes.rules.findings import Finding
from athletes.rules.sessions import TWO_SIDED, Session, Told, outcome
from athletes.rules.windows import local_date
from clinic.actions import audit, messages
from clinic.compiled import compiled, compiled_update
from clinic.errors import ConflictError, DomainError
from clinic.models import Member

__all__ = ["Logged", "Session", "Told", "log"]


@dataclass(frozen=True)
class Logged:
    """What came of it. `findings` is what the stop card shows, the same again on a retry."""

    log: SessionLog
    findings: tuple[Finding, ...]
    alert: Alert | None = None
    repeated: bool = False


def log(
    *,
    athlete: Athlete,
    block: Block,
    lines: Sequence[Prescription],
    session: Session,
    source: str,
    by: Member,
    now: datetime,
) -> Logged:
    """Record one bout of exercise and escalate at once if the pain calls for it.

    `lines` are the block's prescriptions. The same client id and body again writes nothing and answers the same, however
    late; another body raises ConflictError `other_body`. A correction is a new row about the same day and window; a second
    one of the same log raises ConflictError `already_corrected`. Raises DomainError `discharged`, `too_long_ago`,
    `in_the_future`, `not_prescribed`, `side_missing`, `reason_missing`, `pain_out_of_range` or `nothing_to_correct`.
    """
    rules = thresholds.session_rules()
    if kept := _kept(athlete, session):  # a retry is answered even after its day has passed
        return _again(kept, session, rules)
    try:
        _check(athlete, block, lines, session, now)
        with transaction.atomic():
            return _log(athlete, block, lines, session, rules, source=source, by=by, now=now)
    except (DomainError, IntegrityError) as error:  # told already, or at the same moment: the constraints decide
        if kept := _kept(athlete, session):
            return _again(kept, session, rules)
        if session.corrects and (
            other := SessionLog.objects.filter(athlete=athlete, corrects=session.corrects).first()
        ):
            raise ConflictError("already_corrected", kept=other) from error
        raise


def _log(
    athlete: Athlete,
    block: Block,
    lines: Sequence[Prescription],
    session: Session,
    rules: Rules,
    *,
    source: str,
    by: Member,
    now: datetime,
) -> Logged:
    old = _corrected(athlete, block, session)
    answer = outcome(session.told, prescribed=len(lines))
    due = old.due if old else ledger.fill(athlete=athlete, block=block, on=session.performed_on, answer=answer)
    row = _write_log(athlete, lines, session, outcome=answer, due=due, old=old, source=source, by=by, now=now)
    _write_entries(row, lines, session)
    if old is not None and due is not None:
        _answer(due.pk, row.outcome)
    _touch(athlete.pk, now)
    messages.withdraw(to=athlete.member, kind="nudge", reason="logged")
    audit.record("session.logged", by=by, now=now, about=row, subjects=[athlete.pk], outcome=row.outcome)
    findings = session_alerts.assess(row, rules, left_out=len(session.too_painful))
    alert = session_alerts.escalate(findings, rules, row=row, by=by, now=now)
    return Logged(row, findings, alert)


@compiled_update
def _answer(due: UUID, outcome: str) -> tuple[QuerySet[DueSession], dict[str, Any]]:
    return DueSession.objects.filter(pk=due), {"state": outcome}


@compiled_update
def _touch(athlete: UUID, now: datetime) -> tuple[QuerySet[Athlete], dict[str, Any]]:
    return Athlete.objects.filter(pk=athlete), {"last_logged_at": now}


def _check(athlete: Athlete, block: Block, lines: Sequence[Prescription], session: Session, now: datetime) -> None:
    if athlete.state == Athlete.State.DISCHARGED:
        raise DomainError("discharged")
    today = local_date(now, athlete.time_zone)
    if session.performed_on > today:
        raise DomainError("in_the_future", field="performed_on")
    if session.corrects is None and session.performed_on < today - timedelta(days=1):
        raise DomainError("too_long_ago", field="performed_on")
    for name in ("pain_during", "pain_after"):
        score = getattr(session, name)
        if score is not None and not 0 <= score <= 10:  # noqa: PLR2004 NPRS
            raise DomainError("pain_out_of_range", field=name)
    known = {line.pk: line for line in lines if line.block_id == block.pk}
    told = [item.prescription for item in session.told]
    if not told or len(set(told)) != len(told) or not set(told) <= known.keys():
        raise DomainError("not_prescribed")
    for item in session.told:
        _check_told(item, known[item.prescription])


def _check_told(item: Told, line: Prescription) -> None:
    if item.done == Entry.Done.SKIPPED and not item.skipped_reason:
        raise DomainError("reason_missing", field="skipped_reason")
    if item.done == Entry.Done.PARTLY and line.side in TWO_SIDED and not item.side_done:
        raise DomainError("side_missing", field="side_done")


def _corrected(athlete: Athlete, block: Block, session: Session) -> SessionLog | None:
    """Return the log that this one corrects: the athlete's own, of the same block and day."""
    if session.corrects is None:
        return None
    logs = SessionLog.objects.select_related("due").filter(athlete=athlete, block=block)
    old: SessionLog | None = logs.filter(pk=session.corrects, performed_on=session.performed_on).first()
    if old is None:
        raise DomainError("nothing_to_correct")
    return old


def _write_log(
    athlete: Athlete,
    lines: Sequence[Prescription],
    session: Session,
    *,
    outcome: str,
    due: DueSession | None,
    old: SessionLog | None,
    source: str,
    by: Member,
    now: datetime,
) -> SessionLog:
    row: SessionLog = SessionLog.objects.create(
        athlete=athlete,
        client_id=session.client_id,
        body_digest=session.digest(),
        block_id=lines[0].block_id,
        due=due,
        performed_at=old.performed_at if old else _performed_at(session.performed_on, athlete.time_zone, now),
        performed_on=session.performed_on,
        time_zone=old.time_zone if old else athlete.time_zone,
        recorded_at=now,
        source=source,
        entered_by=by,
        outcome=outcome,
        pain_during=session.pain_during,
        pain_after=session.pain_after,
        stopped_for_pain=session.stopped_for_pain,
        effort=session.effort,
        note=session.note,
        corrects=old,
    )
    return row


def _performed_at(on: date, zone: str, now: datetime) -> datetime:
    """Of an earlier day we know only the day: noon stands for it, and `recorded_at` tells that it was told later."""
    return now if on == local_date(now, zone) else datetime.combine(on, time(12), ZoneInfo(zone))


def _write_entries(row: SessionLog, lines: Sequence[Prescription], session: Session) -> None:
    told = {item.prescription: item for item in session.told}
    entries = []
    for line in lines:
        if (item := told.get(line.pk)) is None:
            continue
        entry = Entry(
            log=row,
            prescription=line,
            exercise_id=line.exercise_id,
            order=line.order,
            done=item.done,
            side_done=item.side(line.side),
            skipped_reason=item.skipped_reason if item.done == Entry.Done.SKIPPED else "",
        )
        entry.copy_dose(line)
        entries.append(entry)
    Entry.objects.bulk_create(entries)


def _kept(athlete: Athlete, session: Session) -> SessionLog | None:
    return next(iter(_told_before(athlete.pk, session.client_id)), None)


@compiled
def _told_before(athlete: UUID, client_id: UUID) -> QuerySet[SessionLog]:
    return SessionLog.objects.filter(athlete=athlete, client_id=client_id)


def _again(kept: SessionLog, session: Session, rules: Rules) -> Logged:
    """Answer a retry: the same body the same way, another body with a conflict that keeps both."""
    if kept.body_digest != session.digest():
        raise ConflictError("other_body", kept=kept)
    findings = session_alerts.assess(kept, rules, left_out=len(session.too_painful))
    return Logged(kept, findings, repeated=True)
