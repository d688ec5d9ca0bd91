"""Editing a program: one draft at a time, saved whole, published once and then fixed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max

from athletes.actions import ledger
from athletes.actions.care import require_tie
from athletes.facts.programs import draft_of, latest, plan_of
from athletes.models import Athlete, Block, Prescription, Program, ProgramVersion
from athletes.rules.diff import compare
from athletes.rules.plan import Plan, PlannedBlock
from athletes.rules.windows import local_date
from clinic.actions import audit
from clinic.errors import ConflictError, DomainError
from clinic.models import Member
from exercises.kinds import Laterality
from exercises.models import Exercise

State = ProgramVersion.State


@dataclass(frozen=True, slots=True)
class Seen:
    """What the clinician had on the screen: the draft's number and revision; revision 0 is not yet saved."""

    number: int
    revision: int


@transaction.atomic
def open_draft(*, program: Program, by: Member, now: datetime) -> ProgramVersion:
    """Return the program's draft; without one, copy the newest edition into one, each block keeping its lineage.

    The newest, not the one in force: an edition that is to begin on Monday must not be undone by an edit on Friday.
    """
    require_tie(program.athlete, by, now)
    _lock(program)
    if (draft := draft_of(program)) is not None:
        return draft
    before = latest(program)
    highest = ProgramVersion.objects.filter(program=program).aggregate(top=Max("number"))["top"] or 0
    draft = ProgramVersion.objects.create(
        program=program,
        number=highest + 1,
        protocol_code=before.protocol_code if before else "",
        drafted_by=by,
        changed_at=now,
    )
    _write(draft, plan_of(before))
    audit.record("draft.opened", by=by, now=now, about=draft, subjects=[program.athlete_id], number=draft.number)
    return draft


@transaction.atomic
def save(*, program: Program, plan: Plan, seen: Seen, by: Member, now: datetime) -> ProgramVersion:
    """Save the whole draft, over the revision that the clinician saw; saving makes the draft when there is none.

    Raises ConflictError `stale_draft` when someone was faster, which changes nothing: theirs is stored, and the caller
    still holds `plan`. Raises DoseError, ScheduleError or DomainError `unknown_exercise` for what cannot be prescribed.
    """
    require_tie(program.athlete, by, now)
    _lock(program)
    _check(plan)
    stored = draft_of(program)
    if _position(program, stored) != seen:
        raise ConflictError("stale_draft", number=seen.number)
    draft = stored or open_draft(program=program, by=by, now=now)
    moved = ProgramVersion.objects.filter(pk=draft.pk, state=State.DRAFT, revision=seen.revision)
    if not moved.update(revision=F("revision") + 1, changed_at=now, drafted_by=by):
        raise ConflictError("stale_draft", number=seen.number)
    Block.objects.filter(version=draft).delete()
    _write(draft, plan)
    audit.record("draft.saved", by=by, now=now, about=draft, subjects=[program.athlete_id], revision=seen.revision + 1)
    saved = draft_of(program)
    assert saved is not None  # noqa: S101 - it was just written, under a lock
    return saved


@transaction.atomic
def publish(
    *,
    program: Program,
    plan: Plan,
    seen: Seen,
    effective_on: date,
    reason: str,
    by: Member,
    now: datetime,
) -> ProgramVersion:
    """Save the draft and fix it as the edition from a day on. It never changes again; the ledger follows it at once.

    The day is the runner's, today or later. The runner reads the reason, which the first edition can do without. Raises
    what `save` raises, and DomainError `effective_too_early`, `reason_missing`, `nothing_to_publish`, `block_empty`,
    `nothing_changed`, `discharged` or `not_open`.
    """
    athlete = program.athlete
    ledger.lock(athletes=[athlete])  # before the draft's own lock: the same order as the sweep's
    _check_may_publish(program, plan, effective_on, reason, now)
    draft = save(program=program, plan=plan, seen=seen, by=by, now=now)
    published = ProgramVersion.objects.filter(pk=draft.pk, state=State.DRAFT).update(
        state=State.PUBLISHED, effective_on=effective_on, reason=reason.strip(), published_by=by, published_at=now
    )
    if not published:
        raise ConflictError("stale_draft", number=seen.number)
    ledger.rebuild(athlete=athlete, program=program, now=now)
    audit.record(
        "program.published",
        by=by,
        now=now,
        about=draft,
        subjects=[athlete.pk],
        number=draft.number,
        effective_on=effective_on.isoformat(),
    )
    draft.refresh_from_db()
    return draft


