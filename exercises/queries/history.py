"""The states that a row of the library has had."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from exercises.errors import ContentError
from exercises.kinds import Origin
from exercises.models import Exercise, ExerciseVersion, Protocol, ProtocolVersion
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import exercise_read, protocol_read

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


def content(version: Version | None) -> ExerciseContent | ProtocolContent | None:
    """Return what a state says, even what today's rules would refuse; None where this release cannot read it."""
    if version is None:
        return None
    kept: Any = version.content
    try:
        return exercise_read(kept) if isinstance(version, ExerciseVersion) else protocol_read(kept)
    except ContentError:
        return None


def protocols_with(exercise: Exercise) -> "QuerySet[Protocol]":
    """Return the current protocols that ask for an exercise, in a line or in a gate: two queries."""
    current = Protocol.objects.current()
    gates = current.values_list("pk", "phases__exit_criteria")
    asking = [pk for pk, said in gates if any(gate.get("exercise") == exercise.code for gate in said or ())]
    found: QuerySet[Protocol] = current.filter(Q(phases__blocks__items__exercise=exercise) | Q(pk__in=asking))
    return found.distinct()


def _same_as(version: Version, older: list[Version]) -> int:
    if version.origin != Origin.RESTORED:
        return 0
    return next((one.number for one in older if one.content == version.content), 0)
