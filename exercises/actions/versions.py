"""Keeping every state of an exercise or a protocol, for ever."""

from datetime import datetime

from clinic.models import Member
from exercises.kinds import Origin
from exercises.models import Exercise, Protocol
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import as_json

Row = Exercise | Protocol
Content = ExerciseContent | ProtocolContent


def keep(row: Row, content: Content, *, by: Member | None, now: datetime, origin: Origin, note: str = "") -> None:
    """Keep the state that a row has at its revision."""
    row.versions.create(number=row.revision, content=as_json(content), origin=origin.value, by=by, at=now, note=note)


def keep_first(row: Row, content: Content, *, now: datetime) -> None:
    """Keep the state that a row has had so far, where it was adopted before versions were kept."""
    if not row.versions.exists():
        keep(row, content, by=None, now=row.changed_at or now, origin=Origin.CATALOGUE)
