"""Keeping every state of an exercise or a protocol, for ever."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from clinic.ids import uuid7
from clinic.models import Member
from exercises.kinds import Origin
from exercises.models import Exercise, Protocol
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import as_json

Row = Exercise | Protocol
Made = TypeVar("Made", Exercise, Protocol)
Content = ExerciseContent | ProtocolContent


def insert(row: Row, client_id: UUID | None) -> None:
    """Insert a row under the id that came with its page; under one of ours where a row, anybody's, has that id."""
    if client_id is None:
        row.save(force_insert=True)
        return
    row.pk = client_id
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        row.pk = uuid7()
        row.save(force_insert=True)


def keep(row: Row, content: Content, *, by: Member | None, now: datetime, origin: Origin, note: str = "") -> None:
    """Keep the state that a row has at its revision."""
    row.versions.create(number=row.revision, content=as_json(content), origin=origin.value, by=by, at=now, note=note)


def keep_first(row: Row, content: Content, *, now: datetime) -> None:
    """Keep the state that a row has had so far, where it was adopted before versions were kept."""
    if not row.versions.exists():
        keep(row, content, by=None, now=row.changed_at or now, origin=Origin.CATALOGUE)


def made_before(rows: "QuerySet[Made]", client_id: UUID | None, content: Content, *, by: Member) -> Made | None:
    """Return what this person made of the same page with this content, whatever its code: then the page came twice."""
    made = rows.filter(pk=client_id).first() if client_id else None
    first = made.versions.filter(number=1, by=by).first() if made else None
    return made if first and made and first.content == as_json(replace(content, code=made.code)) else None
