"""Who is asking, in which clinic: opens the scope that everything below runs in."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from clinic.actions.audit import request_id
from clinic.compiled import compiled
from clinic.models import Member
from clinic.scope import as_user, in_clinic, undo

GetResponse = Callable[[HttpRequest], HttpResponse]


class ScopeMiddleware:
    """Open the clinic's scope around the whole request, rendering included.

    Owns the request's transaction on PostgreSQL (ATOMIC_REQUESTS stays off: its transaction would end before this one
    renders). A 5xx rolls back; a 4xx commits, so that refusals stay audited. Revoked means the next request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id.set(uuid4().hex)
        request.member = None
        if not request.user.is_authenticated:
            return self.get_response(request)  # sign-in, health, signed links: no scope, no transaction
        if clinic_id := request.session.get("clinic_id") or self._only_clinic(request):
            with in_clinic(clinic_id):
                request.member = self._member(request)
                if request.member is not None:
                    return self._respond(request)
            request.session.pop("clinic_id", None)
        with as_user(request.user.pk):  # the clinic picker: only own memberships are readable
            return self._respond(request)

    def _respond(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            undo()
        return response

    def _only_clinic(self, request: HttpRequest) -> int | None:
        with as_user(request.user.pk):
            memberships = Member.objects.active(request.now.date()).filter(user=request.user)
            ids = list(memberships.values_list("clinic_id", flat=True)[:2])
        if len(ids) != 1:
            request.session["many_clinics"] = len(ids) > 1
            return None
        request.session["clinic_id"] = ids[0]
        return ids[0]

    def _member(self, request: HttpRequest) -> Member | None:
        return next(iter(_membership(request.user.pk, request.now.date())), None)


@compiled
def _membership(user: int | None, on: date) -> QuerySet[Member]:
    active: QuerySet[Member] = Member.objects.active(on).filter(user=user)
    return active.select_related("clinic", *settings.MEMBER_BRINGS)
