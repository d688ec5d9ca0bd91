"""Programs for the cast, in as few words as a sentence has."""

from datetime import date, datetime
from uuid import UUID

from athletes.actions import drafts, programs
from athletes.models import Athlete, Program, ProgramVersion
from athletes.rules.plan import Plan, PlannedBlock, PlannedLine
from clinic.ids import uuid7
from clinic.models import Member
from exercises.kinds import Laterality, LoadKind, Measure, Pattern, Side, Trigger
from exercises.models import Exercise
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

DAILY = Schedule(pattern=Pattern.DAILY)
BEFORE_RUN = Schedule(trigger=Trigger.BEFORE_RUN)
IF_STIFF = Schedule(trigger=Trigger.IF_STIFF)
TEN = Dose(measure=Measure.REPS, sets=3, reps=10, side=Side.NONE)


def per_week(n: int) -> Schedule:
    """So many times a week, on any days."""
    return Schedule(pattern=Pattern.PER_WEEK, per_week=n)


def weekdays(*days: int) -> Schedule:
    """On named days; Monday is 0."""
    return Schedule(pattern=Pattern.WEEKDAYS, weekdays=days)


def make_exercise(name: str, laterality: Laterality = Laterality.TOGETHER, *tags: str) -> Exercise:
    """Add an exercise to the library of the clinic in scope."""
    code = name.lower().replace(" ", "_").replace("-", "_")
    row = Exercise(
        code=code, name=name, kind="strength", laterality=laterality.value, steps=["Do it."], caution_tags=list(tags)
    )
    row.dose = Dose(
        measure=Measure.REPS,
        sets=2,
        reps=8,
        side=Side.NONE if laterality == Laterality.TOGETHER else Side.EACH,
        load_kind=LoadKind.NONE,
    )
    row.save()
    return row


def block(
    *exercises: Exercise,
    schedule: Schedule = DAILY,
    lineage: UUID | None = None,
    dose: Dose = TEN,
    title: str = "Strength",
) -> PlannedBlock:
    """Return a block in which each exercise has the same dose."""
    lines = tuple(PlannedLine(exercise=exercise.pk, dose=dose) for exercise in exercises)
    return PlannedBlock(lineage=lineage or uuid7(), title=title, schedule=schedule, lines=lines)


def begin(athlete: Athlete, *, by: Member, now: datetime, title: str = "Back") -> Program:
    """Begin an empty program."""
    program: Program = programs.start(athlete=athlete, title=title, protocol=None, by=by, now=now).program
    return program


def publish(
    program: Program, *blocks: PlannedBlock, by: Member, now: datetime, on: date, reason: str = "Because"
) -> ProgramVersion:
    """Publish blocks as the program's next edition."""
    return drafts.publish(
        program=program,
        plan=Plan(blocks),
        seen=drafts.seen_now(program),
        effective_on=on,
        reason=reason,
        by=by,
        now=now,
    )
