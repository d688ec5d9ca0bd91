"""Facts to SVG. Classes only; null is never drawn as zero and never green; each chart says its finding in one sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.dateformat import format as format_date
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from athletes.rules.bands import HIGHEST, Limits, band
from athletes.rules.trend import PainDay
from clinic.figures import SAME_DAY, day_shape, pain_shape

Points = Sequence[tuple[float, float] | None]
Asked = Sequence[bool] | None  # whether each day was asked about; None: every day was
STEP = 13  # px from glyph to glyph in a strip
DASH = "\N{EN DASH}"


def strip(days: Sequence[str]) -> SafeString:
    """Draw a day glyph for each state, oldest first: done, partly, missed, unknown, paused, free."""
    width = STEP * len(days)
    glyphs = "".join(day_shape(state, 6 + STEP * i, 8, 4.6) for i, state in enumerate(days))
    size = f'class="strip" width="{width}" height="16" viewBox="0 0 {width} 16"'
    return svg(size, _strip_finding(days), glyphs)


def _strip_finding(days: Sequence[str]) -> str:
    counts = Counter(SAME_DAY.get(state, state) for state in days)
    words = {
        "done": _("%(n)d done"),
        "partly": _("%(n)d partly"),
        "missed": _("%(n)d missed"),
        "unknown": _("%(n)d unknown"),
        "paused": _("%(n)d paused"),
    }
    told = ", ".join(word % {"n": counts[state]} for state, word in words.items() if counts[state])
    return _("%(span)s: %(told)s") % {"span": span_words(len(days)), "told": told or _("nothing due")}


def newest(days: Sequence[int | None]) -> int | None:
    """Return the newest score to print beside a sparkline: unknown once the newest two days are missing."""
    return next((score for score in reversed(days[-2:]) if score is not None), None)


def sparkline(days: Sequence[int | None], usual: float | None, limits: Limits, asked: Asked = None) -> SafeString:
    """Draw daily scores (0-10), oldest first, over the full scale, with the clinic's line and what is usual."""
    step = 90 / max(len(days) - 1, 1)
    points: Points = [None if score is None else (4 + step * i, _spark_y(score)) for i, score in enumerate(days)]
    parts = ['<rect class="spark-ground" width="104" height="38" rx="5"/>']
    parts.append(f'<path class="spark-limit" d="M0 {_spark_y(limits.stop_from - 0.5):.1f}H104"/>')
    if usual is not None:
        parts.append(f'<path class="usual-line" d="M2 {_spark_y(usual):.1f}H102"/>')
    parts += line(points, "trend-line", asked)
    known = [i for i, point in enumerate(points) if point]
    if known:
        last = known[-1]
        x, y = points[last] or (0.0, 0.0)
        if last < len(days) - 1:
            parts.append(f'<path class="gap-line" d="M{min(x + 6, 94):.1f} {y:.1f}H94.0"/>')
        parts.append(pain_shape(band(days[last], limits), x, y, 4.2, "p-edge"))
    return svg('class="spark" viewBox="0 0 104 38"', _spark_finding(days, usual, asked), "".join(parts))


def _spark_y(score: float) -> float:
    return 35 - 3.2 * score


def _spark_finding(days: Sequence[int | None], usual: float | None, asked: Asked) -> str:
    known = [score for score in days if score is not None]
    span = span_words(len(days))
    if not known:
        return _("Pain, %(span)s: unknown") % {"span": span}
    told = [_("from %(low)d to %(high)d") % {"low": min(known), "high": max(known)}]
    last = newest(days)
    told.append(_("newest unknown") if last is None else _("newest %(n)d") % {"n": last})
    missing = sum(score is None and (asked is None or asked[i]) for i, score in enumerate(days))
    told += _usual_and_missing(usual, missing)
    return _("Pain, %(span)s: %(told)s") % {"span": span, "told": ", ".join(told)}


LEFT, RIGHT, FOOT, FIRST, LAST, UNIT = 18, 376, 140, 32, 362, 13.2  # px; UNIT is one point of pain


