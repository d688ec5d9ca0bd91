"""One runner's record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from athletes import charts, charts_record
from athletes.access import AthleteView
from athletes.facts import editions, record
from athletes.facts.editions import Shelf
from athletes.facts.programs import succession
from athletes.facts.record import Clinical, Happening
from athletes.models import Athlete, SessionLog
from athletes.rules.bands import Limits
from athletes.rules.windows import local_date
from clinic.roles import Permission

SPANS = (28, 56, 182)  # days
SHOWN = (14, 60, 200)  # things that happened


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of the story, with the time of day where it is known."""

    kind: str
    thing: object
    time: str


class Record(AthleteView):
    """What is known of a runner: all of it for a clinician, contact and adherence for an assistant."""

    permission: ClassVar[Permission] = Permission.READ_CASELOAD

    def get(self, request: HttpRequest) -> HttpResponse:
        desk = record.desk(self.athlete, self.member, now=request.now)
        shown: dict[str, Any] = {
            "athlete": self.athlete,
            "desk": desk,
            "calendar": charts_record.calendar(desk.weeks, desk.week_rates),
        }
        if not self.member.may(Permission.READ_CLINICAL):
            return self.render("athletes/record_desk.html", **shown)
        may_write = desk.on_team and self.member.may(Permission.PRESCRIBE)
        return self.render("athletes/record.html", **shown, **self.clinical(desk.today), may_write=may_write)

    def clinical(self, today: date) -> dict[str, Any]:
        """Return what only a clinician reads."""
        span, limit = self.asked("span", SPANS, 56), self.asked("shown", SHOWN, SHOWN[0])
        found = record.clinical(self.athlete, now=self.request.now, span=span, shown=limit)
        shelves = editions.shelves(self.athlete, on=today)
        clinic = self.member.clinic
        limits = Limits(clinic.watch_from, clinic.stop_from)
        chart = charts_record.pain_weeks(found.pain, usual=found.usual, limits=limits, editions=flags(shelves))
        return {
            "found": found,
            "shelves": shelves,
            "chart": chart,
            "bands": (limits.watch_from - 1, limits.stop_from - 1),
            "age": age(self.athlete, today),
            "as_written": as_written(found),
            "newest_morning": charts.newest([day.morning for day in found.pain]),
            "pain_table": [day for day in reversed(found.pain) if day.highest is not None],
            "story": by_day(found.story, self.athlete, self.request.now),
            "span": span,
            "spans": [(days, days // 7) for days in SPANS],
            "more": next((n for n in SHOWN if n > limit), None) if found.more else None,
        }

    def asked(self, name: str, allowed: tuple[int, ...], otherwise: int) -> int:
        """Read a number from the address; one that is not offered is the default."""
        value = self.request.GET.get(name, "")
        return int(value) if value in map(str, allowed) else otherwise


def age(athlete: Athlete, today: date) -> int | None:
    """Return the age in whole years, where the birthday is known."""
    if (born := athlete.birth_on) is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def as_written(found: Clinical) -> str:
    """Say how many of the exercises told of were done whole, in percent; a dash without any."""
    done, told = found.as_written
    return f"{100 * done // told}" if told else charts.DASH


def flags(shelves: Iterable[Shelf]) -> list[tuple[date, str]]:
    """Return the days from which editions of the running programs hold, oldest first; unnamed where several run."""
    running = [shelf for shelf in shelves if shelf.current or shelf.ahead]
    found = [(shelf.program, reign.version) for shelf in running for reign in succession(shelf.history)]
    return [
        (
            version.effective_on,
            f"v{version.number}" if len(running) == 1 else f"{program.title[:12]} v{version.number}",
        )
        for program, version in found
        if version.effective_on
    ]


def by_day(story: Iterable[Happening], athlete: Athlete, now: datetime) -> list[tuple[str, list[Told]]]:
    """Return what happened by local day, newest first."""
    zone, today = athlete.time_zone, local_date(now, athlete.time_zone)
    days = groupby(story, key=lambda happening: local_date(happening.at, zone))
    return [(day_words(on, today), [_told(happening, zone) for happening in group]) for on, group in days]


def day_words(on: date, today: date) -> str:
    """Say a day: today, yesterday, Sunday 22 November."""
    near = {0: _("Today"), 1: _("Yesterday")}
    return near.get((today - on).days) or format_date(on, "l j F" if on.year == today.year else "j F Y")


def _told(happening: Happening, zone: str) -> Told:
    thing, time = happening.thing, f"{happening.at.astimezone(ZoneInfo(zone)):%H:%M}"
    if isinstance(thing, SessionLog) and local_date(thing.recorded_at, zone) != thing.performed_on:
        time = ""  # told later: of that day we know only the day
    return Told(happening.kind, thing, time)
