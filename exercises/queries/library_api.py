"""What the API's list reads: one query for its state, and a few for its rows."""

import json
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db.models import Count, JSONField, Max, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from clinic.compiled import compiled
from clinic.models import Member
from exercises.models import Exercise
from exercises.models.dose import DOSE_FIELDS
from exercises.queries.library import card, chosen, current_links, mark, starred_by
from exercises.rules.filters import Filters, Group
from exercises.rules.ladder import levels
from exercises.rules.search import alphabetical

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
    "revision",
)
STORED = tuple(name for name in FIELDS if isinstance(Exercise._meta.get_field(name), JSONField))
PLAIN = tuple(name for name in FIELDS if name not in STORED)
STORED_OF, PLAIN_OF = (itemgetter(*map(FIELDS.index, names)) for names in (STORED, PLAIN))
AS_STORED = ", ".join(f'"{name}": %s' for name in STORED)
NAME = FIELDS.index("name")
FOUND_BY = ("regions", "equipment", "steps", "cues", "caution_tags")
OWN = "catalogue_version"  # for the filter alone: it can change without a revision, and so without a new mark
COLUMNS = (*FIELDS, *DOSE_FIELDS, OWN)
ENCODED = json.JSONEncoder(default=str).encode


def state() -> str:
    """Return what changes whenever an exercise does: one query.

    Each change of a row adds to its revision, so their sum grows even when an older transaction ends later.
    """
    return "-".join(str(figure) for row in _state() for figure in row[1:])


def api_list(*, search: str, filters: Filters, member: Member) -> list[str]:
    """Return the current exercises that fit, each as its JSON: one query to three, no model instances.

    Lists are stored as JSON and sent as they are stored: to read and write them again would cost half of the answer.
    """
    rows = sorted(_rows(), key=lambda row: alphabetical(row[NAME]))
    if search or filters:
        rows = [rows[at] for at in _fitting(rows, search, filters, member)]
    return [_object(row) for row in rows]


def _object(row: Sequence[Any]) -> str:
    said = dict(zip(PLAIN, PLAIN_OF(row), strict=True))
    said["dose"] = dict(zip(DOSE_FIELDS, row[len(FIELDS) : -1], strict=True))
    return f"{ENCODED(said)[:-1]}, {AS_STORED % STORED_OF(row)}}}"


def _fitting(rows: list[Any], search: str, filters: Filters, member: Member) -> list[int]:
    known = levels(current_links()) if filters.of(Group.LEVEL) else {}
    read = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    for row in read:
        row.update((name, json.loads(row[name])) for name in FOUND_BY)
    mark(read, known, starred_by(member) if filters.of(Group.SHELF) else frozenset())
    places, _ = chosen(read, [card(row) for row in read], search, filters)
    return places


@compiled
def _rows() -> QuerySet[Exercise, Any]:
    stored = {f"{name}_text": Cast(name, TextField()) for name in STORED}
    rows: QuerySet[Exercise, Any] = Exercise.objects.current().order_by("pk").annotate(**stored)
    return rows.values_list(*(f"{name}_text" if name in STORED else name for name in COLUMNS))


@compiled
def _state() -> QuerySet[Exercise, Any]:
    rows: QuerySet[Exercise, Any] = Exercise.objects.order_by().values("clinic_id")
    return rows.annotate(
        current=Count("pk", filter=Q(retired_at=None)), revisions=Sum("revision"), changed=Max("changed_at")
    ).values_list("clinic_id", "current", "revisions", "changed")
