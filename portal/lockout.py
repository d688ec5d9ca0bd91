"""Whom a failed sign-in is counted against."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def account(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the address that was tried, in one spelling: allauth calls it `login` in the form, `email` afterwards."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username")
    tried = tried or (request.POST.get("login", "") if request else "")
    return str(tried).strip().lower()
