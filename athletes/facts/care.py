"""Who answers for an athlete."""

from datetime import date

from athletes.models import Athlete, CareTie
from athletes.rules.localtime import DAY
from clinic.models import Member
from clinic.models.member import MemberQuerySet
from clinic.roles import ROLES, Permission, Role

ORDER = {CareTie.Part.LEAD: 0, CareTie.Part.BACKUP: 1, CareTie.Part.COVER: 2}
CLINICIANS = [role for role, granted in ROLES.items() if Permission.PRESCRIBE in granted]


def chain(athlete: Athlete, *, on: date) -> list[Member]:
    """Return who must answer, first to last: lead, backup, cover, then the clinic's owners. Two queries.

    Only living memberships of clinicians: someone who left, or may no longer treat, never owns an alert. A clinic without
    an owner falls back on all its clinicians, so that an alert finds someone.
    """
    ties = CareTie.objects.in_force(on).filter(athlete=athlete).select_related("member")
    team = [
        tie.member for tie in sorted(ties, key=lambda tie: (ORDER[tie.part], tie.from_on)) if _answers(tie.member, on)
    ]
    owners = Member.objects.active(on).filter(role=Role.OWNER).order_by("created_at")
    # Memberships begin on a day of UTC, a day ahead of an American evening: a clinic's first one must not find nobody.
    return list(dict.fromkeys([*team, *owners])) or list(clinicians(on=on)) or list(clinicians(on=on + DAY))


def clinicians(*, on: date) -> MemberQuerySet:
    """Return the clinic's members who may answer an alert, by name."""
    found: MemberQuerySet = Member.objects.active(on).filter(role__in=CLINICIANS).order_by("name")
    return found


def is_on_team(athlete: Athlete, member: Member, *, on: date) -> bool:
    """Tell whether a member has a care tie to an athlete on a day."""
    return bool(CareTie.objects.in_force(on).filter(athlete=athlete, member=member).exists())


def _answers(member: Member, on: date) -> bool:
    active = member.active_from <= on and (member.active_until is None or on <= member.active_until)
    return active and member.may(Permission.PRESCRIBE)
