"""The doorbell of an alert: who is written to, when, and when once more."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from athletes.facts.alerts import bell_key
from athletes.facts.care import chain
from athletes.models import Alert, AlertEvent
from athletes.rules.targets import OfficeHours, due_by, escalate_at
from clinic.actions import audit, messages
from clinic.models import Clinic, Member, Message

QUIET = {  # CLINICAL.md section 9, dedupe; a red flag has none
    "P1": timedelta(hours=24),
    "P2": timedelta(hours=48),
    "P3": timedelta(days=7),
}


def office_hours(clinic: Clinic) -> OfficeHours:
    """Return the clinic's hours as the rules want them."""
    return OfficeHours(zone=clinic.time_zone, opens=clinic.office_from, closes=clinic.office_until)


def anew(alert: Alert, clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Return what changes where there is more to hear: nothing while the chain still runs, else it begins again."""
    if alert.state == Alert.State.ACKNOWLEDGED:
        return unanswered(alert, clinic, now)
    return chain_anew(alert, clinic, now) if alert.escalate_at is None else {}


def unanswered(alert: Alert, clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Return what an alert is once more that nobody has: open, its targets and its chain begun anew."""
    return {
        "state": Alert.State.OPEN,
        "due_by": due_by(alert.level, now, office_hours(clinic)),
        "acknowledged_at": None,
        "acknowledged_by": None,
        **chain_anew(alert, clinic, now),
    }


def chain_anew(alert: Alert, clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Return what an alert is when those after its owner are to be told from the first on."""
    return {"escalate_at": escalate_at(alert.level, now, office_hours(clinic)), "escalations": 0}


def is_quiet_over(alert: Alert, now: datetime) -> bool:
    """Tell whether one more finding rings an owner who has not answered yet."""
    since = now - QUIET.get(alert.kind, timedelta())
    rings = AlertEvent.objects.filter(alert=alert, kind=AlertEvent.Kind.MAILED, to=alert.owner_id)
    return not rings.filter(at__gt=since).exists()


def ring(*, alert: Alert, to: Member, now: datetime) -> None:
    """Send the doorbell: a mail that names nobody and says nothing but that an item needs review."""
    rings = AlertEvent.objects.filter(alert=alert, kind=AlertEvent.Kind.MAILED).count()
    messages.enqueue(
        kind="alert",
        key=bell_key(alert.pk, rings),
        to=to,
        path=f"/alerts/{alert.pk}/",
        delivery=Message.Delivery.AT_LEAST_ONCE,
        due_at=now,
        now=now,
    )
    AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.MAILED, at=now, to=to)


@transaction.atomic
def escalate(*, alert: Alert, now: datetime, unheard: bool = False) -> Alert:
    """Ring the next in the chain, because nobody acknowledged in time: backup first, then the clinic's owner.

    Two sweeps at once ring once, and an alert that was acknowledged since does not ring. `unheard`: it is because the
    mail about the last ring did not arrive.
    """
    others = [member for member in chain(alert.athlete, now=now) if member != alert.owner]
    step = alert.escalations
    more = step + 1 < len(others)
    claimed = Alert.objects.filter(pk=alert.pk, state=Alert.State.OPEN, escalations=step).update(
        escalations=step + 1,
        escalate_at=escalate_at(alert.level, now, office_hours(alert.clinic), step=step + 1) if more else None,
    )
    alert.refresh_from_db()
    if not claimed:
        return alert
    if step < len(others):
        ring(alert=alert, to=others[step], now=now)
        detail = {"unheard": True} if unheard else {}
        AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.ESCALATED, at=now, to=others[step], detail=detail)
    audit.record("alert.escalated", by=None, now=now, about=alert, subjects=[alert.athlete_id])
    return alert
