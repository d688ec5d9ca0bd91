"""The demo's clock: a visitor moves it forward and watches what the portal does about it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from kombu.exceptions import OperationalError

from clinic.models import Clinic
from portal import clock, tasks

MORNING = time(7)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next 07:00 on the clinic's wall, which is never now."""
    here = now.astimezone(zone)
    today = datetime.combine(here.date(), MORNING, zone)
    return today if today > here else datetime.combine(here.date() + timedelta(days=1), MORNING, zone)


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the same time on the clinic's wall, a day on."""
    return (now.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)


def three_hours_on(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant three hours from now: from 07:00 it is when most reminders go out."""
    return (now + timedelta(hours=3)).astimezone(zone)


STEPS: dict[str, Callable[[datetime, ZoneInfo], datetime]] = {
    "morning": next_morning,
    "hours": three_hours_on,
    "day": next_day,
}


def ring() -> None:
    """Ask for a sweep and a delivery now. Without a broker beat will, when it is back."""
    with suppress(OperationalError, OSError):
        (tasks.sweep.si() | tasks.deliver.si()).apply_async(expires=60)


@method_decorator(login_not_required, name="dispatch")
class Clock(View):
    """Show the clock, and move it forward."""

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = self._zone()
        moves = {name: step(request.now, zone) for name, step in STEPS.items()}
        return render(request, "demo/clock.html", {"now": request.now, "zone": zone, "moves": moves})

    def post(self, request: HttpRequest) -> HttpResponse:
        step = STEPS.get(request.POST.get("to", ""))
        if step is None:
            return self.get(request)
        clock.move_to(step(request.now, self._zone()))
        ring()
        messages.success(request, _("The clock has moved. What fell due is on its way."))
        return redirect("demo:clock")

    def _zone(self) -> ZoneInfo:
        clinic = Clinic.objects.order_by("pk").first()
        return ZoneInfo(clinic.time_zone if clinic else "UTC")
