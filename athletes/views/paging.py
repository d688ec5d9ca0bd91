"""Pages of a list, by number."""

from django.http import HttpRequest

DIGITS = 5


def page_number(request: HttpRequest) -> int:
    """Read which page is asked for; anything but a small number is the first."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= DIGITS else 1
