"""Content that follows a newer catalogue, as far as the clinic left it alone (exercises/rules/merge.py)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps
from typing import Any, Generic, TypeVar

from exercises.errors import ContentError
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import as_json, exercise_read, protocol_read
from exercises.rules.merge import Content, merge, rungs

Whole = TypeVar("Whole", ExerciseContent, ProtocolContent)


@dataclass(frozen=True)
class Followed(Generic[Whole]):
    """`content` is the outcome of taking; `wished` is what it would be if nothing stayed the clinic's own."""

    content: Whole
    wished: Whole


def follow(
    base: Content | None, ours: Whole, theirs: Whole, *, before: Collection[str], after: Collection[str]
) -> Followed[Whole]:
    """Return what taking `theirs` makes of `ours`.

    `base` is None where nothing could be edited since it was taken. A ladder names only what the library has: `before`
    are the codes that it had, `after` those that it will have.
    """
    said = as_json(ours)
    theirs = _at(theirs, after)
    merged = merge(said if base is None else _json_at(_as_now(base), before), said, as_json(theirs))
    content = replace(ours, **{change.field: getattr(theirs, change.field) for change in merged.taken})
    wished = replace(content, **{change.field: getattr(theirs, change.field) for change in merged.kept})
    return Followed(content, wished)


def late_rungs(
    base: Content, ours: ExerciseContent, *, before: Collection[str], after: Collection[str]
) -> ExerciseContent:
    """Return `ours` with the rungs that were taken long ago and whose exercises come only now."""
    if rungs(base["easier"], before) != list(ours.easier):
        return ours  # the clinic made the ladder its own
    return replace(ours, easier=tuple(rungs(base["easier"], after)))


def digest(said: Any) -> str:
    """Return a fingerprint of what the catalogue says."""
    return sha256(dumps(said, sort_keys=True).encode()).hexdigest()


def _as_now(base: Content) -> Content:
    """Return a base as this release writes it: what an older one did not know has its default, and is no edit."""
    try:
        return as_json(protocol_read(base) if "phases" in base else exercise_read(base))
    except ContentError:
        return base


def _at(content: Any, known: Collection[str]) -> Any:
    if isinstance(content, ExerciseContent):
        return replace(content, easier=tuple(rungs(content.easier, known)))
    return content


def _json_at(content: Content, known: Collection[str]) -> Mapping[str, Any]:
    return {**content, "easier": rungs(content["easier"], known)} if "easier" in content else content
