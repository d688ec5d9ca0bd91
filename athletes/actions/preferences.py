"""What a runner chose about being written to."""

from datetime import datetime, time

from django.db import transaction

from athletes.models import Athlete
from clinic.actions import audit, messages
from clinic.models import Member


@transaction.atomic
def choose(*, athlete: Athlete, wanted: bool, remind_at: time, by: Member, now: datetime) -> Athlete:
    """Set when reminders come, and whether they come at all; what waits to be sent is taken back at once."""
    if wanted:
        messages.allow(member=athlete.member, kind="nudge", by=by, now=now)
    else:
        messages.suppress(member=athlete.member, kind="nudge", reason="setting", by=by, now=now)
    if athlete.remind_at != remind_at:
        athlete.remind_at = remind_at
        athlete.save(update_fields=["remind_at"])
        audit.record("athlete.reminders_set", by=by, now=now, about=athlete, subjects=[athlete.pk])
    return athlete
