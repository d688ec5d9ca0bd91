"""The record's two wide pictures: silence only where a word was due, and the past where it was."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from athletes.charts_record import calendar, pain_weeks
from athletes.rules.adherence import Rate
from athletes.rules.bands import Limits
from athletes.rules.days import Day, Glyph
from athletes.rules.trend import PainDay

START = date(2026, 11, 2)  # a Monday
DAY = timedelta(days=1)


def days(mornings: list[int | None], asked: list[bool] | None = None, **peaks: int) -> list[PainDay]:
    return [
        PainDay(START + n * DAY, morning, peaks.get(f"d{n}"), asked is None or asked[n])
        for n, morning in enumerate(mornings)
    ]


def drawn(told: list[PainDay], usual: float | None = None, editions: tuple[tuple[date, str], ...] = ()) -> ET.Element:
    return ET.fromstring(pain_weeks(told, usual=usual, limits=Limits(), editions=editions))  # noqa: S314 our own


def classed(root: ET.Element, css: str) -> list[ET.Element]:
    return [part for part in root.iter() if css in part.attrib.get("class", "").split()]


def hatched(root: ET.Element) -> list[str]:
    return [part.attrib["fill"] for part in root.iter() if part.attrib.get("fill", "").startswith("url(#hatch")]


def test_day_that_nobody_asked_about_is_bridged_and_not_hatched() -> None:
    root = drawn(days([2, None, None, None, 3], [True, False, False, False, True]))
    assert len(classed(root, "gap-line")) == 1
    assert hatched(root) == []
    assert "unknown" not in root.attrib["aria-label"]


def test_one_missing_answer_leaves_a_foot_two_a_column() -> None:
    one = drawn(days([2, None, None, 3], [True, True, False, True]))
    assert (hatched(one), len(classed(one, "gap-line"))) == (["url(#hatch)"], 1)
    two = drawn(days([2, None, None, None, 3], [True, True, False, True, True]))
    assert (hatched(two), len(classed(two, "gap-line"))) == (["url(#hatch-wide)"], 0)
    assert "2 days unknown" in two.attrib["aria-label"]


def test_this_morning_is_still_open() -> None:
    assert hatched(drawn(days([2, 2, None]))) == []


def test_marks_take_the_shape_of_their_band() -> None:
    root = drawn(days([None] * 3, None, d0=2, d1=3, d2=6))
    assert [part.tag.rpartition("}")[2] for css in ("p-calm", "p-watch", "p-stop") for part in classed(root, css)] == [
        "circle",
        "path",
        "path",
    ]
    assert classed(root, "morning") == []


def test_edition_is_flagged_on_its_day_and_only_inside_the_picture() -> None:
    editions = ((START - 9 * DAY, "v1"), (START + DAY, "v2"))
    root = drawn(days([1, 1, 1]), editions=editions)
    assert len(classed(root, "version-line")) == 1
    assert [part.text for part in classed(root, "flag-text")] == ["v2"]


@pytest.mark.parametrize("n", [1, 2, 28, 56, 182])
def test_everything_stays_inside_the_picture(n: int) -> None:
    told = days([10 if i % 3 else None for i in range(n)])
    root = drawn(told, usual=9.5)
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    for part in root.iter():
        x, y = float(part.attrib.get("x", 0)), float(part.attrib.get("y", 0))
        assert 0 <= x <= width, part.attrib
        assert 0 <= y <= height, part.attrib
    texts = [part.text for part in root.iter() if part.text]
    assert len([words for words in texts if re.fullmatch(r"\d+ \w{3}", words)]) <= 10


def week(*glyphs: Glyph, first: date = START) -> list[Day]:
    return [Day(first + n * DAY, glyph, int(glyph == "done")) for n, glyph in enumerate(glyphs)]


def test_calendar_tints_only_days_on_which_something_was_done() -> None:
    whole = week("done", "partly", "missed", "unknown", "paused", "free", "free")
    svg = calendar([whole, week("done", first=START + 7 * DAY)], [Rate(2, 4, 1), Rate(0, 0)])
    root = ET.fromstring(svg)  # noqa: S314 our own
    assert len(classed(root, "cal-cell")) == 8
    assert len(classed(root, "due")) == 3
    assert [part.text for part in classed(root, "em")] == ["50", "\N{EN DASH}"]
    assert len(classed(root, "g-today")) == 1
    assert root.attrib["aria-label"] == "Sessions, last 8 days: something done on 3 days, 1 unknown"


def test_calendar_says_one_day_in_the_singular() -> None:
    root = ET.fromstring(calendar([week("done", "missed")], [Rate(1, 2)]))  # noqa: S314 our own
    assert root.attrib["aria-label"] == "Sessions, last 2 days: something done on 1 day, 0 unknown"