def pain_trend(days: Sequence[PainDay], *, usual: float | None, limits: Limits, ends: str = "") -> SafeString:
    """Draw an alert's evidence: next mornings as a line, peaks of the day as marks; the last day is today, or `ends`.

    A day without an answer breaks the line: one leaves a dotted bridge and a hatched foot, two or more a hatched column.
    A day that nobody asked about is no silence: the bridge is all that it leaves. Today's morning may still come, so a
    single missing last day is left empty.
    """
    step = (LAST - FIRST) / max(len(days) - 1, 1)
    xs = [FIRST + step * i for i in range(len(days))]
    mornings: Points = [None if d.morning is None else (x, _y(d.morning)) for d, x in zip(days, xs, strict=True)]
    asked = [day.asked for day in days]
    parts = [*_ground(limits, usual), *_silences(mornings, step, asked), *line(mornings, "trend-line main", asked)]
    for day, x in zip(days[:-1], xs[:-1], strict=True):
        if day.peak is not None:
            parts.append(pain_shape(band(day.peak, limits), x, _y(day.peak), 4.4, "p-edge"))
    parts += _today(days, xs, limits, ends or _("today"))
    return svg('class="chart narrow" viewBox="0 0 432 168"', trend_finding(days, usual, limits), "".join(parts))


def _y(score: float) -> float:
    return FOOT - UNIT * score


def _ground(limits: Limits, usual: float | None) -> Iterator[str]:
    edges = (-0.0, limits.watch_from - 0.5, limits.stop_from - 0.5, HIGHEST + 0.4)
    for kind, low, high in zip(("calm", "watch", "stop"), edges, edges[1:], strict=False):
        height = UNIT * (high - low)
        yield f'<rect class="band-{kind}" x="{LEFT}" y="{_y(high):.1f}" width="{RIGHT - LEFT}" height="{height:.1f}"/>'
    for score in (0, 5, 10):
        yield text(12, _y(score) + 4, str(score), 'text-anchor="end"')
    line = _y(limits.stop_from - 0.5)
    if usual is not None:
        label = _y(usual) + 4
        if abs(label - line) < 15:  # noqa: PLR2004 px, the two labels would touch
            label = line + 15
        yield f'<path class="usual-line" d="M{LEFT} {_y(usual):.1f}H{RIGHT}"/>'
        yield text(384, label, _("usual %(n)s") % {"n": f"{usual:g}"})
    yield text(384, line - 2, _("line %(n)d") % {"n": limits.stop_from}, 'class="lab-stop"')
    yield f'<path class="stop-line" d="M{LEFT} {line:.1f}H{RIGHT}"/>'


def _silences(mornings: Points, step: float, asked: Asked) -> Iterator[str]:
    """Yield a hatched foot for one missing day, a hatched column for more; a lone last day is still open."""
    for first, last in silences(mornings, asked):
        alone = first == last
        if alone and last == len(mornings) - 1:
            continue
        x = FIRST + step * (first + last) / 2
        if alone:
            yield f'<rect fill="url(#hatch)" x="{x - 3:.1f}" y="{FOOT - 5}" width="6" height="5"/>'
            continue
        width = step * (last - first + 1)
        column = f'x="{max(x - width / 2, LEFT):.1f}" y="{_y(HIGHEST):.1f}" width="{width:.1f}" height="{FOOT - _y(HIGHEST):.1f}"'
        yield f'<rect class="gap-fill" {column}/><rect fill="url(#hatch-wide)" {column}/>'
        yield text(x, 22, _("no"), 'text-anchor="middle"') + text(x, 36, _("answer"), 'text-anchor="middle"')


