"""Taking an exercise or a protocol out of what can be chosen, and bringing it back. Nothing is ever deleted."""

from datetime import datetime

from django.db import transaction

from clinic.actions import audit
from clinic.models import Member
from exercises.actions import versions
from exercises.kinds import Origin
from exercises.models import Exercise, Protocol
from exercises.queries.content import exercise_content, protocol_content

Row = Exercise | Protocol


@transaction.atomic
def retire(*, row: Row, by: Member, now: datetime, note: str = "") -> Row:
    """Take it out of what can be chosen. It stays readable, and what names it stays: programs, logs, protocols."""
    return _turn(row, by=by, now=now, retired_at=now, note=note)


@transaction.atomic
def bring_back(*, row: Row, by: Member, now: datetime, note: str = "") -> Row:
    """Let it be chosen again."""
    return _turn(row, by=by, now=now, retired_at=None, note=note)


def _turn(row: Row, *, by: Member, now: datetime, retired_at: datetime | None, note: str) -> Row:
    locked: Row = type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
    if (locked.retired_at is None) == (retired_at is None):
        return locked  # a second click
    origin = Origin.RETIRED if retired_at else Origin.BROUGHT_BACK
    content = exercise_content(locked) if isinstance(locked, Exercise) else protocol_content(locked)
    versions.keep_first(locked, content, now=now)
    locked.revision, locked.changed_at, locked.retired_at = locked.revision + 1, now, retired_at
    versions.keep(locked, content, by=by, now=now, origin=origin, note=note)
    locked.save(update_fields=["revision", "changed_at", "retired_at"])
    noun = type(row).__name__.lower()
    audit.record(f"{noun}.{origin}", by=by, now=now, about=locked, revision=locked.revision)
    return locked
