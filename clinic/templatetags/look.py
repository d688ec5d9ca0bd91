"""The look in templates: icons, pain, days, scales, times. Each tag is drawn from strings, so pages stay cheap."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.figures import SAME_DAY, PainLimits, band, day_shape, pain_shape

register = template.Library()

DAY_WORDS = {
    "done": lazy("done"),
    "partly": lazy("partly"),
    "missed": lazy("missed"),
    "paused": lazy("paused"),
    "unknown": lazy("unknown"),
    "free": lazy("nothing due"),
    "today": lazy("today"),
}
EFFORT = ((1, lazy("Very easy")), (2, lazy("Easy")), (3, lazy("Moderate")), (4, lazy("Hard")), (5, lazy("All out")))
DASH = "\N{EN DASH}"  # stands for what nobody told us
CHIP = {"P1": "chip-stop", "P2": "chip-watch", "P3": "chip-watch"}
BRIEF = {"calm": "c", "watch": "w", "stop": "s"}


@register.simple_tag
def look_head() -> SafeString:
    """Return the links every page needs: styles, fonts, mark, theme."""
    return _head()


@cache
def _head() -> SafeString:
    fonts = ("vendor/inter-latin-wght-normal.woff2", "vendor/bricolage-grotesque-latin-opsz-normal.woff2")
    styles = ("vendor/bootstrap.min.css", "look/tokens.css", "look/components.css")
    preload = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>\n'
    return format_html(
        '{}{}<link rel="icon" href="{}" type="image/svg+xml">\n<script type="module" src="{}"></script>',
        format_html_join("", preload, ((static(path),) for path in fonts)),
        format_html_join("", '<link rel="stylesheet" href="{}">\n', ((static(path),) for path in styles)),
        static("look/favicon.svg"),
        static("look/theme.js"),
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite beside a word; alone, it needs a label."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    href = f"{static('vendor/icons.svg')}#{name}"
    return format_html('<svg class="icon" {}><use href="{}"/></svg>', _spoken(label), href)


def _spoken(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')


@register.simple_tag
def pain_mark(score: int | None, limits: PainLimits) -> SafeString:
    """Draw a pain score (0-10): shape, number, colour. A missing score is a hatched ring and a dash."""
    return _pain_mark(score, band(score, limits), get_language() or "")


@lru_cache(maxsize=256)
def _pain_mark(score: int | None, kind: str, language: str) -> SafeString:
    del language  # part of the key: "unknown" is a word
    shape = mark_safe(pain_shape(kind, 6, 6.2, 4.4))  # type: ignore[arg-type]
    svg = format_html('<svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>', shape)
    if score is None:
        word = _("unknown")
        return format_html(
            '<span class="pain pain-none">{}{}<span class="visually-hidden"> {}</span></span>', svg, DASH, word
        )
    return format_html('<span class="pain pain-{}">{}{}</span>', kind, svg, score)


@register.simple_tag
def day_glyph(state: str, label: str | None = None, size: int = 14) -> SafeString:
    """Draw a day's glyph. It says its word, another label, or with label="" nothing (a word stands beside it)."""
    if label is None:
        label = str(DAY_WORDS.get(SAME_DAY.get(state, state), DAY_WORDS["unknown"]))
    return _day_glyph(state, str(label), size)


@lru_cache(maxsize=256)
def _day_glyph(state: str, label: str, size: int) -> SafeString:
    shape = mark_safe(day_shape(state, size / 2, size / 2, size * 0.34))
    return format_html(
        '<svg class="day" viewBox="0 0 {0} {0}" width="{0}" height="{0}" {1}>{2}</svg>', size, _spoken(label), shape
    )


@register.simple_tag
def alert_chip(kind: str, text: str = "") -> SafeString:
    """Draw an alert's level and its age: the level is a word, the colour comes second."""
    return format_html('<span class="chip {}"><b>{}</b> {}</span>', CHIP.get(kind, "chip-line"), kind, text)


