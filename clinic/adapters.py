"""What we change about django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import RequestLoginCodeForm
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up: the clinic invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def generate_login_code(self) -> str:
        """Six digits: read once, typed with one thumb."""
        return get_random_string(6, "0123456789")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        del request
        return "/"


class CodeForm(RequestLoginCodeForm):
    """Takes the address from the sign-in form, whose second button asks for a code instead of a password."""

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and "login" in data and "email" not in data:
            data = data.copy()
            data.setlist("email", data.getlist("login"))
        super().__init__(data, *args, **kwargs)
