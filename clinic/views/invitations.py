"""The way in: the page behind an invitation's link."""

from typing import Any, ClassVar

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from clinic import tokens
from clinic.actions import invitations
from clinic.errors import DomainError
from clinic.forms import PasswordForm
from clinic.models import Invitation, User
from clinic.problems import words
from clinic.scope import in_clinic

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@method_decorator(login_not_required, name="dispatch")
class Accept(View):
    """Anyone who holds the link may accept it, once. Reading the page changes nothing: mail scanners follow links."""

    permission: ClassVar[None] = None
    http_method_names = ("get", "head", "options", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        del args
        invitation = self.find(kwargs["token"])
        if invitation is None or not invitation.is_open(request.now):
            return self.closed(request)
        return super().dispatch(request, invitation)

    def find(self, token: str) -> Invitation | None:
        """Return the invitation behind a link. The link's scope closes again: the page is drawn in the reader's own."""
        link = tokens.read("invitation", token)
        if link is None:
            return None
        with in_clinic(link.clinic_id):
            return invitations.find(token)

    def get(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        return self.page(request, invitation, PasswordForm())

    def post(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        form = PasswordForm(request.POST)
        if user is None and not form.is_valid():
            return self.page(request, invitation, form, status=422)
        password = "" if user else form.cleaned_data["password"]
        try:
            with in_clinic(invitation.clinic_id):
                person = invitations.accept(invitation=invitation, user=user, password=password, now=request.now)
        except ValidationError as error:
            form.add_error("password", error)
            return self.page(request, invitation, form, status=422)
        except DomainError as error:
            return self.page(request, invitation, PasswordForm(), status=422, error=words(error))
        if user is None:
            login(request, person, backend=BACKEND)
        else:
            request.session.cycle_key()
            rotate_token(request)  # see views/switch.py; signing in rotates it by itself
        request.session["clinic_id"] = invitation.clinic_id
        request.session["many_clinics"] = user is not None  # who was signed in came from another one
        return redirect("/")

    def page(self, request: HttpRequest, invitation: Invitation, form: PasswordForm, **more: Any) -> HttpResponse:
        """Show what to do: choose a password, sign in first, join as oneself, or leave another's account first."""
        member, status = invitation.member, more.pop("status", 200)
        if request.user.is_authenticated:
            step = "join" if request.user.email == member.email else "leave"
        else:
            step = "sign_in" if User.objects.filter(email=member.email).exists() else "choose"
        context = {"member": member, "clinic": member.clinic, "form": form, "step": step, **more}
        return render(request, "clinic/invitation.html", context, status=status)

    def closed(self, request: HttpRequest) -> HttpResponse:
        """Answer the same for a link that is used up, replaced, too old or made up."""
        return render(request, "clinic/invitation_closed.html", status=404)
