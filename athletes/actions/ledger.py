"""The due ledger: rows made ahead of time, so that silence is found without the athlete acting."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from athletes.facts.programs import Reign, successions
from athletes.facts.window import span, window_of
from athletes.models import Athlete, Block, DueSession, Pause, Program
from athletes.rules.windows import Window, local_date, truncate, windows
from clinic.compiled import compiled_update
from exercises.rules.schedule import Schedule

AHEAD = timedelta(days=14)
DAY = timedelta(days=1)
State = DueSession.State
OPEN = (State.DUE, State.EXCUSED)  # nobody has answered for it


@transaction.atomic
def extend(*, athletes: Iterable[Athlete], now: datetime) -> int:
    """Make the windows of the next 14 days that are not yet there. Doing it twice adds nothing. Returns how many.

    A fixed number of queries for any number of athletes. Days before today are never filled in afterwards: what nobody
    was asked for is not silence.
    """
    wanted = {athlete.pk: athlete for athlete in athletes if athlete.state != Athlete.State.DISCHARGED}
    lock(athletes=wanted.values())
    since = min((local_date(now, athlete.time_zone) for athlete in wanted.values()), default=now.date())
    ledger = DueSession.objects.filter(athlete__in=wanted, from_on__gte=since)
    there, answered = _there(ledger)
    pauses = _pauses(wanted)
    rows = []
    for athlete_id, programs in successions(wanted.values()).items():
        athlete = wanted[athlete_id]
        today = local_date(now, athlete.time_zone)
        for block, window in _windows(programs, today, athlete.time_zone):
            key = (window.from_on, window.slot)
            if (block.pk, *key) not in there and (athlete_id, block.lineage, *key) not in answered:
                rows.append(_row(athlete, block, window, pauses[athlete_id]))
    DueSession.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


@transaction.atomic
def rebuild(*, athlete: Athlete, program: Program, now: datetime) -> None:
    """Make a program's open windows anew from its editions, after one was published.

    What was answered stays. A window that began earlier ends when an edition takes force that changes its block's
    schedule; one that merely changes a dose leaves it whole.
    """
    lock(athletes=[athlete])
    today = local_date(now, athlete.time_zone)
    rows = _open_rows([program], now)
    rows.filter(from_on__gte=today).delete()
    reigns = [reign for editions in successions([athlete])[athlete.pk] for reign in editions]
    ours = [reign for reign in reigns if reign.version.program_id == program.pk]
    pauses = _pauses([athlete.pk])[athlete.pk]
    for row in rows.filter(from_on__lt=today).select_related("block"):
        _cut(row, ours, athlete.time_zone, pauses, today)
    extend(athletes=[athlete], now=now)


def lock(*, athletes: Iterable[Athlete]) -> None:
    """Wait for whoever is writing these athletes' ledgers; a no-op on SQLite, which has one writer.

    Without it a sweep that read the old editions, or no pause, would write their windows after the change was committed.
    The programs' rows stand for the ledger, in one order: logging a session never waits.
    """
    programs = Program.objects.filter(athlete__in=[athlete.pk for athlete in athletes]).order_by("pk")
    list(programs.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def drop_open(*, programs: Iterable[Program], now: datetime) -> None:
    """Take what has not closed yet out of the ledger: the program ended, or the athlete left."""
    _open_rows(programs, now).delete()


@transaction.atomic
def apply_pauses(*, athlete: Athlete, now: datetime) -> None:
    """Excuse the windows that lie wholly in a pause, and make those due again that no longer do.

    They are locked: a log that is being saved for one of them is waited for, then keeps it.
    """
    lock(athletes=[athlete])
    pauses = list(Pause.objects.filter(athlete=athlete))
    rows = DueSession.objects.filter(athlete=athlete, closes_at__gt=now, state__in=OPEN).select_for_update()
    changed = []
    for row in rows:
        state = _state(row.from_on, row.until_on, pauses)
        if row.state != state:
            row.state = state
            changed.append(row)
    DueSession.objects.bulk_update(changed, ["state"], batch_size=500)


def fill(*, athlete: Athlete, block: Block, on: date, answer: str) -> DueSession | None:
    """Answer the window that a session fills. Who waits here behind a publication finds it gone, and looks again."""
    while (due := window_of(athlete, block, on)) is not None:
        if _claim(due.pk, *span(block, on), answer):
            return due
    return None


@compiled_update
def _claim(due: UUID, first: date, last: date, answer: str) -> tuple[QuerySet[DueSession], dict[str, Any]]:
    rows = DueSession.objects.filter(pk=due, from_on__lte=last, until_on__gte=first, state__in=DueSession.OPEN_TO_LOG)
    return rows, {"state": answer}


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


def _open_rows(programs: Iterable[Program], now: datetime) -> QuerySet[DueSession]:
    """Windows that are still open, locked: a log that is being saved for one of them is waited for, then keeps it."""
    rows = DueSession.objects.filter(block__version__program__in=programs, state__in=OPEN, closes_at__gt=now)
    locked = [row.pk for row in rows.select_for_update(of=("self",)).only("pk")]
    return DueSession.objects.filter(pk__in=locked)


def _windows(programs: list[list[Reign]], today: date, zone: str) -> Iterator[tuple[Block, Window]]:
    horizon = today + AHEAD + DAY
    for reigns in programs:
        for n, reign in enumerate(reigns):
            start = max(reign.version.effective_on, today)
            for block in reign.version.blocks.all():
                end = _changes_on(block, reigns[n + 1 :])
                for window in windows(
                    block.schedule, starts_on=start, ends_on=min(reign.until_on or horizon, horizon), zone=zone
                ):
                    yield block, window if end is None else truncate(window, before=end, zone=zone)


def _changes_on(block: Block, later: Sequence[Reign]) -> date | None:
    """Return the day on which a later edition drops the block or gives it another schedule."""
    for reign in later:
        if _schedules(reign).get(block.lineage) != block.schedule:
            return reign.version.effective_on
    return None


def _schedules(reign: Reign) -> dict[object, Schedule]:
    return {block.lineage: block.schedule for block in reign.version.blocks.all()}


def _cut(row: DueSession, reigns: list[Reign], zone: str, pauses: list[Pause], today: date) -> None:
    """Give a window that began before today the end that the editions now give it.

    One that would end before today is excused: its last days went with the change, not by the runner's silence.
    """
    began = windows(row.block.schedule, starts_on=row.from_on, ends_on=row.from_on + DAY, zone=zone)
    whole = next((window for window in began if window.slot == row.slot), None)
    later = [reign for reign in reigns if reign.version.effective_on > row.from_on]
    end = _changes_on(row.block, later)
    if whole is None:
        whole = Window(row.from_on, row.until_on, row.slot, row.opens_at, row.closes_at)
    cut = whole if end is None else truncate(whole, before=end, zone=zone)
    gone = cut.until_on < today
    row.until_on, row.closes_at = cut.until_on, cut.closes_at
    row.state = State.EXCUSED if gone else _state(row.from_on, row.until_on, pauses)
    row.save(update_fields=["until_on", "closes_at", "state"])


def _there(ledger: QuerySet[DueSession]) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Return what stands in the ledger: windows by block, and by lineage those that hold an answer.

    A window that was answered under any edition is not asked for again by a new one.
    """
    there, answered = set(), set()
    columns = ("athlete_id", "block_id", "block__lineage", "from_on", "slot", "state")
    for athlete_id, block_id, lineage, *key, state in ledger.values_list(*columns):
        there.add((block_id, *key))
        if state not in OPEN:
            answered.add((athlete_id, lineage, *key))
    return there, answered


def _pauses(wanted: Iterable[object]) -> dict[object, list[Pause]]:
    found: dict[object, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(athlete__in=list(wanted)):
        found[pause.athlete_id].append(pause)
    return found


def _state(from_on: date, until_on: date, pauses: Iterable[Pause]) -> str:
    """Excused if every one of its days lies in a pause, else due."""
    days = [from_on + n * DAY for n in range((until_on - from_on).days + 1)]
    paused = all(any(p.from_on <= day and (p.until_on is None or day <= p.until_on) for p in pauses) for day in days)
    return State.EXCUSED if paused else State.DUE


def _row(athlete: Athlete, block: Block, window: Window, pauses: list[Pause]) -> DueSession:
    return DueSession(
        athlete=athlete,
        block=block,
        slot=window.slot,
        from_on=window.from_on,
        until_on=window.until_on,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        state=_state(window.from_on, window.until_on, pauses),
    )
