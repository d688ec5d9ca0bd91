"""Who looks after whom."""

from datetime import datetime, timedelta

from django.db import transaction

from athletes.facts.care import is_on_team
from athletes.models import Athlete, CareTie
from athletes.rules.windows import local_date
from clinic.actions import audit
from clinic.errors import RefusedError
from clinic.models import Member


def require_tie(athlete: Athlete, by: Member, now: datetime) -> None:
    """Raise RefusedError `not_on_care_team` unless `by` looks after the athlete today."""
    if not is_on_team(athlete, by, on=local_date(now, athlete.time_zone)):
        raise RefusedError("not_on_care_team")


@transaction.atomic
def join(*, athlete: Athlete, by: Member, now: datetime) -> CareTie:
    """Join an athlete's care as cover, in one audited step. Joining twice changes nothing."""
    today = local_date(now, athlete.time_zone)
    if tie := CareTie.objects.in_force(today).filter(athlete=athlete, member=by).first():
        return tie
    tie = CareTie.objects.create(athlete=athlete, member=by, part=CareTie.Part.COVER, from_on=today)
    audit.record("care.joined", by=by, now=now, about=tie, subjects=[athlete.pk], part=tie.part)
    return tie


@transaction.atomic
def appoint(*, athlete: Athlete, member: Member, part: str, by: Member, now: datetime) -> CareTie:
    """Give a clinician the lead or backup part from today; whoever had it before stays until yesterday."""
    today = local_date(now, athlete.time_zone)
    held = CareTie.objects.filter(athlete=athlete, part=part, until_on=None)
    if part != CareTie.Part.COVER:
        held.filter(from_on__gte=today).delete()
        held.update(until_on=today - timedelta(days=1))
    tie = CareTie.objects.create(athlete=athlete, member=member, part=part, from_on=today)
    audit.record("care.appointed", by=by, now=now, about=tie, subjects=[athlete.pk], part=part, member=str(member.pk))
    return tie
