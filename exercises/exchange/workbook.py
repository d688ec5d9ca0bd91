"""XLSX: one sheet of exercises, and one that says what the columns hold."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from clinic.errors import DomainError
from exercises.errors import CellError
from exercises.exchange.columns import EXERCISE, Shape, written
from exercises.exchange.files import ENTRIES, FILE, Library, from_table, header, refuse_many

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPACKED = 4 * 1024 * 1024  # bytes
ELEMENTS = 150_000  # tags, both ends: one takes up to 20 µs to read, and 500 exercises have 70,000
PARTS, ROWS, COLUMNS = 200, 10_000, 100
WIDE, NARROW = 48, 14  # characters


def write(exercises: Iterable[dict[str, Any]]) -> bytes:
    """Return exercises (as their JSON) as a workbook. Every text is a text: nothing is a formula or a date."""
    from openpyxl import Workbook  # a third of a second at start-up, for a page that few open
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "exercises"
    sheet.append([column.name for column in EXERCISE])
    for content in exercises:
        sheet.append(written(content))
    for n, column in enumerate(EXERCISE, start=1):
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = WIDE if column.shape is Shape.LINES else NARROW
        for cell in sheet[letter]:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.number_format = "@"
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "C2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> Library:
    """Return what a workbook says; raise DomainError when it is none, or unpacks to more than a library."""
    try:
        _refuse_bomb(data)
        from openpyxl import load_workbook  # as above

        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = _rows(sheet)
            head = next(rows, ())
            if {"code", "name"} & {header(cell) for cell in head}:
                return from_table(_with(head, rows))
    except DomainError:
        raise
    except Exception as error:  # whatever a broken file makes of the library that reads it
        raise DomainError("not_a_workbook", field=FILE) from error
    raise DomainError("columns_missing", field=FILE)


def _refuse_bomb(data: bytes) -> None:
    """Measure before opening: unpacking stops at the size that the directory declares, so it cannot lie."""
    with ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
            raise DomainError("file_too_large", field=FILE)
        if sum(archive.read(part).count(b"<") for part in parts) > ELEMENTS:
            raise DomainError("file_too_large", field=FILE)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(sheet.iter_rows(max_col=COLUMNS)):
        if n >= ROWS:  # one cell at the foot of the sheet would make a million empty rows
            refuse_many(ENTRIES + 1)
        yield tuple(_value(cell) for cell in row)


def _value(cell: Any) -> Any:
    """Return a cell's value, or what is wrong with it: #REF! is not text, and "1-2" was no first of February."""
    if cell.data_type == "e":
        return CellError("cell_is_error")
    return CellError("cell_is_date") if isinstance(cell.value, date | time | timedelta) else cell.value


def _with(head: tuple[Any, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    yield head
    yield from rows
