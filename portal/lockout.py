"""Who knocks: the account that was tried, and the address it was tried from."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def account(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the address that was tried, in one spelling: allauth calls it `login` in the form, `email` afterwards."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username")
    tried = tried or (request.POST.get("login", "") if request else "")
    return str(tried).strip().lower()


def client_ip(request: HttpRequest) -> str:
    """Return the address that asks. Only a proxy of our own may name another: the last one it appended."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def is_loopback(request: HttpRequest) -> bool:
    """Whether this machine itself asks, and not somebody through a proxy on it."""
    if request.headers.get("X-Forwarded-For"):
        return False
    with suppress(ValueError):
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    return False
