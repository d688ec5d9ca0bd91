"""What a runner told, newest first: three queries a page, whatever is on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from athletes.models import Athlete, Entry, PainReport, SessionLog

PAGE = 30  # sessions
AT_MOST = 200  # answers about pain beside them


@dataclass(frozen=True, slots=True)
class Did:
    """One exercise of a session."""

    name: str
    done: str
    side_done: str
    skipped_reason: str

    @property
    def done_word(self) -> str:
        """How it went, in the model's word."""
        return str(Entry.Done(self.done).label).lower()

    @property
    def why(self) -> str:
        """Why it was skipped, if it was."""
        return str(Entry.Barrier(self.skipped_reason).label).lower() if self.skipped_reason else ""

    @property
    def side(self) -> str:
        """Which side was done, where one was left out."""
        sides = Entry.SideDone
        return str(sides(self.side_done).label).lower() if self.side_done in {sides.LEFT, sides.RIGHT} else ""


@dataclass(frozen=True, slots=True)
class Item:
    """A session or an answer about pain. `corrected`: a later row says it anew; it can still be read."""

    on: date
    at: datetime
    log: SessionLog | None = None
    report: PainReport | None = None
    entries: tuple[Did, ...] = ()
    corrected: bool = False

    @property
    def done(self) -> int:
        """How many exercises were done whole."""
        return sum(did.done == Entry.Done.DONE for did in self.entries)

    @property
    def rest(self) -> tuple[Did, ...]:
        """The exercises that were not done whole."""
        return tuple(did for did in self.entries if did.done != Entry.Done.DONE)


@dataclass(frozen=True, slots=True)
class History:
    """One page: days, newest first, each with what was told of it."""

    days: list[tuple[date, list[Item]]]
    page: int
    has_more: bool


def history(athlete: Athlete, *, page: int) -> History:
    """Return a page of sessions, with the answers about pain of the same days."""
    first = (page - 1) * PAGE
    before = min(page - 1, 1)  # the page before ends with one row: its day is where this page's days begin
    rows = SessionLog.objects.filter(athlete=athlete).select_related("block", "correction")
    found = list(rows.order_by("-performed_on", "-recorded_at", "-pk")[first - before : first + PAGE + 1])
    newer, logs, has_more = found[:before], found[before : before + PAGE], len(found) > before + PAGE
    entries = _entries(logs)
    items = [
        Item(log.performed_on, log.recorded_at, log=log, entries=entries[log.pk], corrected=hasattr(log, "correction"))
        for log in logs
    ]
    items += _reports(athlete, newer, logs if has_more else [])
    items.sort(key=lambda item: (item.on, item.at), reverse=True)
    days = [(on, list(group)) for on, group in groupby(items, key=lambda item: item.on)]
    return History(days, page, has_more)


def _entries(logs: Iterable[SessionLog]) -> dict[UUID, tuple[Did, ...]]:
    found: dict[UUID, list[Did]] = defaultdict(list)
    rows = Entry.objects.filter(log__in=[log.pk for log in logs]).order_by("order")
    for log, *did in rows.values_list("log_id", "exercise__name", "done", "side_done", "skipped_reason"):
        found[log].append(Did(*did))
    return defaultdict(tuple, {log: tuple(dids) for log, dids in found.items()})


def _reports(athlete: Athlete, newer: Sequence[SessionLog], logs: Sequence[SessionLog]) -> list[Item]:
    """Return the answers about pain from the day of the last log to before the last day of the page before."""
    span = Q()
    if logs:
        span &= Q(about_on__gte=logs[-1].performed_on)
    if newer:
        span &= Q(about_on__lt=newer[-1].performed_on)
    rows = PainReport.objects.filter(span, athlete=athlete).order_by("-about_on", "-recorded_at")[:AT_MOST]
    return [Item(report.about_on, report.recorded_at, report=report) for report in rows]
