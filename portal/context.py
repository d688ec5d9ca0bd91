"""What the frame around every page shows: who is signed in, where, and what waits."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from athletes.models import Alert
from clinic.roles import Permission


class Section(NamedTuple):
    """A part of the staff's side, and who sees it."""

    view: str
    icon: str
    label: Promise
    permission: Permission


class Entry(NamedTuple):
    """One line of the navigation."""

    url: str
    icon: str
    label: Promise
    current: bool
    count: int = 0  # type: ignore[assignment]  # tuple has a method of this name, which nobody calls


SECTIONS = (
    Section("athletes:caseload", "people", _("Caseload"), Permission.READ_CASELOAD),
    Section("athletes:alerts", "bell", _("Alerts"), Permission.READ_CLINICAL),
    Section("exercises:library", "collection", _("Library"), Permission.READ_LIBRARY),
    Section("clinic:staff", "person-check", _("Staff"), Permission.MANAGE_CLINIC),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Add `shell`: member, clinic, and the staff's navigation. One query for a clinician (open alerts), else none."""
    member = getattr(request, "member", None)
    many = member is not None and request.session.get("many_clinics")
    return {
        "shell": {
            "member": member,
            "clinic": member.clinic if member else None,
            "nav": list(_nav(request)) if member and member.is_staff_member else [],
            "memberships": 2 if many else 1,
            "demo": _demo(request) if settings.DEMO else None,
        }
    }


def _demo(request: HttpRequest) -> dict[str, Any]:
    """Return what the demo's line shows: its clock, which a visitor may move, and the mail it sent."""
    member = getattr(request, "member", None)
    return {
        "now": getattr(request, "now", None),
        "zone": member.clinic.time_zone if member else settings.TIME_ZONE,
        "clock_url": reverse("demo:clock"),
        "mailbox_url": reverse("demo:mailbox"),
    }


def _nav(request: HttpRequest) -> Iterator[Entry]:
    for section in SECTIONS:
        if not request.member.may(section.permission):
            continue
        url = reverse(section.view)
        waits = Alert.objects.filter(state=Alert.State.OPEN).count() if section.view == "athletes:alerts" else 0
        yield Entry(url, section.icon, section.label, request.path.startswith(url), waits)
