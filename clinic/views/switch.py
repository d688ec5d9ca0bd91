"""Which clinic: for those who belong to several, or to none any more."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.views import View

from clinic.models import Member
from clinic.onward import onward
from clinic.roles import Permission
from clinic.scope import as_user


class Switch(View):
    """The clinics of the person signed in. Stands outside every clinic: it must open without a membership too."""

    permission: ClassVar[Permission] = Permission.SIGNED_IN
    http_method_names = ("get", "head", "options", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        with as_user(request.user.pk):
            memberships = list(self.memberships(request))
        return render(request, "clinic/switch.html", {"memberships": memberships, "next": request.GET.get("next", "")})

    def post(self, request: HttpRequest) -> HttpResponse:
        with as_user(request.user.pk):
            chosen = self.memberships(request).filter(pk=_uuid(request.POST.get("membership", ""))).first()
        if chosen is None:
            raise Http404
        list(messages.get_messages(request))  # what was said in one clinic is not shown in the other
        request.session.cycle_key()
        rotate_token(request)  # a form of the first clinic, open in another tab, must not be saved in this one
        request.session["clinic_id"] = chosen.clinic_id
        return onward(request, otherwise="/")

    def memberships(self, request: HttpRequest) -> Any:
        """Return the memberships in force, as `as_user` shows them: one's own."""
        active = Member.objects.active(request.now.date()).filter(user=request.user)
        return active.select_related("clinic").order_by("clinic__name")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