def gaps(points: Points) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run of missing points."""
    first = None
    for i, point in enumerate((*points, (0.0, 0.0))):
        if point is None:
            first = i if first is None else first
        elif first is not None:
            yield first, i - 1
            first = None


def silences(points: Points, asked: Asked) -> Iterator[tuple[int, int]]:
    """Yield the first and last index, in each run of missing points, of those that were asked about."""
    for first, last in gaps(points):
        unanswered = [i for i in range(first, last + 1) if asked is None or asked[i]]
        if unanswered:
            yield unanswered[0], unanswered[-1]


def line(points: Points, css: str, asked: Asked = None) -> Iterator[str]:
    """Yield the known points as lines that missing days break; a dotted bridge over at most one missing answer."""
    broken = [first for first, last in silences(points, asked) if first < last]
    edges = [-1]
    for first, last in gaps(points):
        edges += [first, last]
        inside = first > 0 and last < len(points) - 1
        bridged = inside and not any(first <= at <= last for at in broken)
        if bridged and (a := points[first - 1]) and (b := points[last + 1]):
            yield f'<path class="gap-line" d="M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"/>'
    edges.append(len(points))
    for before, after in zip(edges[::2], edges[1::2], strict=True):
        run = [point for point in points[before + 1 : after] if point]
        if run:
            path = " ".join(f"{x:.1f} {y:.1f}" for x, y in run)
            yield f'<path class="{css}" d="M{path}{"h0" if len(run) == 1 else ""}"/>'


def _today(days: Sequence[PainDay], xs: Sequence[float], limits: Limits, ends: str) -> Iterator[str]:
    """Yield the last day's mark, larger when it is over the line, with its words; and the dates below."""
    for i in range(0, len(days) - 1, 7):
        if i == 0 or len(days) - 1 - i > 2:  # noqa: PLR2004 days, the labels would touch
            yield text(xs[i], 158, format_date(days[i].on, "j M"), 'text-anchor="middle"')
    if not days:
        return
    yield text(xs[-1], 158, ends, 'text-anchor="middle"')
    if (peak := days[-1].peak) is not None:
        kind = band(peak, limits)
        radius = 7.0 if kind == "stop" else 4.4
        yield pain_shape(kind, xs[-1], _y(peak), radius, "p-edge")
        if kind != "stop":
            return
        words = _("%(n)d %(day)s") % {"n": peak, "day": ends}
        yield text(xs[-1] - 2 * radius, _y(peak) + 4, words, 'class="em" text-anchor="end"')


def trend_finding(days: Sequence[PainDay], usual: float | None, limits: Limits) -> str:
    mornings = [day.morning for day in days if day.morning is not None]
    told = [_morning_words(mornings)]
    peaks = [day.peak for day in days if day.peak is not None]
    if peaks:
        told.append(_("most pain on a day %(n)d") % {"n": max(peaks)})
        if max(peaks) >= limits.stop_from:
            told.append(_("at or over the clinic’s line of %(n)d") % {"n": limits.stop_from})
    missing = sum(day.morning is None and day.asked for day in days[:-1])
    told += _usual_and_missing(usual, missing)
    return _("Pain, %(span)s: %(told)s") % {"span": span_words(len(days)), "told": ", ".join(told)}


def _morning_words(mornings: Sequence[int]) -> str:
    if not mornings:
        return _("next mornings unknown")
    first, last = mornings[0], mornings[-1]
    if first == last:
        return _("next morning %(n)d at both ends") % {"n": last}
    words = _("next morning rose from %(a)d to %(b)d") if last > first else _("next morning fell from %(a)d to %(b)d")
    return words % {"a": first, "b": last}


def _usual_and_missing(usual: float | None, missing: int) -> Iterator[str]:
    if usual is not None:
        yield _("usual %(n)s") % {"n": f"{usual:g}"}
    if missing:
        yield ngettext("%(n)d day unknown", "%(n)d days unknown", missing) % {"n": missing}


def span_words(days: int) -> str:
    return ngettext("last %(n)d day", "last %(n)d days", days) % {"n": days}


def text(x: float, y: float, words: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{conditional_escape(words)}</text>'


def svg(attributes: str, finding: str, body: str) -> SafeString:
    label = conditional_escape(finding[:1].upper() + finding[1:])
    return mark_safe(f'<svg {attributes} role="img" aria-label="{label}">{body}</svg>')
