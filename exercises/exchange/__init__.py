"""The library as files: CSV, XLSX and JSON out and in, without loss. Pure: knows content, not the database."""

from collections.abc import Iterable

from clinic.errors import DomainError
from exercises.exchange import delimited, document, workbook
from exercises.exchange.columns import Json
from exercises.exchange.files import BYTES, FILE, Library


def read(data: bytes) -> Library:
    """Return what a file says, whatever it is called: its first bytes tell what it is. DomainError when it is nothing."""
    if len(data) > BYTES:
        raise DomainError("file_too_large", field=FILE)
    if data.startswith(b"PK"):
        found = workbook.read(data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        found = document.read(data)
    else:
        found = delimited.read(data)
    if not found.exercises and not found.protocols:
        raise DomainError("file_empty", field=FILE)
    return found


def write(name: str, *, exercises: Iterable[Json], protocols: Iterable[Json]) -> tuple[bytes, str] | None:
    """Return a file by its name, "exercises.csv", and its content type; None when there is none of this name."""
    match name:
        case "exercises.csv":
            return delimited.write(exercises), "text/csv; charset=utf-8"
        case "exercises.xlsx":
            return workbook.write(exercises), workbook.CONTENT_TYPE
        case "exercises.json":
            return document.write(exercises=exercises), "application/json"
        case "protocols.json":
            return document.write(protocols=protocols), "application/json"
        case "library.json":
            return document.write(exercises=exercises, protocols=protocols), "application/json"
    return None
