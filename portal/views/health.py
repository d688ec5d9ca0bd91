"""How the portal is. For machines: no personal data, nothing to sign in to."""

from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from clinic.models import Heartbeat, Message
from clinic.scope import across_clinics
from portal.lockout import is_loopback

LATE = {  # how long each part may be silent before the pipeline is red
    "message": timedelta(minutes=5),
    "sweep": timedelta(minutes=4),
    "full_sweep": timedelta(hours=2),
    "deliver": timedelta(minutes=4),
    "beat": timedelta(minutes=4),
}
REFUSED_FOR = timedelta(days=1)  # an alert's mail that no server took: somebody has to look at the address


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; depends on nothing else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and every migration has run."""
    del request
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse(
        {"ready": not waiting, "database": True, "migrations_waiting": waiting}, status=503 if waiting else 200
    )


@login_not_required
@require_safe
def pipelinez(request: HttpRequest) -> HttpResponse:
    """Say, from database facts, whether due messages leave and the sweep completes. Loopback or HEALTH_TOKEN only."""
    if not _may_ask(request):
        raise Http404
    try:
        ages, refused = _ages(request.now), _is_any_refused(request.now)
    except DatabaseError:
        return JsonResponse({"green": False, "database": False}, status=503)
    red = sorted(part for part, late in LATE.items() if _is_red(part, ages[part], late)) + ["refused"] * refused
    seconds = {part: None if age is None else round(age.total_seconds()) for part, age in ages.items()}
    return JsonResponse({"green": not red, "red": red, "age_seconds": seconds}, status=503 if red else 200)


def _may_ask(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.HEALTH_TOKEN and compare_digest(given.encode(), settings.HEALTH_TOKEN.encode()):
        return True
    return is_loopback(request)


def _ages(now: datetime) -> dict[str, timedelta | None]:
    with across_clinics():
        waiting = Message.objects.filter(state__in=Message.OPEN, due_at__lte=now)
        oldest: datetime | None = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    beats: dict[str, Any] = dict(Heartbeat.objects.values_list("name", "at"))
    since = {"message": oldest, **{part: beats.get(part) for part in LATE if part != "message"}}
    return {part: None if at is None else now - at for part, at in since.items()}


def _is_any_refused(now: datetime) -> bool:
    with across_clinics():
        refused = Message.objects.filter(state=Message.State.FAILED, due_at__gt=now - REFUSED_FOR)
        return bool(refused.filter(delivery=Message.Delivery.AT_LEAST_ONCE).exists())


def _is_red(part: str, age: timedelta | None, late: timedelta) -> bool:
    if age is None:  # no message waits: good. A part that never finished anything: not
        return part != "message"
    return age > late
