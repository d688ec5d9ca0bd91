"""Which window of the ledger a session fills."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, QuerySet, When

from athletes.models import Athlete, Block, DueSession
from clinic.compiled import compiled
from exercises.kinds import Pattern

State = DueSession.State


def window_of(athlete: Athlete, block: Block, on: date) -> DueSession | None:
    """Return the window that a session fills: the earliest open one of the day, else for so-many-a-week one of that week.

    A window that is still open goes before one that closed in silence, so that a session on an unexpected day is not
    asked for again. Other schedules fill only windows of the very day.
    """
    return next(iter(_open_windows(athlete.pk, block.lineage, *span(block, on), on)), None)


def span(block: Block, on: date) -> tuple[date, date]:
    """Return the first and the last day that a window must touch."""
    if block.pattern != Pattern.PER_WEEK:
        return on, on
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)


@compiled
def _open_windows(athlete: UUID, lineage: UUID, first: date, last: date, on: date) -> QuerySet[DueSession]:
    """Select the window to fill, at most one. Not locked: whoever fills it claims it, and looks again if it is gone."""
    rows = DueSession.objects.filter(
        athlete=athlete,
        block__lineage=lineage,
        from_on__lte=last,
        until_on__gte=first,
        state__in=DueSession.OPEN_TO_LOG,
    ).order_by(
        Case(When(from_on__lte=on, until_on__gte=on, then=0), default=1),
        Case(When(state=State.DUE, then=0), default=1),
        "from_on",
        "slot",
    )
    return rows[:1]
