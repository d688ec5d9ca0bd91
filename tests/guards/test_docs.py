"""The pages to read name what is there, and the code names no paper that is not."""

import re
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("clinic", "exercises", "athletes", "portal")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("exercises/figures/**/*.md")]
CODE = [path for folder in (*ROOMS, "bench", "tests") for path in (ROOT / folder).rglob("*.py")]
PLACE = r"(?<![\w/])(?:clinic|exercises|athletes|portal|templates|tests|bench|docs)/[\w/]*(?:\.\w+)?"
PAPER = r"\b[A-Za-z]+\.md\b|\b[A-Z]{6,}(?= (?:section|goals|[A-Z]\d))"


def named(pattern: str, files: Iterable[Path]) -> set[tuple[str, str]]:
    """Return (file, name) for every name that a pattern finds."""
    return {(str(path.relative_to(ROOT)), name) for path in files for name in re.findall(pattern, path.read_text())}


def test_every_file_that_a_page_names_is_there() -> None:
    places = named(PLACE, PAGES)
    assert len(places) > 30
    assert sorted((page, place) for page, place in places if not (ROOT / place).exists()) == []


def test_every_paper_that_is_named_is_there() -> None:
    known = {page.name for page in PAGES} | {page.stem for page in PAGES}
    papers = named(PAPER, [*PAGES, *CODE, ROOT / "Makefile"])
    assert len(papers) > 30
    assert sorted((file, paper) for file, paper in papers if paper not in known) == []


def test_section_three_names_every_table() -> None:
    data = (ROOT / "ARCHITECTURE.md").read_text().partition("\n## 3.")[2].partition("\nLaws")[0]
    tables = {model.__name__ for model in apps.get_models() if model._meta.app_label in ROOMS}
    assert sorted(name for name in tables if not re.search(rf"\b{name}\b", data)) == []
