"""What we change about django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
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
