"""Who answers for an athlete."""

from datetime import date, datetime

from athletes.models import Athlete, CareTie
from athletes.rules.localtime import local_date
from clinic.models import Member
from clinic.models.member import MemberQuerySet
from clinic.roles import ROLES, Permission, Role

ORDER = {CareTie.Part.LEAD: 0, CareTie.Part.BACKUP: 1, CareTie.Part.COVER: 2}
CLINICIANS = [role for role, granted in ROLES.items() if Permission.PRESCRIBE in granted]


def chain(athlete: Athlete, *, now: datetime) -> list[Member]:
    """Return who must answer, first to last: lead, backup, cover, then the clinic's owners. Two queries.

    Only living memberships of clinicians: someone who left, or may no longer treat, never owns an alert. A clinic without
    an owner falls back on all its clinicians, so that an alert finds someone.
    """
    on = local_date(now, athlete.time_zone)
    ties = CareTie.objects.in_force(on).filter(athlete=athlete).select_related("member")
    in_order = sorted(ties, key=lambda tie: (ORDER[tie.part], tie.from_on, tie.pk))  # of one day: who joined first
    team = [tie.member for tie in in_order if _answers(tie.member, now)]
    owners = Member.objects.active(now.date()).filter(role=Role.OWNER).order_by("created_at")
    return list(dict.fromkeys([*team, *owners])) or list(clinicians(now=now))


def clinicians(*, now: datetime) -> MemberQuerySet:
    """Return the clinic's members who may answer an alert, by name. A membership's days are of UTC, a tie's the runner's."""
    found: MemberQuerySet = Member.objects.active(now.date()).filter(role__in=CLINICIANS).order_by("name")
    return found


def is_on_team(athlete: Athlete, member: Member, *, on: date) -> bool:
    """Tell whether a member has a care tie to an athlete on a day."""
    return bool(CareTie.objects.in_force(on).filter(athlete=athlete, member=member).exists())


def _answers(member: Member, now: datetime) -> bool:
    on = now.date()
    active = member.active_from <= on and (member.active_until is None or on <= member.active_until)
    return active and member.may(Permission.PRESCRIBE)
