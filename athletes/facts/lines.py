"""What a runner may log: the blocks in force on a day, the lines of one block."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from athletes.models import Athlete, Prescription, Program, ProgramVersion
from athletes.rules.plan import whole_minutes
from athletes.rules.today import Card
from clinic.compiled import compiled
from exercises.kinds import Pattern
from exercises.models import Exercise
from exercises.models.dose import DOSE_FIELDS
from exercises.rules.dose import Dose


def lines_of(athlete: Athlete, block: UUID) -> list[Prescription]:
    """Return a published block's lines, in order; none if it is not the athlete's. One query.

    Also of an edition that was replaced since: a page may have stood open, and what was done was done.
    """
    return _published_lines(athlete.pk, block)


@compiled
def _published_lines(athlete: UUID, block: UUID) -> QuerySet[Prescription]:
    rows = Prescription.objects.filter(
        block=block,
        block__version__state=ProgramVersion.State.PUBLISHED,
        block__version__program__athlete=athlete,
    )
    return rows.select_related("block").order_by("order", "pk")


def name_exercises(lines: Sequence[Prescription]) -> None:
    """Load the exercises of some lines, for a page that shows them: a log is written without. One query."""
    exercises = Exercise.objects.only("name", "figure", "clinic").in_bulk([line.exercise_id for line in lines])
    for line in lines:
        line.exercise = exercises[line.exercise_id]


def minutes_of(lines: Iterable[Prescription]) -> int:
    """Estimate one session of some lines, in whole minutes."""
    return whole_minutes(sum(line.dose.seconds() for line in lines))


def in_force(athlete: Athlete | UUID, on: date) -> Q:
    """Return the condition that keeps the lines of the editions that are in force on a day."""
    editions = ProgramVersion.objects.filter(
        program=OuterRef("block__version__program"), state=ProgramVersion.State.PUBLISHED, effective_on__lte=on
    )
    return Q(
        block__version__program__athlete=athlete,
        block__version__program__state=Program.State.ACTIVE,
        block__version=Subquery(editions.order_by("-number").values("pk")[:1]),
    )


def cards_of(athlete: Athlete, on: date) -> list[Card]:
    """Return the blocks in force on a day, in the order of the programs. One query.

    Reads columns, not rows of five models: the page that shows them is the one that is opened most.
    """
    return [_card(list(group)) for _, group in groupby(_lines_in_force(athlete.pk, on), key=itemgetter(0))]


@compiled
def _lines_in_force(athlete: UUID, on: date) -> QuerySet[Any]:
    head = ("block_id", "block__lineage", "block__title", "block__trigger", "block__pattern")
    exercise = ("exercise__name", "exercise__figure")
    lines = Prescription.objects.filter(in_force(athlete, on)).order_by(
        "block__version__program__priority", "block__version__program", "block__order", "block_id", "order"
    )
    return lines.values_list(*head, *exercise, *DOSE_FIELDS)


def _card(rows: Sequence[Sequence[Any]]) -> Card:
    block, lineage, title, trigger, pattern, first, _ = rows[0][:7]
    seconds = sum(Dose(**dict(zip(DOSE_FIELDS, row[7:], strict=True))).seconds() for row in rows)
    return Card(
        block=block,
        lineage=lineage,
        title=title,
        trigger=trigger,
        any_day=pattern == Pattern.PER_WEEK,
        exercises=len(rows),
        minutes=whole_minutes(seconds),
        first=first,
        figure=next((row[6] for row in rows if row[6]), ""),
    )
