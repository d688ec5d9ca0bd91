"""The exercises, protocols and cards that we ship, parsed and checked. Text and doses are in the .toml files beside this one."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from exercises.catalogue.cards import cards
from exercises.errors import CatalogueError, ContentError, DoseError
from exercises.rules.card import CardContent
from exercises.rules.content import ExerciseContent, ItemContent, ProtocolContent
from exercises.rules.content_json import dose_json, exercise_from, protocol_from

FOLDER = Path(__file__).parent
VERSION = "2026.12"  # of the whole catalogue; a clinic's row remembers the one it was last taken from
Content = TypeVar("Content", ExerciseContent, ProtocolContent)


@dataclass(frozen=True)
class Catalogue:
    """Everything we ship."""

    exercises: tuple[ExerciseContent, ...]
    protocols: tuple[ProtocolContent, ...]
    cards: tuple[CardContent, ...] = ()
    version: str = VERSION


@cache
def load() -> Catalogue:
    """Return the shipped catalogue; raise CatalogueError if a file of ours is broken."""
    return parse([tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))])


def parse(files: Iterable[Mapping[str, Any]]) -> Catalogue:
    """Return a catalogue from parsed TOML files; raise CatalogueError at the first mistake."""
    files = list(files)
    exercises = tuple(_read(exercise_from, row) for file in files for row in _exercises(file))
    known = {exercise.code: exercise for exercise in exercises}
    if len(known) != len(exercises):
        raise CatalogueError("Two exercises share a code.")
    for exercise in exercises:
        for code in set(exercise.easier) - set(known):
            raise CatalogueError(f"{exercise.code}: no easier exercise {code!r}.")
    protocols = tuple(_read(protocol_from, _protocol(row, known)) for file in files for row in file.get("protocol", ()))
    for protocol in protocols:
        for path, item in protocol.items():
            _check_side(f"{protocol.code}.{path}", item, known[item.exercise])
    return Catalogue(exercises, protocols, cards(files, known))


def _exercises(file: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a file's exercises with what its head says of all; each is drawn by the movement of its own code."""
    for row in file.get("exercise", ()):
        yield {"figure": row.get("code", "")} | row | {"source": file.get("source"), "licence": file.get("licence")}


def _protocol(row: Mapping[str, Any], known: Mapping[str, ExerciseContent]) -> dict[str, Any]:
    """Return a protocol as its JSON says it. A line without a dose takes the exercise's own."""
    phases = [_renamed(phase, "block", "blocks") for phase in row.get("phase", ())]
    for phase in phases:
        phase["blocks"] = [
            {**block, "items": [_item(item, known) for item in block.get("items", ())]} for block in phase["blocks"]
        ]
    return _renamed(row, "phase", "phases") | {"phases": phases}


def _item(row: Mapping[str, Any], known: Mapping[str, ExerciseContent]) -> dict[str, Any]:
    code = row.get("exercise", "")
    if code not in known:
        raise CatalogueError(f"A line names no exercise of ours: {code!r}.")
    return {"dose": dose_json(known[code].dose)} | dict(row)


def _check_side(path: str, item: ItemContent, exercise: ExerciseContent) -> None:
    try:
        item.dose.check_side(exercise.laterality)
    except DoseError as error:
        raise CatalogueError(f"{path}: {exercise.code}: {error.code}") from error


def _renamed(row: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {(new if name == old else name): value for name, value in row.items()} | {new: row.get(old, ())}


def _read(read: Callable[[Any], Content], row: Mapping[str, Any]) -> Content:
    try:
        return read(row)
    except ContentError as error:
        raise CatalogueError(f"{row.get('code', 'an entry')}: {error.problems}") from error
