"""Programs: begun from a protocol or from nothing, ended with an outcome."""

from datetime import datetime

from django.db import transaction

from athletes.actions import ledger
from athletes.actions.care import require_tie
from athletes.models import Athlete, Block, Prescription, Program, ProgramVersion
from athletes.rules.windows import local_date
from clinic.actions import audit, messages
from clinic.errors import ConflictError, DomainError
from clinic.models import Member
from exercises.models import Protocol, ProtocolBlock


@transaction.atomic
def start(*, athlete: Athlete, title: str, protocol: Protocol | None, by: Member, now: datetime) -> ProgramVersion:
    """Begin a program and return its first draft: a copy of the protocol's first phase, or empty.

    Nothing is prescribed before the draft is published. Raises DomainError `title_missing` or `discharged`.
    """
    require_tie(athlete, by, now)
    return begin(athlete=athlete, title=title, protocol=protocol, by=by, now=now)


@transaction.atomic
def begin(*, athlete: Athlete, title: str, protocol: Protocol | None, by: Member, now: datetime) -> ProgramVersion:
    """Begin a program on behalf of the care team: `start` without asking whether `by` is on it."""
    if athlete.state == Athlete.State.DISCHARGED:
        raise DomainError("discharged")
    if not (name := title.strip() or (protocol.name if protocol else "")):
        raise DomainError("title_missing", field="title")
    running = Program.objects.filter(athlete=athlete, state=Program.State.ACTIVE).count()
    program = Program.objects.create(athlete=athlete, title=name, priority=running + 1, created_at=now)
    draft = ProgramVersion.objects.create(
        program=program,
        number=1,
        protocol_code=protocol.code if protocol else "",
        drafted_by=by,
        changed_at=now,
    )
    if protocol is not None:
        _copy_first_phase(protocol, draft)
    audit.record("program.started", by=by, now=now, about=program, subjects=[athlete.pk], protocol=draft.protocol_code)
    return draft


@transaction.atomic
def end(*, program: Program, outcome: str, by: Member, now: datetime) -> Program:
    """End a program today, with what came of it. Nothing more is due; what was done stays.

    An unpublished draft goes. Raises DomainError `outcome_missing` and ConflictError `not_open`.
    """
    athlete = program.athlete
    require_tie(athlete, by, now)
    if outcome not in Program.Outcome.values:
        raise DomainError("outcome_missing", field="outcome")
    ledger.lock(athletes=[athlete])
    ended = Program.objects.filter(pk=program.pk, state=Program.State.ACTIVE)
    if not ended.update(state=Program.State.ENDED, outcome=outcome, ended_on=local_date(now, athlete.time_zone)):
        raise ConflictError("not_open")
    ProgramVersion.objects.filter(program=program, state=ProgramVersion.State.DRAFT).delete()
    ledger.drop_open(programs=[program], now=now)
    if not Program.objects.filter(athlete=athlete, state=Program.State.ACTIVE).exists():
        messages.withdraw(to=athlete.member, kind="nudge", reason="program_ended")
    audit.record("program.ended", by=by, now=now, about=program, subjects=[athlete.pk], outcome=outcome)
    program.refresh_from_db()
    return program


def _copy_first_phase(protocol: Protocol, draft: ProgramVersion) -> None:
    """Copy, not point: a protocol that changes changes no program."""
    first = protocol.phases.order_by("order").first()
    sources: list[ProtocolBlock] = list(first.blocks.prefetch_related("items")) if first else []
    blocks, lines = [], []
    for source in sources:
        block = Block(version=draft, title=source.title, order=source.order)
        block.copy_schedule(source)
        blocks.append(block)
        for item in source.items.all():
            line = Prescription(
                block=block,
                exercise_id=item.exercise_id,
                order=item.order,
                note=item.note,
                in_bad_day_set=item.in_bad_day_set,
            )
            line.copy_dose(item)
            lines.append(line)
    Block.objects.bulk_create(blocks)
    Prescription.objects.bulk_create(lines)
