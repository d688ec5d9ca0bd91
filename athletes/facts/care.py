"""Who answers for an athlete."""

from datetime import date

from athletes.models import Athlete, CareTie
from clinic.models import Member
from clinic.roles import Role

ORDER = {CareTie.Part.LEAD: 0, CareTie.Part.BACKUP: 1, CareTie.Part.COVER: 2}


def chain(athlete: Athlete, *, on: date) -> list[Member]:
    """Return who must answer, first to last: lead, backup, cover, then the clinic's owners. Two queries.

    Only living memberships: a deactivated clinician never owns an alert.
    """
    ties = CareTie.objects.in_force(on).filter(athlete=athlete).select_related("member")
    team = [tie.member for tie in sorted(ties, key=lambda tie: ORDER[tie.part]) if _active(tie.member, on)]
    owners = Member.objects.active(on).filter(role=Role.OWNER).order_by("created_at")
    return list(dict.fromkeys([*team, *owners]))


def is_on_team(athlete: Athlete, member: Member, *, on: date) -> bool:
    """Tell whether a member has a care tie to an athlete on a day."""
    return bool(CareTie.objects.in_force(on).filter(athlete=athlete, member=member).exists())


def _active(member: Member, on: date) -> bool:
    return member.active_from <= on and (member.active_until is None or on <= member.active_until)
