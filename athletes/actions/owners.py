"""Alerts whose owner has left the clinic."""

from datetime import datetime

from django.db import transaction

from athletes.actions.alerts import ring
from athletes.facts.care import chain
from athletes.models import Alert, AlertEvent
from athletes.rules.windows import local_date
from clinic.actions import audit


@transaction.atomic
def hand_on(*, alert: Alert, now: datetime) -> Alert:
    """Give a live alert to the next who must answer, and ring: its owner is no longer a member."""
    others = [to for to in chain(alert.athlete, on=local_date(now, alert.athlete.time_zone)) if to != alert.owner]
    to = others[0]
    if Alert.objects.filter(pk=alert.pk, owner=alert.owner, state__in=Alert.LIVE).update(owner=to):
        AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.ASSIGNED, at=now, to=to)
        ring(alert=alert, to=to, now=now)
        audit.record("alert.handed_on", by=None, now=now, about=alert, subjects=[alert.athlete_id], to=str(to.pk))
    alert.refresh_from_db()
    return alert
