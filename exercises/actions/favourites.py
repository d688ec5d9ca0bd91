"""A member's stars on exercises."""

from datetime import datetime

from django.db import transaction

from clinic.actions import audit
from clinic.models import Member
from exercises.models import Exercise, Favourite


@transaction.atomic
def star(*, exercise: Exercise, by: Member, now: datetime) -> Favourite:
    """Keep an exercise at hand for a member; a second star changes nothing."""
    favourite, new = Favourite.objects.get_or_create(member=by, exercise=exercise)
    if new:
        audit.record("exercise.starred", by=by, now=now, about=exercise)
    return favourite


@transaction.atomic
def unstar(*, exercise: Exercise, by: Member, now: datetime) -> None:
    """Take a member's star away; without one nothing changes."""
    deleted, _ = Favourite.objects.filter(member=by, exercise=exercise).delete()
    if deleted:
        audit.record("exercise.unstarred", by=by, now=now, about=exercise)
