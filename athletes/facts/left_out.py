"""The exercises that a runner was told to leave out: skipped as too painful, and the clinic has not answered yet."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Subquery

from athletes.facts.lines import in_force
from athletes.models import Alert, Athlete, Entry, EscalationRule, Prescription
from clinic.compiled import compiled


def left_out(athlete: Athlete) -> frozenset[UUID]:
    """Return the exercises, whichever edition prescribes them. One query."""
    return frozenset(exercise for (exercise,) in _exercises(athlete.pk))


def left_out_on(athlete: Athlete, on: date) -> dict[UUID, list[str]]:
    """Return their names by the block in force on a day that asks for them, in its order. One query."""
    names: dict[UUID, list[str]] = defaultdict(list)
    for block, name in _lines(athlete.pk, on):
        if name not in names[block]:
            names[block].append(name)
    return dict(names)


def waiting(athlete: Athlete | UUID) -> QuerySet[Alert]:
    """Select the alert that no person of the clinic has closed: until then nobody has said otherwise."""
    rows: QuerySet[Alert] = Alert.objects.filter(
        athlete=athlete, kind=EscalationRule.Kind.P3, state__in=Alert.LIVE
    ).order_by("opened_at")
    return rows


def _told(athlete: UUID) -> QuerySet[Entry]:
    """Select what was skipped as too painful since that alert was opened; with none, nothing: null is after no instant.

    A correction takes nothing back: as with the alert, only a person does.
    """
    rows: QuerySet[Entry] = Entry.objects.filter(
        log__athlete=athlete,
        log__recorded_at__gte=Subquery(waiting(athlete).values("opened_at")[:1]),
        done=Entry.Done.SKIPPED,
        skipped_reason=Entry.Barrier.TOO_PAINFUL,
    )
    return rows


@compiled
def _exercises(athlete: UUID) -> QuerySet[Any]:
    return _told(athlete).order_by().values_list("exercise_id").distinct()


@compiled
def _lines(athlete: UUID, on: date) -> QuerySet[Any]:
    lines = Prescription.objects.filter(
        in_force(athlete, on), exercise__in=_told(athlete).order_by().values("exercise")
    )
    return lines.order_by("block", "order").values_list("block_id", "exercise__name")
