"""Changes to a membership."""

from datetime import datetime, timedelta

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError, DomainError
from clinic.models import Invitation, Member
from clinic.roles import Role


@transaction.atomic
def end(*, member: Member, by: Member, now: datetime) -> Member:
    """End a membership at once: the next request and the next message find it over. The record stays.

    Raises DomainError `yourself` (nobody locks themself out) and ConflictError `not_open` when it has ended.
    """
    today = now.date()
    if member.pk == by.pk:
        raise DomainError("yourself")
    yesterday = today - timedelta(days=1)  # days are whole, and today's next request must be refused
    held = Member.objects.active(today).filter(pk=member.pk)
    if not held.update(active_until=yesterday, active_from=min(member.active_from, yesterday)):
        raise ConflictError("not_open")
    member.refresh_from_db()
    Invitation.objects.filter(member=member, accepted_at=None, revoked_at=None).update(revoked_at=now)
    audit.record("member.ended", by=by, now=now, about=member, role=Role(member.role).value)
    return member
