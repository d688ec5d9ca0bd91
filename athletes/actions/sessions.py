"""Logging one bout of exercise, and escalating at once if the pain calls for it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from athletes.actions import alerts
from athletes.facts import thresholds
from athletes.models import Alert, Athlete, Block, DueSession, Entry, Prescription, SessionLog
from athletes.rules.findings import Finding
from athletes.rules.pain import PainFacts, assess
from athletes.rules.windows import local_date
from clinic.actions import audit, messages
from clinic.errors import ConflictError, DomainError
from clinic.models import Member


@dataclass(frozen=True)
class Told:
    """What the runner said of one exercise."""

    prescription: UUID
    done: str
    side_done: str = ""
    skipped_reason: str = ""


@dataclass(frozen=True)
class Session:
    """What the runner said of one bout; null pain is unknown."""

    client_id: UUID
    performed_on: date
    told: tuple[Told, ...]
    pain_during: int | None = None
    pain_after: int | None = None
    stopped_for_pain: bool = False
    effort: int | None = None
    note: str = ""
    corrects: UUID | None = None

    def digest(self) -> str:
        """Tell this body from another one under the same client id."""
        return sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Logged:
    """What came of it. `findings` is what the stop card shows, the same again on a retry."""

    log: SessionLog
    findings: tuple[Finding, ...]
    alert: Alert | None = None
    repeated: bool = False


@transaction.atomic
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

    `lines` are the block's prescriptions. The same client id and body again writes nothing and answers the same;
    another body raises ConflictError `other_body`. Raises DomainError `discharged`, `too_long_ago`, `in_the_future` or
    `not_prescribed`.
    """
    _check(athlete, block, lines, session, now)
    rules = thresholds.rules_in_force()
    due = _due(athlete, block, session)
    try:
        with transaction.atomic():
            row = _write_log(athlete, block, due, session, source, by, now)
    except IntegrityError:
        return _again(athlete, session, rules)
    _write_entries(row, lines, session)
    if due is not None:
        DueSession.objects.filter(pk=due.pk).update(state=row.outcome)
    Athlete.objects.filter(pk=athlete.pk).update(last_logged_at=now)
    messages.withdraw(to=athlete.member, kind="nudge", reason="logged")
    findings = assess_log(row, rules)
    alert = None
    for finding in findings:
        alert = alerts.open_or_append(athlete=athlete, finding=finding, rule=rules[finding.kind], by=by, now=now)
    if row.corrects_id:
        alerts.note_correction(log_id=row.corrects_id, corrected_by=row.pk, now=now)
    audit.record("session.logged", by=by, now=now, about=row, subjects=[athlete.pk], outcome=row.outcome)
    return Logged(row, findings, alert)


def assess_log(row: SessionLog, rules: dict[str, object]) -> tuple[Finding, ...]:
    """Return what the pain in a log calls for, the same every time it is asked."""
    scores = [score for score in (row.pain_during, row.pain_after) if score is not None]
    facts = PainFacts(context="session", score=max(scores, default=None), stopped=row.stopped_for_pain, usual=None)
    found = assess(facts, thresholds.p1(rules), None)  # type: ignore[arg-type]
    return tuple(Finding(f.kind, f.level, {**f.evidence, "log": str(row.pk)}) for f in found)


def _check(
    athlete: Athlete, block: Block, lines: Sequence[Prescription], session: Session, now: datetime
) -> None:
    if athlete.state == Athlete.State.DISCHARGED:
        raise DomainError("discharged")
    today = local_date(now, athlete.time_zone)
    if session.performed_on > today:
        raise DomainError("in_the_future", field="performed_on")
    if session.corrects is None and session.performed_on < today - timedelta(days=1):
        raise DomainError("too_long_ago", field="performed_on")
    known = {line.pk for line in lines if line.block_id == block.pk}
    told = [item.prescription for item in session.told]
    if not told or len(set(told)) != len(told) or not set(told) <= known:
        raise DomainError("not_prescribed")


def _due(athlete: Athlete, block: Block, session: Session) -> DueSession | None:
    """The earliest open window of the block that takes in the day; a correction keeps the one it had."""
    if session.corrects is not None:
        old = SessionLog.objects.select_related("due").filter(athlete=athlete, pk=session.corrects).first()
        if old is None:
            raise DomainError("not_open")
        due: DueSession | None = old.due
        return due
    open_windows = DueSession.objects.filter(
        athlete=athlete,
        block__lineage=block.lineage,
        from_on__lte=session.performed_on,
        until_on__gte=session.performed_on,
        state__in=DueSession.OPEN_TO_LOG,
    )
    found: DueSession | None = open_windows.order_by("from_on", "slot").first()
    return found


def outcome(told: Sequence[Told]) -> str:
    """A session as a whole: done, partly, or missed when every exercise was skipped."""
    said = {item.done for item in told}
    if said == {Entry.Done.SKIPPED}:
        return DueSession.State.MISSED
    return DueSession.State.DONE if said == {Entry.Done.DONE} else DueSession.State.PARTLY


def _write_log(
    athlete: Athlete, block: Block, due: DueSession | None, session: Session, source: str, by: Member, now: datetime
) -> SessionLog:
    zone = ZoneInfo(athlete.time_zone)
    today = local_date(now, athlete.time_zone)
    # Of an earlier day we know only the day: noon stands for it, and `recorded_at` tells that it was told later.
    performed_at = now if session.performed_on == today else datetime.combine(session.performed_on, time(12), zone)
    return SessionLog.objects.create(
        athlete=athlete,
        client_id=session.client_id,
        body_digest=session.digest(),
        block=block,
        due=due,
        performed_at=performed_at,
        performed_on=session.performed_on,
        time_zone=athlete.time_zone,
        recorded_at=now,
        source=source,
        entered_by=by,
        outcome=outcome(session.told),
        pain_during=session.pain_during,
        pain_after=session.pain_after,
        stopped_for_pain=session.stopped_for_pain,
        effort=session.effort,
        note=session.note,
        corrects_id=session.corrects,
    )


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
            side_done=item.side_done,
            skipped_reason=item.skipped_reason if item.done == Entry.Done.SKIPPED else "",
        )
        entry.copy_dose(line)
        entries.append(entry)
    Entry.objects.bulk_create(entries)


def _again(athlete: Athlete, session: Session, rules: dict[str, object]) -> Logged:
    """Answer a retry: the same body the same way, another body with a conflict that keeps both."""
    kept = SessionLog.objects.filter(athlete=athlete, client_id=session.client_id).first()
    if kept is None or kept.body_digest != session.digest():
        raise ConflictError("other_body", kept=kept)
    return Logged(kept, assess_log(kept, rules), repeated=True)
