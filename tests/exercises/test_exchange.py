import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import fields
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from clinic.errors import DomainError
from exercises import exchange
from exercises.catalogue import load
from exercises.exchange import cells, columns, delimited, document, files, workbook
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import exercise_from, exercise_json, protocol_from, protocol_json
from exercises.rules.dose import Dose
from tests.contents import libraries, lines, protocols

WRITERS = {"csv": delimited.write, "xlsx": workbook.write, "json": lambda rows: document.write(exercises=rows)}
FORMATS = pytest.mark.parametrize("form", WRITERS)
PLANK = next(content for content in load().exercises if content.code == "plank")


def written(form: str, contents: Any) -> bytes:
    data: bytes = WRITERS[form]([exercise_json(content) for content in contents])
    return data


def back(data: bytes) -> tuple[ExerciseContent, ...]:
    found = exchange.read(data)
    assert not found.unknown
    assert not [entry for entry in found.exercises if entry.problems]
    return tuple(exercise_from(entry.said) for entry in found.exercises)


def refusal(data: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        exchange.read(data)
    assert caught.value.field == "file"
    return caught.value.code


def sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, changed: Callable[[bytes], bytes]) -> bytes:
    """Return a small workbook with one part of it changed."""
    source = zipfile.ZipFile(io.BytesIO(sheet(["code", "name"], ["plank", "Plank"])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            body = source.read(part)
            archive.writestr(part, changed(body) if part == name else body)
    return out.getvalue()


@FORMATS
def test_whole_catalogue_comes_back_as_it_went(form: str) -> None:
    assert back(written(form, load().exercises)) == load().exercises


@FORMATS
@bounds(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(library=libraries())
def test_every_exercise_comes_back_as_it_went(form: str, library: tuple[ExerciseContent, ...]) -> None:
    assert back(written(form, library)) == library


@bounds(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_protocol_comes_back_as_it_went(data: st.DataObject) -> None:
    content: ProtocolContent = data.draw(protocols("calm", load().exercises[:4]))
    found = exchange.read(document.write(protocols=[protocol_json(content)]))
    assert [protocol_from(entry.said) for entry in found.protocols] == [content]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "\uff1d1"])
def test_formula_is_disarmed_and_comes_back(text: str) -> None:
    safe = cells.disarm(text)
    assert safe[0] == "'"
    assert cells.rearm(safe) == text


@given(lines())
def test_no_text_can_be_a_formula_and_none_is_lost(text: str) -> None:
    safe = cells.disarm(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.rearm(safe) == text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_an_export_computes(form: str) -> None:
    evil = exercise_json(PLANK) | {"name": "=HYPERLINK(A1)", "steps": ["@SUM(1)", "+2"], "source": "-1"}
    data = WRITERS[form]([evil])
    if form == "csv":
        row = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1]
    else:
        sheet = load_workbook(io.BytesIO(data)).active
        row = [str(cell.value or "") for cell in sheet[2]]
        assert {cell.data_type for cell in sheet[2]} <= {"s", "n", "inlineStr"}  # f would be a formula, d a date
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert back(data)[0] == exercise_from(evil)


def test_workbook_has_texts_where_a_spreadsheet_would_guess() -> None:
    row = load_workbook(io.BytesIO(written("xlsx", [PLANK]))).active[2]
    assert {cell.number_format for cell in row if isinstance(cell.value, str)} == {"@"}


def test_csv_opens_in_excel_as_unicode() -> None:
    assert written("csv", [PLANK]).startswith(b"\xef\xbb\xbfcode,name,")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_as_spreadsheets_save_it(mark: str, encoding: str) -> None:
    text = f'"Code"{mark}Name{mark}steps\r\nblatt{mark}"Dehnübung; sitzend, lang"{mark}"Eins.\nZwei."\r\n'
    entry = exchange.read(text.encode(encoding)).exercises[0]
    assert entry.said == {"code": "blatt", "name": "Dehnübung; sitzend, lang", "steps": ["Eins.", "Zwei."]}


def test_note_of_excel_about_its_delimiter_is_passed_over() -> None:
    assert exchange.read(b"sep=;\r\ncode;name\r\nplank;Plank\r\n").exercises[0].said["name"] == "Plank"


def test_column_that_is_not_there_says_nothing_and_an_empty_cell_says_nothing_is_there() -> None:
    said = exchange.read(b"code,cues,reps,load_kg\nplank,,,\n").exercises[0].said
    assert said == {"code": "plank", "cues": [], "dose": {"reps": None, "load_kg": None}}


def test_load_is_named_by_what_is_said_of_it() -> None:
    found = exchange.read(b"code;load_kg;band\na;2,5;\nb;;red\nc;;\n").exercises
    assert [entry.said["dose"].get("load_kind") for entry in found] == ["kg", "band", None]
    assert found[0].said["dose"]["load_kg"] == "2.5"


def test_codes_are_read_as_a_person_writes_them() -> None:
    said = exchange.read(b'code,kind,regions\nplank,Warm-up,"Lower back, hip; core"\n').exercises[0].said
    assert (said["kind"], said["regions"]) == ("warm_up", ["lower_back", "hip", "core"])


@pytest.mark.parametrize(
    ("cell", "code"), [("many", "not_a_number"), ("2.5", "not_a_number"), ("1e999999999", "not_a_number")]
)
def test_cell_that_cannot_be_read_is_told_by_row_and_column(cell: str, code: str) -> None:
    entry = exchange.read(f"code,sets\nside,1\n\nplank,{cell}\n".encode()).exercises[1]
    assert (entry.row, entry.problems) == (4, (("dose.sets", code),))


def test_date_and_error_in_a_workbook_are_told() -> None:
    from datetime import date

    found = exchange.read(sheet(["code", "tempo", "sets", "reps"], ["plank", date(2026, 2, 1), "#REF!", 12.0]))
    assert dict(found.exercises[0].problems) == {"dose.tempo": "cell_is_date", "dose.sets": "cell_is_error"}
    assert found.exercises[0].said["dose"]["reps"] == 12


def test_sheet_with_our_columns_is_found_among_others() -> None:
    book = Workbook()
    book.active.append(["Notes", "of the year"])
    other = book.create_sheet("List")
    other.append(["Name", "Steps", None, "Colour"])
    other.append(["Plank", "Hold.", None, "red"])
    out = io.BytesIO()
    book.save(out)
    found = exchange.read(out.getvalue())
    assert found.exercises[0].said == {"name": "Plank", "steps": ["Hold."]}
    assert found.unknown == ("colour",)


@pytest.mark.parametrize("data", [b"code,name\nplank,Plank,more\n", b"code,,name\nplank,Hold.,Plank\n"])
def test_cell_under_no_column_name_is_told(data: bytes) -> None:
    assert exchange.read(data).exercises[0].problems == (("", "cells_beyond"),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns_missing"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_text_file"),
        (b"\x81\x8d,name\n", "not_text_file"),
        (b"colour,size\nred,2\n", "columns_missing"),
        (b"code,code\na,b\n", "columns_twice"),
        (b"code,name\n", "file_empty"),
        (b'code,name\n"plank,Plank\n', "not_a_table"),
        (b"PK\x03\x04 not really", "not_a_workbook"),
        (b"{", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"format": "backstride-library", "version": 1, "exercises": [' + b"[" * 700 + b"]" * 701 + b"}", "not_json"),
        (b'{"format": "backstride-library", "version": 1, "exercises": [{"name": "\\ud800"}]}', "not_json"),
        (b'{"format": "backstride-library", "version": 1, "exercises": [{"\\udfff": 1}]}', "not_json"),
        (b'{"format": "other"}', "not_our_json"),
        (b"[1, 2]", "not_our_json"),
        (b'{"format": "backstride-library", "version": 1, "exercises": 3}', "not_our_json"),
        (b'{"format": "backstride-library", "version": 1, "exercises": []}', "file_empty"),
        (b"x" * (files.BYTES + 1), "file_too_large"),
        (b"code\n" + b"a\n" * (files.ENTRIES + 1), "too_many_entries"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_that_is_none_of_ours_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_zip_bomb_is_measured_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (workbook.UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    assert refusal(out.getvalue()) == "file_too_large"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>{}</row></sheetData></worksheet>"),
        ("xl/styles.xml", "<styleSheet><fonts>{}</fonts></styleSheet>"),
    ],
)
def test_workbook_of_countless_elements_is_counted_not_opened(part: str, body: str) -> None:
    """Two kilobytes of them would keep a process busy for minutes."""
    small = with_part(part, lambda _body: body.format("<c/>" * (workbook.ELEMENTS + 1)).encode())
    assert len(small) < 10_000
    assert refusal(small) == "file_too_large"


def test_largest_library_is_no_bomb() -> None:
    largest = written("xlsx", islice(cycle(load().exercises), files.ENTRIES))
    assert len(exchange.read(largest).exercises) == files.ENTRIES
    with zipfile.ZipFile(io.BytesIO(largest)) as archive:
        assert sum(part.file_size for part in archive.infolist()) < workbook.UNPACKED / 2
        assert sum(archive.read(part).count(b"<") for part in archive.infolist()) < workbook.ELEMENTS


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_workbook_with_entities_is_refused(part: str) -> None:
    """Billion laughs, in the sheet and in the strings."""
    laugh = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert (
        refusal(with_part(part, lambda body: laugh + body.removeprefix(b'<?xml version="1.0"?>'))) == "not_a_workbook"
    )


def test_row_far_below_does_not_hang() -> None:
    book = Workbook()
    book.active.append(["code", "name"])
    book.active["B1048576"] = "Plank"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()) == "too_many_entries"


def test_openpyxl_waits_until_a_workbook_comes() -> None:
    import subprocess
    import sys

    code = "import sys, exercises.exchange; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_json_says_what_it_is() -> None:
    whole = json.loads(document.write(exercises=[exercise_json(PLANK)]))
    assert (whole["format"], whole["version"], len(whole["exercises"])) == ("backstride-library", 1, 1)


def test_every_part_of_an_exercise_has_its_column() -> None:
    parts = [field.name for field in (*fields(ExerciseContent), *fields(Dose)) if field.name != "dose"]
    assert sorted(column.name for column in columns.EXERCISE) == sorted(parts)


@pytest.mark.parametrize("cell", ["6, 4, 2", "6-4-2", "6 4 2", "6\n4\n2"])
def test_series_of_sets_is_read(cell: str) -> None:
    assert exchange.read(f'code,reps_pattern\nplank,"{cell}"\n'.encode()).exercises[0].said["dose"] == {
        "reps_pattern": [6, 4, 2]
    }


def test_series_of_sets_comes_back_and_is_no_date() -> None:
    series = exercise_json(PLANK) | {"dose": {"measure": "reps", "side": "none", "sets": 3, "reps_pattern": [6, 4, 2]}}
    for form in WRITERS:
        assert back(written(form, [exercise_from(series)]))[0].dose.reps_pattern == (6, 4, 2)
    assert "6, 4, 2" in written("csv", [exercise_from(series)]).decode()


def test_docs_name_every_column() -> None:
    page = Path(settings.BASE_DIR, "docs/exchange.md").read_text()
    assert [column.name for column in columns.EXERCISE if f"`{column.name}`" not in page] == []
