"""What a runner tells, in as few words as a sentence has."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from athletes.actions import pain, sessions
from athletes.actions.pain import Answer, Reported
from athletes.actions.sessions import Logged, Session, Told
from athletes.facts.lines import lines_of
from athletes.models import Athlete, Block, SessionLog
from athletes.rules.localtime import local_date
from exercises.kinds import Laterality, Measure, Side
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule
from tests.cast import Cast
from tests.prescribing import DAILY, TEN, begin, block, make_exercise, publish

EACH_SIDE = Dose(measure=Measure.REPS, sets=2, reps=8, side=Side.EACH)


def prescribe(
    cast: Cast,
    *,
    now: datetime,
    exercises: int = 2,
    schedule: Schedule = DAILY,
    dose: Dose = TEN,
    title: str = "Strength",
    on: date | None = None,
) -> Block:
    """Give Ana a program with one block of so many exercises, from today unless said otherwise."""
    cast.ana.care_ties.filter(member=cast.tess).update(from_on=date(2026, 1, 1))
    sides = Laterality.ONE_SIDE if dose.side == Side.EACH else Laterality.TOGETHER
    names = [f"{title} {n}" for n in range(1, exercises + 1)]
    moves = [make_exercise(name, sides) for name in names]
    program = begin(cast.ana, by=cast.tess, now=now, title=f"{title} program")
    plan = block(*moves, schedule=schedule, dose=dose, title=title)
    edition = publish(program, plan, by=cast.tess, now=now, on=on or local_date(now, cast.ana.time_zone))
    made: Block = edition.blocks.get()
    return made


def tell(athlete: Athlete, part: Block, *, on: date, done: str = "done", **said: Any) -> Session:
    """Say the same of every exercise of a block."""
    why = said.pop("skipped_reason", "no_time" if done == "skipped" else "")
    side = said.pop("side_done", "")
    told = tuple(Told(line.pk, done, side, why) for line in lines_of(athlete, part.pk))
    return Session(**{"client_id": uuid4(), "performed_on": on, "told": told} | said)


def log(
    athlete: Athlete, part: Block, *, now: datetime, on: date | None = None, session: Session | None = None, **said: Any
) -> Logged:
    """Log a session as the athlete's own page does; of today unless said otherwise."""
    on = on or local_date(now, athlete.time_zone)
    return sessions.log(
        athlete=athlete,
        block=part,
        lines=lines_of(athlete, part.pk),
        session=session or tell(athlete, part, on=on, **said),
        source=SessionLog.Source.PAGE,
        by=athlete.member,
        now=now,
    )


def morning(athlete: Athlete, score: int | None, *, now: datetime, client_id: UUID | None = None) -> Reported:
    """Answer the next-morning question."""
    on = local_date(now, athlete.time_zone)
    answer = Answer(client_id or uuid4(), "next_morning", score, on)
    return pain.report(athlete=athlete, answer=answer, by=athlete.member, now=now)