@register.inclusion_tag("components/pain_scale.html")
def pain_scale(
    name: str,
    legend: str,
    limits: PainLimits,
    *,
    value: object = None,
    error: str = "",
    hint: str = "",
    tight: bool = False,
    unsure: str = "unsure",
    advise: bool = True,
) -> dict[str, Any]:
    """Ask for pain 0-10. Nothing is chosen before a touch; "Not sure" is an answer and posts `unsure`.

    `advise` says under a session's pain what to do with it. A morning is judged against the usual one, and whoever felt
    something wrong is not told that a number is low: there it says nothing.
    """
    chosen = "" if value is None else str(value)
    cells = _cells(name, chosen, limits.watch_from, limits.stop_from)
    said = _said(get_language() or "") if advise else ""
    return {
        "name": name, "legend": legend, "cells": cells, "said": said, "error": error, "hint": hint, "tight": tight,
        "unsure": unsure, "is_unsure": chosen == unsure, "about": _about(name, error=error, hint=hint),
    }  # fmt: skip


def _about(name: str, *, error: str, hint: str) -> str:
    return " ".join(f"{name}-{part}" for part, text in (("hint", hint), ("error", error)) if text)


@lru_cache(maxsize=512)
def _cells(name: str, chosen: str, watch_from: int, stop_from: int) -> SafeString:
    rows = (
        ("s" if n >= stop_from else "w" if n >= watch_from else "c", name, n, _checked(n, chosen), n) for n in range(11)
    )
    cell = '<label class="{}"><input type="radio" name="{}" value="{}"{}>{}</label>\n'
    return format_html_join("", cell, rows)


def _checked(value: object, chosen: str) -> SafeString:
    return SafeString(" checked" if str(value) == chosen else "")


@lru_cache(maxsize=16)
def _said(language: str) -> SafeString:
    del language  # part of the key
    words = (
        ("calm", _("Below the lines your clinic set.")),
        ("watch", _("Keep it the same next time, no more.")),
        ("stop", _("At or above your clinic’s line. Stop for today.")),
    )
    line = '<p class="say said said-{}"><svg width="14" height="14" viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</p>\n'
    return format_html_join(
        "",
        line,
        ((BRIEF[kind], mark_safe(pain_shape(kind, 6, 6.4, 4.8)), text) for kind, text in words),  # type: ignore[arg-type]
    )


@register.inclusion_tag("components/five_scale.html")
def five_scale(
    name: str, legend: str, *, value: object = None, error: str = "", choices: Iterable[Sequence[Any]] = EFFORT
) -> dict[str, Any]:
    """Ask for one of five words; nothing is chosen before a touch."""
    chosen = "" if value is None else str(value)
    rows = ((name, given, _checked(given, chosen), label) for given, label in choices if given not in {None, ""})
    cells = format_html_join("", '<label><input type="radio" name="{}" value="{}"{}>{}</label>\n', rows)
    return {"name": name, "legend": legend, "cells": cells, "error": error, "about": _about(name, error=error, hint="")}


@register.simple_tag
def ago(then: datetime | None, now: datetime) -> str:
    """Say an age: 42 min, 3 h, 1 d."""
    if then is None:
        return DASH
    minutes = max(int((now - then) / timedelta(minutes=1)), 0)
    if minutes < 60:  # noqa: PLR2004 an hour
        return _("%(n)d min") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    return _("%(n)d d") % {"n": minutes // (24 * 60)}


@register.simple_tag
def when(then: datetime | None, now: datetime, zone: str | tzinfo, *, clock: bool = False) -> str:
    """Say a moment in someone's zone: "today 07:12", "yesterday", "Sun 22 Nov"; `clock` adds the time to every day."""
    if then is None:
        return DASH
    place = _zone(zone) if isinstance(zone, str) else zone
    local, today = then.astimezone(place), now.astimezone(place).date()
    days = (local.date() - today).days
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    pattern = "D j M" if local.year == today.year else pgettext("date with year", "j M Y")
    day = near.get(days) or format_date(local, pattern)
    return f"{day} {local:%H:%M}" if clock or days == 0 else day


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
