"""CSV: written as Excel opens it, read as the spreadsheets of this world save it."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from clinic.errors import DomainError
from exercises.exchange.columns import EXERCISE, written
from exercises.exchange.files import FILE, Library, from_table, header

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something older
DELIMITERS = (",", ";", "\t")  # Excel in most of Europe saves with semicolons
KNOWN = frozenset(column.name for column in EXERCISE)


def write(exercises: Iterable[dict[str, Any]]) -> bytes:
    """Return exercises (as their JSON) as CSV, one a row."""
    out = StringIO(newline="")
    out.write(BOM)
    table = csv.writer(out)
    table.writerow(column.name for column in EXERCISE)
    table.writerows(written(content) for content in exercises)
    return out.getvalue().encode()


def read(data: bytes) -> Library:
    """Return what a CSV file says; raise DomainError when it is none."""
    text = decoded(data)
    first, _, rest = text.partition("\n")
    if first.casefold().startswith("sep="):  # a note of Excel's to itself
        text = rest
    try:
        return from_table(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise DomainError("not_a_table", field=FILE) from error


def decoded(data: bytes) -> str:
    """Return a file's text: Unicode where it is, else what Windows in western Europe writes."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DomainError("not_text_file", field=FILE)


def _delimiter(text: str) -> str:
    """Return the delimiter that makes most of our columns out of the first line."""
    line = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=lambda mark: sum(header(cell.strip(' "\r')) in KNOWN for cell in line.split(mark)))
