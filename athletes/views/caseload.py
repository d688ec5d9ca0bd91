"""The therapist's first page: who needs a person, and why."""

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from athletes import charts
from athletes.facts import caseload, roster
from athletes.facts.caseload import Lens, Listing
from athletes.facts.roster import Row
from athletes.rules.bands import Limits
from athletes.rules.triage import Group
from athletes.views.paging import page_number
from clinic.access import ClinicView
from clinic.actions import audit
from clinic.roles import Permission, Role

FILTERS: dict[str, Promise] = {
    "all": lazy("All"),
    "alert": lazy("Alert"),
    "pain": lazy("Pain to watch"),
    "silent": lazy("Silent"),
    "no_program": lazy("No program"),
    "hold": lazy("On hold"),
    "paused": lazy("Paused"),
    "discharged": lazy("Discharged"),
}
ALWAYS = ("all", "alert", "silent", "paused")  # shown with a zero, too
GROUPS: dict[Group, tuple[Promise, Promise]] = {
    "needs": (lazy("Needs you"), lazy("someone has to look today")),
    "watch": (lazy("Watch"), lazy("nothing to do yet, something to know")),
    "track": (lazy("Nothing raised"), lazy("no alert, no long silence, no pain to watch")),
    "left": (lazy("Discharged"), lazy("the record stays")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its pictures drawn."""

    row: Row
    strip: SafeString
    spark: SafeString | None
    newest: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one group that fall on this page; `count` is how many there are on all pages."""

    name: Promise
    words: Promise
    count: int
    lines: list[Line]


class Caseload(ClinicView):
    """All runners a member sees, grouped by who needs a person, fifty to a page."""

    permission: ClassVar[Permission] = Permission.READ_CASELOAD

    def get(self, request: HttpRequest) -> HttpResponse:
        lens = self.lens()
        found = caseload.listing(self.member, lens, now=request.now)
        rows = roster.rows(found.page, self.member, now=request.now)
        audit.record(
            "caseload.listed", by=self.member, now=request.now, subjects=[one.athlete.pk for one in found.page]
        )
        clinical = self.member.may(Permission.READ_CLINICAL)
        return self.render(
            "athletes/caseload.html",
            lens=lens,
            found=found,
            clinical=clinical,
            headline=headline(found, clinical=clinical),
            summary=summary(found, lens),
            may_invite=self.member.may(Permission.INVITE),
            filters=[
                (name, FILTERS[name], n) for name, n in found.filters.items() if n or name in (*ALWAYS, lens.keep)
            ],
            sections=self.sections(rows, found) if clinical else [],
            lines=[] if clinical else [self.line(row) for row in rows],
        )

    def lens(self) -> Lens:
        """Read what is asked for; a therapist sees their own runners first."""
        asked = self.request.GET
        usual = "mine" if self.member.role == Role.THERAPIST else "clinic"
        whose = asked.get("whose", usual) if self.member.may(Permission.JOIN_CARE) else "clinic"
        return Lens(
            whose=whose if whose in {"mine", "clinic"} else usual,
            keep=asked.get("show", "all") if asked.get("show") in FILTERS else "all",
            search=asked.get("q", "").strip()[:80],
            page=page_number(self.request),
        )

    def sections(self, rows: list[Row], found: Listing) -> list[Section]:
        """Group the rows, which come sorted by their reason."""
        return [
            Section(*GROUPS[group], found.groups[group], [self.line(row) for row in members])
            for group, members in groupby(rows, key=lambda row: row.reason.group)
        ]

    def line(self, row: Row) -> Line:
        """Draw a row's pictures."""
        clinic, pain = self.member.clinic, row.pain
        limits = Limits(clinic.watch_from, clinic.stop_from)
        return Line(
            row=row,
            strip=charts.strip(row.glyphs),
            spark=charts.sparkline(pain.scores, pain.usual, limits, pain.asked) if pain else None,
            newest=charts.newest(pain.scores) if pain else None,
        )


def headline(found: Listing, *, clinical: bool) -> str:
    """Say the one thing that matters."""
    if not clinical:
        return _("Runners")
    if found.needs:
        words = ngettext("%(n)s runner needs you today", "%(n)s runners need you today", found.needs)
        return capfirst(words % {"n": apnumber(found.needs)})
    return _("Nobody needs you today") if found.filters["all"] else _("No runners yet")


def summary(found: Listing, lens: Lens) -> str:
    """Say who is there, and what else there is to know."""
    n, counts = found.filters["all"], found.filters
    if lens.whose == "mine":
        in_care = ngettext("%(n)d runner in your care.", "%(n)d runners in your care.", n) % {"n": n}
    else:
        in_care = ngettext("%(n)d runner in this clinic.", "%(n)d runners in this clinic.", n) % {"n": n}
    told = [_("%(n)d logged in the last 24 hours") % {"n": found.logged_lately}]
    if counts.get("paused"):
        told.append(_("%(n)d paused") % {"n": counts["paused"]})
    if counts.get("silent"):
        told.append(_("%(n)d silent for %(days)d days or more") % {"n": counts["silent"], "days": found.silent_days})
    return f"{in_care} {', '.join(told)}." if n else in_care
