"""The first day: enrolled, invited, and the first program published, in one step."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from athletes.actions import drafts, programs
from athletes.actions.athletes import NewRunner, enrol
from athletes.facts.care import is_on_team
from athletes.facts.programs import draft_of, plan_of
from athletes.models import Athlete, ProgramVersion
from athletes.rules.windows import local_date
from clinic.errors import DomainError
from clinic.models import Member
from clinic.roles import Permission
from exercises.models import Protocol


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who came in. `version` is published, or a draft that waits for the lead, or None without a protocol."""

    athlete: Athlete
    version: ProgramVersion | None


@transaction.atomic
def admit(
    *, runner: NewRunner, lead: Member, protocol: Protocol | None, starts_on: date, by: Member, now: datetime
) -> Admitted:
    """Enrol and invite a runner into the lead's care, and begin their program from a protocol.

    Whoever may prescribe for the runner publishes it from `starts_on`, the runner's local day; the desk, and a colleague
    who is not the lead, leave the lead a draft. Raises DomainError `already_member`, `lead_cannot_prescribe` or
    `starts_too_early`, and then nothing at all has happened.
    """
    if not lead.may(Permission.PRESCRIBE):
        raise DomainError("lead_cannot_prescribe", field="lead")
    athlete = enrol(runner=runner, by=by, lead=lead, now=now)
    today = local_date(now, athlete.time_zone)
    if starts_on < today:
        raise DomainError("starts_too_early", field="starts_on")
    if protocol is None:
        return Admitted(athlete, None)
    version = programs.begin(athlete=athlete, title=protocol.name, protocol=protocol, by=by, now=now)
    if not (by.may(Permission.PRESCRIBE) and is_on_team(athlete, by, on=today)):
        return Admitted(athlete, version)
    program = version.program
    version = drafts.publish(
        program=program,
        plan=plan_of(draft_of(program)),
        seen=drafts.seen_now(program),
        effective_on=starts_on,
        reason="",
        by=by,
        now=now,
    )
    return Admitted(athlete, version)
