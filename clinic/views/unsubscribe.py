"""One-click unsubscribe: RFC 8058."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic import tokens
from clinic.actions import messages
from clinic.models import Member
from clinic.scope import in_clinic


@method_decorator((csrf_exempt, login_not_required), name="dispatch")
class Unsubscribe(View):
    """Stops reminders to whom the link was sent. The mail provider posts for them: no cookie, no redirect, no sign-in.

    GET asks first and names nobody: scanners follow links.
    """

    permission: ClassVar[None] = None
    http_method_names = ("get", "head", "options", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        del args
        link = tokens.read("unsubscribe", kwargs["token"])
        if link is None:
            return self.unknown(request)
        with in_clinic(link.clinic_id):
            member = Member.objects.filter(pk=link.object_id).first()
        return super().dispatch(request, member) if member else self.unknown(request)

    def get(self, request: HttpRequest, member: Member) -> HttpResponse:
        del member
        return render(request, "clinic/unsubscribe.html", {"done": False})

    def post(self, request: HttpRequest, member: Member) -> HttpResponse:
        with in_clinic(member.clinic_id):
            messages.suppress(member=member, kind="nudge", reason="unsubscribed", by=member, now=request.now)
        return render(request, "clinic/unsubscribe.html", {"done": True})

    def unknown(self, request: HttpRequest) -> HttpResponse:
        """Answer a link that was not made here."""
        return render(request, "clinic/unsubscribe_unknown.html", status=404)
