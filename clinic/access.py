"""Permission, once: the bases that every page and every API view stands on. Default deny."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import PermissionDenied as ApiDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from clinic.errors import ConflictError, RefusedError
from clinic.models import Member
from clinic.problems import words
from clinic.roles import Permission

NOT_TYPED = ("csrfmiddlewaretoken", "client_id")
VERBS = ("get", "post", "put", "patch", "delete")


def require_permission(view: type) -> None:
    """Refuse to define a view that answers a method without saying which permission it asks for."""
    if any(hasattr(view, verb) for verb in VERBS) and not isinstance(getattr(view, "permission", None), Permission):
        raise TypeError(f"{view.__qualname__} answers requests but declares no permission.")


class ClinicView(View):
    """A page inside a clinic. A concrete page that declares no `permission` cannot be defined."""

    permission: ClassVar[Permission]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        require_permission(cls)

    @property
    def member(self) -> Member:
        """Who is asking."""
        member: Member = self.request.member
        return member

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.member is None:  # signed in, but in no clinic: revoked, or one to choose
            wished = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
            return redirect(reverse("clinic:switch") + wished)
        if not request.member.may(self.permission):
            raise PermissionDenied
        try:
            return self.enter(request, *args, **kwargs)
        except RefusedError as error:
            raise PermissionDenied(words(error)) from error
        except ConflictError as error:
            typed = [(name, value) for name, value in request.POST.items() if value and name not in NOT_TYPED]
            return render(request, "409.html", {"message": words(error), "kept": typed}, status=409)

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer once the role is allowed; subclasses resolve their object first."""
        return super().dispatch(request, *args, **kwargs)

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Answer with a page."""
        return render(self.request, template, context, status=status)


class MemberAuthentication(BaseAuthentication):
    """Repeat what the scope middleware found, and enforce CSRF: the API has no sign-in of its own."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        django_request = request._request
        if getattr(django_request, "member", None) is None:
            return None
        check = CSRFCheck(lambda _: HttpResponse())
        check.process_request(django_request)
        if reason := check.process_view(django_request, lambda *_: HttpResponse(), (), {}):
            raise ApiDenied(f"CSRF Failed: {reason}")
        return django_request.user, None


class HasPermission(BasePermission):
    """The view's declared permission, asked of the member's role."""

    def has_permission(self, request: Request, view: Any) -> bool:
        member = getattr(request._request, "member", None)
        return member is not None and member.may(view.permission)


class ClinicAPI(APIView):
    """An API view inside a clinic, under the same rule: no permission, no view."""

    permission: ClassVar[Permission]
    authentication_classes = (MemberAuthentication,)
    permission_classes = (IsAuthenticated, HasPermission)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        require_permission(cls)

    @property
    def member(self) -> Member:
        """Who is asking."""
        member: Member = self.request._request.member
        return member
