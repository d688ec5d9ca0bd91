"""Alerts whose owner, or whoever acknowledged them, has left the clinic."""

from datetime import datetime

from django.db import transaction

from athletes.actions.doorbell import ring, unanswered
from athletes.facts.care import chain
from athletes.models import Alert, AlertEvent
from clinic.actions import audit
from clinic.models import Member


@transaction.atomic
def hand_on(*, alert: Alert, now: datetime) -> Alert:
    """Ring the next who must answer for a live alert, because whoever had it is no longer a member.

    Its owner stays if they are still here. Unless who acknowledged it is, too, nobody has it: it is open again.
    """
    here = Member.objects.active(now.date()).filter(pk__in=(alert.owner_id, alert.acknowledged_by_id))
    still = set(here.values_list("pk", flat=True))
    others = [to for to in chain(alert.athlete, now=now) if to != alert.owner]
    to = alert.owner if alert.owner_id in still else others[0]
    changes = {} if alert.acknowledged_by_id in still else unanswered(alert, alert.athlete.clinic, now)
    same = Alert.objects.filter(pk=alert.pk, owner=alert.owner, state=alert.state)
    if same.update(owner=to, **changes):
        AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.ASSIGNED, at=now, to=to)
        ring(alert=alert, to=to, now=now)
        audit.record("alert.handed_on", by=None, now=now, about=alert, subjects=[alert.athlete_id], to=str(to.pk))
    alert.refresh_from_db()
    return alert
