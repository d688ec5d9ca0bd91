"""The states that a row of the library has had."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from exercises.kinds import Origin
from exercises.models import Exercise, ExerciseVersion, Protocol, ProtocolVersion
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import exercise_from, protocol_from

Version = ExerciseVersion | ProtocolVersion


@dataclass(frozen=True)
class State:
    """One state of the list. `same_as` is the older version that a restored one repeats; 0 when it is none."""

    version: Version
    same_as: int
    is_newest: bool


def history(row: Exercise | Protocol) -> list[State]:
    """Return every state, the newest first: one query."""
    found: list[Any] = list(row.versions.select_related("by"))
    return [State(one, _same_as(one, found[n + 1 :]), is_newest=n == 0) for n, one in enumerate(found)]


def versions(row: Exercise | Protocol, *numbers: int) -> dict[int, Version]:
    """Return some states by number: one query."""
    made = [number for number in numbers if number <= row.revision]  # more digits than a column are no question for it
    found: Any = row.versions.filter(number__in=made).select_related("by")
    return {version.number: version for version in found}


def content(version: Version) -> ExerciseContent | ProtocolContent:
    """Return what a state says; raise ContentError when this release cannot read it."""
    kept: Any = version.content
    return exercise_from(kept) if isinstance(version, ExerciseVersion) else protocol_from(kept)


def protocols_with(exercise: Exercise) -> "QuerySet[Protocol]":
    """Return the current protocols that ask for an exercise: one query."""
    found: QuerySet[Protocol] = Protocol.objects.current().filter(phases__blocks__items__exercise=exercise).distinct()
    return found


def _same_as(version: Version, older: list[Version]) -> int:
    if version.origin != Origin.RESTORED:
        return 0
    return next((one.number for one in older if one.content == version.content), 0)