@transaction.atomic
def discard(*, program: Program, seen: Seen, by: Member, now: datetime) -> None:
    """Throw the draft away. A program of which nothing was ever published goes with it. Raises ConflictError."""
    require_tie(program.athlete, by, now)
    _lock(program)
    draft = draft_of(program)
    if draft is None or Seen(draft.number, draft.revision) != seen:
        raise ConflictError("stale_draft", number=seen.number)
    audit.record("draft.discarded", by=by, now=now, about=draft, subjects=[program.athlete_id], number=draft.number)
    draft.delete()
    if latest(program) is None:
        program.delete()


def seen_now(program: Program) -> Seen:
    """Return what a page that is opened now has to send back."""
    return _position(program, draft_of(program))


def _position(program: Program, draft: ProgramVersion | None) -> Seen:
    if draft is not None:
        return Seen(draft.number, draft.revision)
    newest = latest(program)
    return Seen(newest.number + 1 if newest else 1, 0)


def _lock(program: Program) -> None:
    """One writer of a program's drafts at a time. Raises ConflictError `not_open` when it has ended."""
    row = Program.objects.select_for_update(no_key=True).filter(pk=program.pk).first()
    if row is None or row.state != Program.State.ACTIVE:
        raise ConflictError("not_open")


def _check(plan: Plan) -> None:
    """Refuse what cannot be prescribed: a dose out of range, a side that is not said, an exercise that is not ours."""
    wanted = {line.exercise for line in plan.lines()}
    sides = dict(Exercise.objects.filter(pk__in=wanted).values_list("pk", "laterality"))
    if wanted - sides.keys():
        raise DomainError("unknown_exercise")
    if len({block.lineage for block in plan.blocks}) != len(plan.blocks):
        raise DomainError("block_twice")
    for block in plan.blocks:
        if not block.title.strip():
            raise DomainError("title_missing", field="title")
        block.schedule.validate()
    for line in plan.lines():
        line.dose.validate()
        line.dose.check_side(Laterality(sides[line.exercise]))


def _check_may_publish(program: Program, plan: Plan, effective_on: date, reason: str, now: datetime) -> None:
    athlete, before = program.athlete, latest(program)
    if athlete.state == Athlete.State.DISCHARGED:
        raise DomainError("discharged")
    if not any(plan.lines()):
        raise DomainError("nothing_to_publish")
    if not all(block.lines for block in plan.blocks):
        raise DomainError("block_empty")
    if effective_on < local_date(now, athlete.time_zone):
        raise DomainError("effective_too_early", field="effective_on")
    if before is None:
        return
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    if not compare(plan_of(before), plan) and effective_on >= before.effective_on:
        raise DomainError("nothing_changed")


def _write(draft: ProgramVersion, plan: Plan) -> None:
    blocks, lines = [], []
    for order, planned in enumerate(plan.blocks):
        block = Block(version=draft, lineage=planned.lineage, title=planned.title.strip(), order=order)
        block.schedule = planned.schedule
        blocks.append(block)
        lines += _lines(block, planned)
    Block.objects.bulk_create(blocks)
    Prescription.objects.bulk_create(lines)


def _lines(block: Block, planned: PlannedBlock) -> list[Prescription]:
    rows = []
    for order, line in enumerate(planned.lines):
        row = Prescription(
            block=block,
            exercise_id=line.exercise,
            order=order,
            note=line.note.strip(),
            in_bad_day_set=line.in_bad_day_set,
        )
        row.dose = line.dose
        rows.append(row)
    return rows
