"""Exercises in pictures: the telling still for tiles, and the whole movement with its loop and its three stills."""

from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.templatetags.look import icon
from exercises.figures import assets, motion, pose, scene
from exercises.figures.geometry import short

register = template.Library()


@cache
def known() -> frozenset[str]:
    """Return the codes that have a drawing."""
    return frozenset(pose.codes())


@register.simple_tag
def figure(code: str, label: str = "", css: str = "") -> SafeString:
    """Draw the still of a movement that says most; nothing when there is no such movement."""
    return _figure(code, str(label), css) if code in known() else SafeString("")


@lru_cache(maxsize=512)
def _figure(code: str, label: str, css: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = " ".join(filter(None, (f"body-{pose.movement(code).body}", css)))
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', classes, spoken, static("figures/stills.svg"), code
    )


@register.simple_tag
def movement(code: str, *, stills: bool = True) -> SafeString:
    """Draw a movement: a loop that can be paused without script, and below it start, mid and finish with captions."""
    return _movement(code, stills, get_language() or "") if code in known() else SafeString("")


@lru_cache(maxsize=256)
def _movement(code: str, stills: bool, language: str) -> SafeString:  # noqa: FBT001 part of the key
    del language  # part of the key: the pause control is a word
    what, source = pose.movement(code), static(f"figures/{code}.svg")
    pause = format_html(
        '<input class="pause" type="checkbox" id="pause-{0}"><label class="btn btn-quiet" for="pause-{0}">{1}{2}<span>{3}</span></label>',
        code, icon("pause-fill"), icon("play-fill"), _("Pause the movement"),
    )  # fmt: skip
    below = _stills(code, source) if stills else SafeString("")
    sheet = format_html('<link rel="stylesheet" href="{}">', static("figures/loops.css"))
    return format_html(
        '{}<div class="movement body-{}">{}<div class="stage wide">{}</div>{}</div>',
        sheet,
        what.body,
        pause,
        _loop(code, source),
        below,
    )


def _loop(code: str, source: str) -> SafeString:
    """Return the film strip behind its window; `told` stands in where nothing may move."""
    what, stage, frames = pose.movement(code), scene.stage(code), motion.loop(code).frames
    left, bottom, right, top = stage.box
    window = (short(left), short(-top), short(right - left), short(top - bottom))
    uses = format_html_join(
        "", '<use href="{}#f{}" x="{}"/>', ((source, n, short(n * stage.width)) for n in range(len(frames)))
    )
    strip = format_html(
        '<use href="{0}#behind"/><svg x="{2}" y="{3}" width="{4}" height="{5}" viewBox="{6}"><g class="strip">{1}</g></svg><use href="{0}#front"/>',
        source, uses, *window, " ".join(window),
    )  # fmt: skip
    told = format_html(
        '<use class="told" href="{}#{}" x="{}" y="{}" width="{}" height="{}"/>', source, what.telling, *window
    )
    turned = format_html('<g class="film" transform="{}">{}</g>', assets.mirrored(what, stage.box), strip)
    return format_html(
        '<svg class="loop loop-{}" viewBox="{}" role="img" aria-label="{}">{}{}</svg>',
        code,
        " ".join(window),
        what.alt,
        turned,
        told,
    )


def _stills(code: str, source: str) -> SafeString:
    rows = ((source, name, pose.movement(code).captions[name]) for name in pose.STILLS)
    each = '<figure><div class="stage"><svg aria-hidden="true"><use href="{}#{}"/></svg></div><figcaption>{}</figcaption></figure>'
    return format_html('<div class="phases">{}</div>', format_html_join("", each, rows))
