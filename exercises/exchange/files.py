"""What every kind of file becomes: entries with the place where a person finds them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from clinic.errors import DomainError
from exercises.exchange.columns import EXERCISE, Column, Json, said
from exercises.rules.content import Problem

BYTES = 2 * 1024 * 1024  # our own bounds: a library of hundreds has a few hundred kilobytes
ENTRIES = 500
FILE = "file"  # the field of the form that a problem with the whole file stands beside


@dataclass(frozen=True)
class Entry:
    """One exercise or protocol of a file: its row as a spreadsheet counts, what it says, what cannot be read."""

    row: int
    said: Json
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Library:
    """What a file holds. `unknown` are columns that nobody knows: what stands in them is left out, and told.

    `is_sheet` says that a place in it is a row of a spreadsheet, else it is the number of the entry in its list.
    """

    exercises: tuple[Entry, ...] = ()
    protocols: tuple[Entry, ...] = ()
    unknown: tuple[str, ...] = ()
    is_sheet: bool = False


def from_table(rows: Iterable[Sequence[Any]]) -> Library:
    """Return the exercises of a table whose first row names the columns. Empty rows are passed over."""
    numbered = enumerate(rows, start=1)
    _, head = next(numbered, (1, ()))
    names = [header(cell) for cell in head]
    known = {column.name for column in EXERCISE}
    if not {"code", "name"} & set(names):
        raise DomainError("columns_missing", field=FILE)
    if len(set(filter(None, names))) != len(list(filter(None, names))):
        raise DomainError("columns_twice", field=FILE)
    entries: list[Entry] = []
    for number, row in numbered:
        if is_empty(row):
            continue
        refuse_many(len(entries) + 1)
        beyond = not is_empty(cell for name, cell in zip_longest(names, row) if not name)
        entries.append(_entry(number, dict(zip(names, row, strict=False)), beyond=beyond))
    unknown = tuple(name for name in names if name and name not in known)
    return Library(exercises=tuple(entries), unknown=unknown, is_sheet=True)


def header(cell: Any) -> str:
    """Return a column's name as we spell it: "Hold s" is hold_s."""
    return "_".join(str(cell or "").casefold().split())


def is_empty(row: Iterable[Any]) -> bool:
    """Tell whether nothing stands in a row."""
    return all(cell is None or not str(cell).strip() for cell in row)


def refuse_many(entries: int) -> None:
    """Raise DomainError when a file holds more than a person looks through."""
    if entries > ENTRIES:
        raise DomainError("too_many_entries", field=FILE)


def _entry(number: int, row: Mapping[str, Any], *, beyond: bool, columns: Sequence[Column] = EXERCISE) -> Entry:
    content, problems = said(row, columns)
    return Entry(number, content, (*problems, *([("", "cells_beyond")] if beyond else [])))
