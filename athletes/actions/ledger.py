"""The due ledger: rows made ahead of time, so that silence is found without the athlete acting."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef

from athletes.models import Athlete, Block, DueSession, Pause, Program, ProgramVersion
from athletes.rules.windows import Window, local_date, truncate, windows

AHEAD = timedelta(days=14)
State = DueSession.State


@transaction.atomic
def extend(*, athletes: Iterable[Athlete], now: datetime) -> int:
    """Make the windows of the next 14 days that are not yet there. Doing it twice adds nothing. Returns how many.

    A fixed number of queries for any number of athletes.
    """
    wanted = {athlete.pk: athlete for athlete in athletes if athlete.state != Athlete.State.DISCHARGED}
    editions = _editions(wanted)
    answered = _answered(wanted)
    pauses = _pauses(wanted)
    rows = []
    for athlete_id, versions in editions.items():
        athlete = wanted[athlete_id]
        today = local_date(now, athlete.time_zone)
        for block, window in _windows(versions, today, athlete.time_zone):
            if (block.lineage, window.from_on, window.slot) not in answered[athlete_id]:
                rows.append(_row(athlete, block, window, pauses[athlete_id]))
    before = DueSession.objects.filter(athlete__in=wanted).count()
    DueSession.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return int(DueSession.objects.filter(athlete__in=wanted).count() - before)


@transaction.atomic
def rebuild(*, athlete: Athlete, program: Program, effective_on: date, now: datetime) -> None:
    """Take a program's open windows from a day on out of the ledger and make them anew from the edition in force.

    What was answered stays. A window that began before the day ends the day before it.
    """
    old = DueSession.objects.filter(athlete=athlete, block__version__program=program, closes_at__gt=now)
    open_rows = old.filter(state__in=(State.DUE, State.EXCUSED))
    open_rows.filter(from_on__gte=effective_on).delete()
    for row in open_rows.filter(from_on__lt=effective_on, until_on__gte=effective_on):
        window = Window(row.from_on, row.until_on, row.slot, row.opens_at, row.closes_at)
        cut = truncate(window, before=effective_on, zone=athlete.time_zone)
        row.until_on, row.closes_at = cut.until_on, cut.closes_at
        row.save(update_fields=["until_on", "closes_at"])
    extend(athletes=[athlete], now=now)


def drop_open(*, programs: Iterable[Program], now: datetime) -> None:
    """Take what has not closed yet out of the ledger: the program ended, or the athlete left."""
    rows = DueSession.objects.filter(block__version__program__in=programs, closes_at__gt=now)
    rows.filter(state__in=(State.DUE, State.EXCUSED)).delete()


def apply_pauses(*, athlete: Athlete, now: datetime) -> None:
    """Excuse the windows that lie wholly in a pause, and make those due again that no longer do."""
    pauses = list(Pause.objects.filter(athlete=athlete))
    rows = DueSession.objects.filter(athlete=athlete, closes_at__gt=now, state__in=(State.DUE, State.EXCUSED))
    changed = []
    for row in rows:
        state = State.EXCUSED if _paused(row.from_on, row.until_on, pauses) else State.DUE
        if row.state != state:
            row.state = state
            changed.append(row)
    DueSession.objects.bulk_update(changed, ["state"], batch_size=500)


@transaction.atomic
def close(*, now: datetime) -> list[DueSession]:
    """Close the clinic's windows that ended in silence; return those that are now `unanswered`.

    An athlete on hold owes nothing: their windows close as excused.
    """
    over = DueSession.objects.filter(state=State.DUE, closes_at__lte=now)
    active = Athlete.objects.filter(pk=OuterRef("athlete"), state=Athlete.State.ACTIVE)
    over.filter(~Exists(active)).update(state=State.EXCUSED)
    silent = list(over.select_related("athlete__member"))
    closed = DueSession.objects.filter(pk__in=[row.pk for row in silent], state=State.DUE)
    closed.update(state=State.UNANSWERED)
    return silent


def _editions(wanted: Iterable[object]) -> dict[object, list[list[ProgramVersion]]]:
    """Return each athlete's programs as lists of published editions, in order of when they took force."""
    published = ProgramVersion.objects.filter(
        program__athlete__in=list(wanted), program__state=Program.State.ACTIVE, state=ProgramVersion.State.PUBLISHED
    )
    by_program: dict[object, list[ProgramVersion]] = defaultdict(list)
    ordered = published.select_related("program").prefetch_related("blocks").order_by("number")
    for version in ordered:
        editions = by_program[version.program_id]
        # A later edition replaces every earlier one from its day on, also one that was to begin later.
        while editions and editions[-1].effective_on >= version.effective_on:
            editions.pop()
        editions.append(version)
    by_athlete: dict[object, list[list[ProgramVersion]]] = defaultdict(list)
    for editions in by_program.values():
        by_athlete[editions[0].program.athlete_id].append(editions)
    return by_athlete


def _windows(programs: list[list[ProgramVersion]], today: date, zone: str) -> Iterator[tuple[Block, Window]]:
    horizon = today + AHEAD + timedelta(days=1)
    for editions in programs:
        ends = [*(after.effective_on for _, after in pairwise(editions)), date.max]
        for version, end in zip(editions, ends, strict=True):
            start = max(version.effective_on or today, today)
            for block in version.blocks.all():
                for window in windows(block.schedule, starts_on=start, ends_on=min(end, horizon), zone=zone):
                    yield block, truncate(window, before=end, zone=zone)


def _answered(wanted: Iterable[object]) -> dict[object, set[tuple[object, date, int]]]:
    """Windows that hold an answer under any edition: a new edition does not ask for the same one again."""
    rows = DueSession.objects.filter(athlete__in=list(wanted)).exclude(state__in=(State.DUE, State.EXCUSED))
    found: dict[object, set[tuple[object, date, int]]] = defaultdict(set)
    for athlete_id, lineage, from_on, slot in rows.values_list("athlete_id", "block__lineage", "from_on", "slot"):
        found[athlete_id].add((lineage, from_on, slot))
    return found


def _pauses(wanted: Iterable[object]) -> dict[object, list[Pause]]:
    found: dict[object, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(athlete__in=list(wanted)):
        found[pause.athlete_id].append(pause)
    return found


def _paused(from_on: date, until_on: date, pauses: Iterable[Pause]) -> bool:
    days = [from_on + timedelta(days=n) for n in range((until_on - from_on).days + 1)]
    return all(any(p.from_on <= day and (p.until_on is None or day <= p.until_on) for p in pauses) for day in days)


def _row(athlete: Athlete, block: Block, window: Window, pauses: list[Pause]) -> DueSession:
    paused = _paused(window.from_on, window.until_on, pauses)
    return DueSession(
        athlete=athlete,
        block=block,
        slot=window.slot,
        from_on=window.from_on,
        until_on=window.until_on,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        state=State.EXCUSED if paused else State.DUE,
    )
