"""The look's tags: shapes before colour, nothing chosen before a touch, times in the reader's zone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string

from clinic.templatetags.look import ago, when

LIMITS = SimpleNamespace(watch_from=3, stop_from=6)
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STATIC = settings.BASE_DIR / "portal" / "static"


def drawn(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context({"limits": LIMITS, **context}))


def test_pain_scale_has_no_answer_before_a_touch() -> None:
    for value in (None, ""):
        html = drawn('{% pain_scale "during" "Most pain" limits value=value %}', value=value)
        assert "checked" not in html
        assert len(re.findall(r'<input type="radio" name="during" value="\d+"', html)) == 11


@pytest.mark.parametrize("value", [0, "0", 3, "10"])
def test_pain_scale_keeps_the_answer(value: object) -> None:
    html = drawn('{% pain_scale "during" "Most pain" limits value=value %}', value=value)
    assert re.findall(r'value="(\w+)" checked', html) == [str(value)]


def test_pain_scale_takes_not_sure_for_an_answer() -> None:
    html = drawn('{% pain_scale "during" "Most pain" limits value="unsure" %}')
    assert re.findall(r'value="(\w+)" checked', html) == ["unsure"]


def test_pain_scale_colours_by_the_clinics_limits() -> None:
    html = drawn('{% pain_scale "p" "Pain" limits %}', limits=SimpleNamespace(watch_from=2, stop_from=5))
    assert re.findall(r'<label class="(\w)">', html) == ["c"] * 2 + ["w"] * 3 + ["s"] * 6


def test_pain_scale_ties_its_error_to_the_group_and_escapes_it() -> None:
    html = drawn('{% pain_scale "p" "Pain" limits error=error hint="Now" %}', error="<b>Choose</b>")
    assert 'role="radiogroup" aria-describedby="p-hint p-error" aria-invalid="true"' in html
    assert '<p class="field-error" id="p-error">&lt;b&gt;Choose&lt;/b&gt;</p>' in html
    assert "aria-invalid" not in drawn('{% pain_scale "p" "Pain" limits %}')


def test_five_scale_takes_a_models_choices() -> None:
    html = drawn(
        '{% five_scale "effort" "Effort" value="2" choices=choices %}', choices=[("", "-"), (1, "A"), (2, "B&")]
    )
    assert re.findall(r'value="(\w*)"( checked)?', html) == [("1", ""), ("2", " checked")]
    assert "B&amp;" in html


def test_pain_mark_of_nothing_is_a_hatched_dash_in_words() -> None:
    html = drawn("{% pain_mark None limits %}")
    assert "url(#hatch)" in html
    assert "unknown" in html
    assert "pain-calm" not in html


@pytest.mark.parametrize(("score", "band", "shape"), [(0, "calm", "circle"), (3, "watch", "path"), (6, "stop", "path")])
def test_pain_mark_has_shape_number_and_colour(score: int, band: str, shape: str) -> None:
    html = drawn("{% pain_mark score limits %}", score=score)
    assert f"pain-{band}" in html
    assert f"<{shape}" in html
    assert html.endswith(f"{score}</span>")


def test_day_glyph_speaks_unless_a_word_stands_beside_it() -> None:
    assert 'role="img" aria-label="unknown"' in drawn('{% day_glyph "unanswered" %}')
    assert "aria-label" not in drawn('{% day_glyph "done" label="" %}')


def test_icon_alone_needs_its_label_escaped() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "bell" %}')
    assert 'aria-label="&quot;&gt;&lt;x"' in drawn('{% icon "bell" label %}', label='"><x')


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=42, seconds=59), "42 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(hours=24), "1 d"),
        (timedelta(days=9, hours=5), "9 d"),
    ],
)
def test_ago_says_the_largest_whole_unit(age: timedelta, words: str) -> None:
    assert ago(NOW - age, NOW) == words


@pytest.mark.parametrize(
    ("zone", "hours", "words"),
    [
        ("UTC", 0, "today 23:30"),
        ("Europe/Berlin", 0, "today 00:30"),
        ("Europe/Berlin", -1, "yesterday"),  # 23:30 there, of the day before
        ("America/Los_Angeles", -1, "today 14:30"),
        ("UTC", -48, "Sun 22 Nov"),
        ("UTC", 1, "tomorrow"),
        ("UTC", -24 * 365, "24 Nov 2025"),
    ],
)
def test_when_names_the_day_where_the_reader_is(zone: str, hours: int, words: str) -> None:
    assert when(NOW + timedelta(hours=hours), NOW, zone) == words


def test_when_adds_the_clock_on_request() -> None:
    assert when(NOW - timedelta(days=2), NOW, "UTC", clock=True) == "Sun 22 Nov 23:30"


def test_templates_use_only_icons_and_figures_that_are_served() -> None:
    for sprite, tag in (("vendor/icons.svg", "icon"), ("figures/stills.svg", "figure")):
        served = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / sprite).read_text()))
        used = {
            (path.name, name)
            for path in TEMPLATES
            for name in re.findall(rf'{{%\s*{tag}\s+"([^"]+)"', path.read_text())
        }
        assert used
        assert {(page, name) for page, name in used if name not in served} == set()


def test_pages_carry_no_inline_script_or_style() -> None:
    pages = [path for path in TEMPLATES if "mail" not in path.parts and "email" not in path.parts]
    inline = re.compile(r"<style|\sstyle=|\son(click|load|change|submit|input)=|<script(?![^>]*\bsrc=)|javascript:")
    assert {path.name for path in pages if inline.search(path.read_text())} == set()


def test_every_file_a_style_names_is_there() -> None:
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        assert "sourceMappingURL" not in text
        for url in re.findall(r"url\([\"']?([^\"')]+)", text):
            assert url.startswith("data:") or (sheet.parent / url).resolve().is_file(), url


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_failure_page_needs_neither_request_nor_database(name: str) -> None:
    assert "Backstride" in render_to_string(name)


HEALTH = re.compile(
    r"pain|exercise|injur|diagnos|back\b|session|score|therap|symptom|health|runner|hurt", re.IGNORECASE
)


@pytest.mark.parametrize("kind", ["nudge", "alert", "invitation"])
def test_mail_says_nothing_about_health_and_has_one_action(kind: str) -> None:
    clinic = SimpleNamespace(
        name="Riverside", phone="555 0134", emergency_number="112", reply_to="desk@riverside.example"
    )
    link = "https://portal.example/x/"
    context = {"clinic": clinic, "link": link, "unsubscribe_link": "https://portal.example/u/"}
    for part in ("subject.txt", "txt", "html"):
        words = render_to_string(f"mail/{kind}.{part}", context)
        told = re.sub(r"<style>.*?</style>|<[^>]+>|https?://\S+|Backstride", " ", words, flags=re.DOTALL)
        assert HEALTH.findall(told) == []
        if part != "subject.txt":
            assert words.count(link) == 1
            assert ("https://portal.example/u/" in words) == (kind == "nudge")
            assert ("If something feels wrong" in words) == (kind != "alert"), (
                "a clinician is not told to call the clinic"
            )
    assert not re.search(r"<img|https?://(?!portal\.example)", words)


def test_templates_folder_is_where_the_tests_look() -> None:
    assert Path(settings.TEMPLATES[0]["DIRS"][0]) / "base.html" in TEMPLATES
