"""The charts' grammar: what is missing is neither zero nor green, and the sentence says the finding."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils.safestring import SafeString

from athletes.charts import PainDay, newest, pain_trend, sparkline, strip
from athletes.rules.bands import Limits
from athletes.rules.bands import band as rule_band
from clinic.figures import band

LIMITS = Limits()
START = date(2026, 11, 11)


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 our own


def label(svg: str) -> str:
    return tree(svg).attrib["aria-label"]


def classed(svg: str, css: str) -> list[ET.Element]:
    return [part for part in tree(svg).iter() if css in part.attrib.get("class", "").split()]


def trend(mornings: list[int | None], peaks: list[int | None] | None = None, usual: float | None = 3) -> SafeString:
    days = [
        PainDay(START + timedelta(days=i), morning, (peaks or [None] * len(mornings))[i])
        for i, morning in enumerate(mornings)
    ]
    return pain_trend(days, usual=usual, limits=LIMITS)


@pytest.mark.parametrize(
    "svg",
    [
        strip(["done"] * 14),
        strip([]),
        sparkline([None] * 14, None, LIMITS),
        sparkline([], 3, LIMITS),
        trend([2, 3, None, 4, None, None, 5]),
        trend([]),
        trend([None]),
    ],
)
def test_chart_is_one_labelled_image_without_style_or_script(svg: str) -> None:
    root = tree(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"][0].isupper()
    assert isinstance(svg, SafeString)
    assert not re.search(r"style|script|\son\w+=|#[0-9a-f]{3}|nan|None", svg)


def test_bands_of_the_drawing_are_those_of_the_rules() -> None:
    for score in (None, *range(11)):
        for limits in (Limits(), Limits(watch_from=2, stop_from=5), Limits(watch_from=1, stop_from=10)):
            assert band(score, limits) == rule_band(score, limits)


def test_strip_draws_each_state_in_its_own_shape() -> None:
    states = ["done", "partly", "missed", "unknown", "paused", "free"]
    shapes = [re.sub(r"\d+(\.\d+)?", "", strip([state]).split(">", 1)[1]) for state in states]
    assert len(set(shapes)) == len(states)
    assert label(strip([*states, "done"])) == ("Last 7 days: 2 done, 1 partly, 1 missed, 1 unknown, 1 paused")


def test_strip_draws_what_nobody_told_hatched_and_never_done() -> None:
    for state in ("unknown", "unanswered", "", "a state of tomorrow"):
        assert not classed(strip([state]), "g-done")
        assert [ring.attrib["fill"] for ring in classed(strip([state]), "g-unk")] == ["url(#hatch)"]


def test_strip_without_anything_due_says_so() -> None:
    assert label(strip(["free", "due", "free"])) == "Last 3 days: nothing due"


def test_sparkline_breaks_at_a_missing_day_and_never_touches_zero() -> None:
    svg = sparkline([5, 5, None, 5, 5], None, LIMITS)
    assert len(classed(svg, "trend-line")) == 2
    assert len(classed(svg, "gap-line")) == 1
    floor = [line.attrib["d"] for line in classed(svg, "trend-line") if " 35.0" in line.attrib["d"]]
    assert floor == []


def test_sparkline_of_zeros_lies_on_the_floor() -> None:
    assert " 35.0" in classed(sparkline([0, 0], None, LIMITS), "trend-line")[0].attrib["d"]


def test_sparkline_of_unknown_days_draws_no_line_and_no_mark() -> None:
    svg = sparkline([None] * 14, 3, LIMITS)
    assert not classed(svg, "trend-line")
    assert not [mark for css in ("p-calm", "p-watch", "p-stop") for mark in classed(svg, css)]
    assert label(svg) == "Pain, last 14 days: unknown"


@pytest.mark.parametrize(
    ("score", "css"), [(0, "p-calm"), (2, "p-calm"), (3, "p-watch"), (5, "p-watch"), (6, "p-stop")]
)
def test_sparkline_marks_the_newest_score_in_its_band(score: int, css: str) -> None:
    svg = sparkline([1, score], 2.5, LIMITS)
    marks = [part for part in tree(svg) if "p-edge" in part.attrib.get("class", "")]
    assert [mark.attrib["class"] for mark in marks] == [f"{css} p-edge"]
    assert label(svg) == f"Pain, last 2 days: from {min(1, score)} to {max(1, score)}, newest {score}, usual 2.5"


def test_newest_is_unknown_once_two_days_are_missing() -> None:
    assert newest([3, 4, None]) == 4
    assert newest([3, 0]) == 0
    assert newest([3, 4, None, None]) is None
    assert newest([]) is None
    assert label(sparkline([2, 4, None, None], 3, LIMITS)) == (
        "Pain, last 4 days: from 2 to 4, newest unknown, usual 3, 2 days unknown"
    )


def test_trend_bridges_one_missing_day_and_hatches_its_foot() -> None:
    svg = trend([2, 2, None, 3, 3])
    assert len(classed(svg, "trend-line")) == 2
    assert len(classed(svg, "gap-line")) == 1
    assert len([r for r in tree(svg).iter() if r.attrib.get("fill") == "url(#hatch)"]) == 1
    assert not classed(svg, "gap-fill")


def test_trend_hatches_a_column_for_a_longer_silence() -> None:
    svg = trend([2, 2, None, None, 3, 3])
    assert not classed(svg, "gap-line")
    assert len(classed(svg, "gap-fill")) == 1
    assert [part.text for part in tree(svg).iter() if part.text in {"no", "answer"}] == ["no", "answer"]


def test_trend_leaves_this_morning_open() -> None:
    svg = trend([2, 2, 3, None])
    assert "url(#hatch" not in svg
    assert "unknown" not in label(svg)


def test_trend_of_silence_shows_no_line_and_no_calm_mark() -> None:
    svg = trend([None] * 14, usual=None)
    assert not classed(svg, "trend-line")
    assert not classed(svg, "p-calm")
    assert label(svg) == "Pain, last 14 days: next mornings unknown, 13 days unknown"


def test_trend_draws_a_lone_answer_as_a_dot() -> None:
    assert [line.attrib["d"][-2:] for line in classed(trend([None, None, 4, None, None]), "trend-line")] == ["h0"]


def test_trend_names_a_score_over_the_line_larger_and_in_words() -> None:
    svg = trend([2, 3, 3, 4, None], [None, 4, None, None, 8])
    assert [part.text for part in classed(svg, "em")] == ["8 today"]
    assert len(classed(svg, "p-stop")) == 1
    assert label(svg) == (
        "Pain, last 5 days: next morning rose from 2 to 4, most pain on a day 8, at or over the clinic’s line of 6, usual 3"
    )


def test_trend_reads_the_clinics_own_limits() -> None:
    days = [PainDay(START, 4, 4), PainDay(START + timedelta(days=1), 4, 4)]
    assert classed(pain_trend(days, usual=None, limits=Limits(watch_from=2, stop_from=4)), "p-stop")
    assert not classed(pain_trend(days, usual=None, limits=LIMITS), "p-stop")
