"""The staff page."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When

from clinic.models import Invitation, Member
from clinic.roles import Role

ORDER = (Role.OWNER, Role.THERAPIST, Role.ASSISTANT)


def roll(*, now: datetime) -> list[Any]:
    """Return who works here, owners first, each with `is_invited`: an invitation that still waits. One query."""
    waiting = Invitation.objects.filter(member=OuterRef("pk"), accepted_at=None, revoked_at=None, expires_at__gt=now)
    rank = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(ORDER)), output_field=IntegerField())
    people = Member.objects.staff().active(now.date()).annotate(is_invited=Exists(waiting), rank=rank)
    return list(people.order_by("rank", "name"))
