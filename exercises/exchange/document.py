"""JSON: exercises and protocols whole, as versions keep them."""

import json
from collections.abc import Iterable
from typing import Any

from clinic.errors import DomainError
from exercises.exchange.cells import tidied
from exercises.exchange.delimited import decoded
from exercises.exchange.files import FILE, Entry, Library, refuse_many

FORMAT, VERSION = "backstride-library", 1


def write(*, exercises: Iterable[dict[str, Any]] = (), protocols: Iterable[dict[str, Any]] = ()) -> bytes:
    """Return exercises and protocols (as their JSON) as one document."""
    whole = {"format": FORMAT, "version": VERSION, "exercises": list(exercises), "protocols": list(protocols)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def read(data: bytes) -> Library:
    """Return what a document says; raise DomainError when it is none of ours."""
    try:
        whole = tidied(json.loads(decoded(data)))
        json.dumps(whole, ensure_ascii=False).encode()  # half a surrogate is no text that a page can show
    except (ValueError, RecursionError) as error:  # also a number of ten thousand digits
        raise DomainError("not_json", field=FILE) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or whole.get("version") != VERSION:
        raise DomainError("not_our_json", field=FILE)
    exercises, protocols = (whole.get(name, []) for name in ("exercises", "protocols"))
    if not isinstance(exercises, list) or not isinstance(protocols, list):
        raise DomainError("not_our_json", field=FILE)
    refuse_many(len(exercises) + len(protocols))
    return Library(exercises=_entries(exercises), protocols=_entries(protocols))


def _entries(rows: list[Any]) -> tuple[Entry, ...]:
    return tuple(
        Entry(n, row) if isinstance(row, dict) else Entry(n, {}, (("", "not_an_object"),))
        for n, row in enumerate(rows, start=1)
    )
