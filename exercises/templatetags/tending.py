"""The doors beside an exercise or a protocol, for those who may change it."""

from django import template
from django.urls import reverse

from exercises.models import Exercise, Protocol

register = template.Library()

PAGES = ("edit", "copy", "history", "retire", "bring_back")


@register.simple_tag
def tending(row: Exercise | Protocol) -> dict[str, str]:
    """Return the addresses of a row's own pages, by name."""
    noun = type(row).__name__.lower()
    doors = {page: reverse(f"exercises:{noun}_{page}", args=[row.pk]) for page in PAGES}
    if isinstance(row, Exercise):
        doors["media"] = reverse("exercises:media", args=[row.pk])
    return doors
