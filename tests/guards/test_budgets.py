"""The shape that ARCHITECTURE.md promises, held by machines."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("clinic", "exercises", "athletes", "portal")
FUNCTION, FILE = 40, 250  # lines
UNMEASURED = ("portal/settings.py", "exercises/catalogue/")
UNWELCOME = {"utils", "util", "helpers", "helper", "common", "core", "misc", "services", "managers", "signals"}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def measured() -> list[Path]:
    return [p for p in sources() if not str(p.relative_to(ROOT)).startswith(UNMEASURED)]


def test_there_is_something_to_measure() -> None:
    assert len(measured()) > 80


def test_no_file_is_over_its_budget() -> None:
    long = {str(p.relative_to(ROOT)): n for p in measured() if (n := len(p.read_text().splitlines())) > FILE}
    assert not long


def test_no_function_is_over_its_budget() -> None:
    long = []
    for path in measured():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{path.relative_to(ROOT)}:{node.name} {lines}"] if lines > FUNCTION else []
    assert not long


def test_no_file_hides_what_it_is_for() -> None:
    named = [str(p.relative_to(ROOT)) for p in sources() if UNWELCOME & {p.stem, *p.relative_to(ROOT).parent.parts}]
    assert not named


def test_only_the_clock_reads_the_clock() -> None:
    reads = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|datetime\.utcnow\(|\btime\.time\(|auto_now=True")
    found = {str(p.relative_to(ROOT)) for p in sources() if reads.search(p.read_text())}
    assert found == {"portal/clock.py"}


def test_no_page_has_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "/mail/" not in str(p) and "/email/" not in str(p)]
    assert len(pages) > 30
    assert not [str(p.relative_to(ROOT)) for p in pages if inline.search(p.read_text())]


def test_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", said.stdout)
    assert kept, said.stdout
    assert int(kept[1]) >= 7


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()
