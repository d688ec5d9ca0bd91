"""What the API's list reads: one query for its state, and a few for its rows."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from clinic.compiled import compiled
from clinic.models import Member
from exercises.models import Exercise
from exercises.models.dose import DOSE_FIELDS
from exercises.queries.library import card, chosen, current_links, mark, starred_by
from exercises.rules.filters import Filters, Group
from exercises.rules.ladder import levels

FIELDS = (
    "id",
    "code",
    "name",
    "kind",
    "laterality",
    "regions",
    "equipment",
    "steps",
    "cues",
    "mistakes",
    "caution_tags",
    "avoid_when",
    "dose_source",
    "figure",
    "source",
    "licence",
    "catalogue_version",
    "revision",
)
COLUMNS = (*FIELDS, *DOSE_FIELDS)


def state() -> str:
    """Return what changes whenever an exercise does: one query.

    Each change of a row adds to its revision, so their sum grows even when an older transaction ends later.
    """
    return "-".join(str(figure) for row in _state() for figure in row[1:])


def api_list(*, search: str, filters: Filters, member: Member) -> list[dict[str, Any]]:
    """Return the current exercises that fit as the API says them: one query to three, no model instances."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows()]
    if search or filters:
        known = levels(current_links()) if filters.of(Group.LEVEL) else {}
        mark(rows, known, starred_by(member) if filters.of(Group.SHELF) else frozenset())
        places, _ = chosen(rows, [card(row) for row in rows], search, filters)
        rows = [rows[at] for at in places]
    return [{**{name: row[name] for name in FIELDS}, "dose": {name: row[name] for name in DOSE_FIELDS}} for row in rows]


@compiled
def _rows() -> QuerySet[Exercise, Any]:
    rows: QuerySet[Exercise, Any] = Exercise.objects.current().order_by("name").values_list(*COLUMNS)
    return rows


@compiled
def _state() -> QuerySet[Exercise, Any]:
    rows: QuerySet[Exercise, Any] = Exercise.objects.order_by().values("clinic_id")
    return rows.annotate(
        current=Count("pk", filter=Q(retired_at=None)), revisions=Sum("revision"), changed=Max("changed_at")
    ).values_list("clinic_id", "current", "revisions", "changed")
