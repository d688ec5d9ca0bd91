"""The editors' pages: the doors to them, their buttons, and where the cursor goes on."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from exercises.models import Exercise, Protocol

register = template.Library()

PAGES = ("edit", "copy", "history", "retire", "bring_back")
AUTOFOCUS = SafeString(" autofocus")


@register.simple_tag
def doors(row: Exercise | Protocol) -> dict[str, str]:
    """Return the addresses of a row's own pages, by name."""
    noun = type(row).__name__.lower()
    found = {page: reverse(f"exercises:{noun}_{page}", args=[row.pk]) for page in PAGES}
    if isinstance(row, Exercise):
        found["media"] = reverse("exercises:media", args=[row.pk])
    return found


@register.simple_tag(takes_context=True)
def press(context: dict[str, Any], verb: str, place: int | str) -> SafeString:
    """Write what a button does, and take the cursor back to it when it was just pressed."""
    does = f"{verb}:{place}"
    return format_html('name="do" value="{}"{}', does, AUTOFOCUS if context.get("focus") == does else "")


@register.simple_tag(takes_context=True)
def cursor(context: dict[str, Any], name: str) -> str:
    """Put the cursor into the field that comes next."""
    return AUTOFOCUS if context.get("focus") == name else ""
