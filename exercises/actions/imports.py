"""Writing what a dry run showed (queries/imports.py), all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError
from clinic.models import Member
from exercises.actions import exercises, protocols
from exercises.errors import ContentError
from exercises.kinds import Origin
from exercises.models import Exercise, Protocol
from exercises.rules.content import ExerciseContent, ProtocolContent


@dataclass(frozen=True)
class Line:
    """One thing to write. `revision` is of the row that was shown, 0 where there was none."""

    content: ExerciseContent | ProtocolContent
    revision: int


@transaction.atomic
def bring_in(*, lines: Iterable[Line], by: Member, now: datetime, note: str = "") -> int:
    """Write new and changed exercises and protocols; return how many.

    Raises ConflictError when the library is not as it was shown, ContentError when something cannot be; then nothing is
    written.
    """
    exercises.one_writer()
    exercise_lines: dict[str, tuple[ExerciseContent, int]] = {}
    protocol_lines: dict[str, tuple[ProtocolContent, int]] = {}
    for line in lines:
        if isinstance(line.content, ExerciseContent):
            exercise_lines[line.content.code] = (line.content, line.revision)
        else:
            protocol_lines[line.content.code] = (line.content, line.revision)
    said: dict[str, Any] = {"by": by, "now": now, "origin": Origin.IMPORTED, "note": note}
    _write_exercises(exercise_lines, said)
    rows = _as_shown(Protocol, {code: revision for code, (_content, revision) in protocol_lines.items()})
    for code, (content, revision) in protocol_lines.items():
        if code in rows:
            protocols.edit(protocol=rows[code], content=content, revision=revision, **said)
        else:
            protocols.create(content=content, **said)
    audit.record("library.imported", by=by, now=now, exercises=len(exercise_lines), protocols=len(protocol_lines))
    return len(exercise_lines) + len(protocol_lines)


def _write_exercises(lines: dict[str, tuple[ExerciseContent, int]], said: dict[str, Any]) -> None:
    """Write the easiest first, for a ladder names what is there; what does not fit yet is tried again after the others."""
    rows = _as_shown(Exercise, {code: revision for code, (_content, revision) in lines.items()})
    order = TopologicalSorter({code: set(content.easier) & lines.keys() for code, (content, _) in lines.items()})
    waiting = list(order.static_order())
    while waiting:
        later = []
        for code in waiting:
            content, revision = lines[code]
            try:
                if code in rows:
                    exercises.edit(exercise=rows[code], content=content, revision=revision, **said)
                else:
                    exercises.create(content=content, **said)
            except ContentError as error:
                later.append(code)
                wrong = error
        if len(later) == len(waiting):
            raise wrong
        waiting = later


def _as_shown(model: Any, revisions: dict[str, int]) -> dict[str, Any]:
    """Return the rows that are there by code; raise ConflictError when there are others, or other revisions."""
    rows = {row.code: row for row in model.objects.filter(code__in=revisions)}
    if {code: row.revision for code, row in rows.items()} != {code: n for code, n in revisions.items() if n}:
        raise ConflictError("stale_import")
    return rows
