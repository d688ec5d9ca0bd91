"""The two wide pictures of a record: pain over weeks with the program's editions, and the calendar of sessions."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from athletes.charts import Asked, Points, line, silences, span_words, svg, text, trend_finding
from athletes.rules.adherence import Rate
from athletes.rules.bands import HIGHEST, Limits, band
from athletes.rules.days import Day
from athletes.rules.trend import PainDay
from clinic.figures import day_shape, pain_shape

LEFT, RIGHT, TOP, FOOT, FIRST, LAST, UNIT = 26, 768, 26, 236, 34, 746, 20.2  # px; UNIT is one point of pain
LABELS = 9  # dates below, at most
DRAWN = {"done", "partly"}
WEEKDAYS = 7
COLUMN, ROW = 39, 29  # px


def pain_weeks(
    days: Sequence[PainDay], *, usual: float | None, limits: Limits, editions: Sequence[tuple[date, str]] = ()
) -> SafeString:
    """Draw weeks of pain: next mornings as a line that missing answers break, the most of a day as a mark.

    `editions` are the days from which an edition of a program was in force, with its name.
    """
    step = (LAST - FIRST) / max(len(days) - 1, 1)
    xs = [FIRST + step * i for i in range(len(days))]
    mornings: Points = [None if d.morning is None else (x, _y(d.morning)) for d, x in zip(days, xs, strict=True)]
    asked = [day.asked for day in days]
    parts = [*_ground(limits, usual), *_silences(mornings, step, asked), *_editions(days, xs, editions)]
    parts += line(mornings, "trend-line main", asked)
    parts += (f'<circle class="morning" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/>' for x, y in filter(None, mornings))
    for day, x in zip(days, xs, strict=True):
        if day.peak is not None:
            kind = band(day.peak, limits)
            parts.append(pain_shape(kind, x, _y(day.peak), 5.5 if kind == "stop" else 4.2, "p-edge"))
    parts += _dates(days, xs)
    return svg('class="chart" viewBox="0 0 860 262"', trend_finding(days, usual, limits), "".join(parts))


def _y(score: float) -> float:
    return FOOT - UNIT * score


def _ground(limits: Limits, usual: float | None) -> Iterator[str]:
    edges = (0.0, limits.watch_from - 0.5, limits.stop_from - 0.5, HIGHEST + 0.4)
    words = (
        ("calm", _("%(low)d–%(high)d continue") % {"low": 0, "high": limits.watch_from - 1}),
        ("watch", _("%(low)d–%(high)d hold") % {"low": limits.watch_from, "high": limits.stop_from - 1}),
        ("stop", _("%(low)d–%(high)d stop") % {"low": limits.stop_from, "high": HIGHEST}),
    )
    for (kind, word), low, high in zip(words, edges, edges[1:], strict=False):
        size = f'x="{LEFT}" y="{_y(high):.1f}" width="{RIGHT - LEFT}" height="{UNIT * (high - low):.1f}"'
        yield f'<rect class="band-{kind}" {size}/>'
        middle = _y((low + high) / 2) + 4
        near = usual is not None and abs(_y(usual) + 4 - middle) < 14  # noqa: PLR2004 px, the labels would touch
        yield text(778, middle - 15 if near else middle, word, f'class="lab-{kind}"')
    for score in range(0, HIGHEST + 1, 2):
        yield text(18, _y(score) + 4, str(score), 'text-anchor="end"')
    for score in (limits.watch_from, limits.stop_from):
        yield f'<path class="grid-line" d="M{LEFT} {_y(score - 0.5):.1f}H{RIGHT}"/>'
    if usual is not None:
        yield f'<path class="usual-line" d="M{LEFT} {_y(usual):.1f}H{RIGHT}"/>'
        yield text(778, _y(usual) + 4, _("usual %(n)s") % {"n": f"{usual:g}"})


def _silences(mornings: Points, step: float, asked: Asked) -> Iterator[str]:
    """A hatched foot for one missing day, a hatched column for more; a lone last day is still open."""
    for first, last in silences(mornings, asked):
        if first == last == len(mornings) - 1:
            continue
        x, width = FIRST + step * (first - 0.5), step * (last - first + 1)
        if first == last:
            yield f'<rect fill="url(#hatch)" x="{x + step / 2 - 3:.1f}" y="{FOOT - 5}" width="6" height="5"/>'
            continue
        left, right = max(x, LEFT), min(x + width, RIGHT)
        column = f'x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{FOOT - TOP}"'
        yield f'<rect class="gap-fill" {column}/><rect fill="url(#hatch-wide)" {column}/>'
        if right - left > 44:  # noqa: PLR2004 px, room for the words
            middle = (left + right) / 2
            yield text(middle, 46, _("no"), 'text-anchor="middle"') + text(
                middle, 60, _("answer"), 'text-anchor="middle"'
            )


def _editions(days: Sequence[PainDay], xs: Sequence[float], editions: Sequence[tuple[date, str]]) -> Iterator[str]:
    at = {day.on: x for day, x in zip(days, xs, strict=True)}
    for on, name in editions:
        if (x := at.get(on)) is None:
            continue
        width = 9 + 8 * len(name)
        yield f'<path class="version-line" d="M{x:.1f} 14V{FOOT}"/>'
        yield f'<rect class="version-flag" x="{x:.1f}" y="10" width="{width}" height="16" rx="3"/>'
        yield text(x + width / 2, 22, name, 'class="flag-text" text-anchor="middle"')


def _dates(days: Sequence[PainDay], xs: Sequence[float]) -> Iterator[str]:
    every = max(WEEKDAYS, -(-len(days) // LABELS // WEEKDAYS) * WEEKDAYS)
    for i in range(0, len(days) - 1, every):
        if xs[-1] - xs[i] > 40:  # noqa: PLR2004 px, the labels would touch
            yield text(xs[i], 254, format_date(days[i].on, "j M"), 'text-anchor="middle"')
    if days:
        yield text(xs[-1], 254, _("today"), 'text-anchor="middle"')


def calendar(weeks: Sequence[Sequence[Day]], rates: Sequence[Rate]) -> SafeString:
    """Draw weeks as columns and weekdays as rows: a glyph a day, a tint where something was done, the rate below."""
    parts = [
        text(7, 40 + ROW * n, format_date(day.on, "D")[:1], 'text-anchor="middle"') for n, day in enumerate(weeks[0])
    ]
    for column, (week, rate) in enumerate(zip(weeks, rates, strict=True)):
        left = 23 + COLUMN * column
        first = week[0].on
        parts.append(
            text(left + 17, 12, format_date(first, "j M" if column == 0 or first.day <= WEEKDAYS else "j"), MIDDLE)
        )
        for row, day in enumerate(week):
            top = 24 + ROW * row
            due = " due" if day.glyph in DRAWN else ""
            parts.append(f'<rect class="cal-cell{due}" x="{left}" y="{top}" width="34" height="24" rx="6"/>')
            parts.append(day_shape(day.glyph, left + 17, top + 12, 5.2))
        percent = "\N{EN DASH}" if rate.percent is None else f"{rate.percent}"
        parts.append(text(left + 17, 243, percent, f'class="em" {MIDDLE}'))
    last = weeks[-1]
    left, top = 23 + COLUMN * (len(weeks) - 1), 24 + ROW * (len(last) - 1)
    parts.append(f'<rect class="g-today" x="{left}" y="{top}" width="34" height="24" rx="6"/>')
    parts.append(text(23 + COLUMN * len(weeks) + 4, 243, "%"))
    width = 23 + COLUMN * len(weeks) + 18
    return svg(f'class="calendar" viewBox="0 0 {width} 250"', _finding(weeks), "".join(parts))


MIDDLE = 'text-anchor="middle"'


def _finding(weeks: Sequence[Sequence[Day]]) -> str:
    days = [day for week in weeks for day in week]
    done = sum(day.glyph in DRAWN for day in days)
    unknown = sum(day.glyph == "unknown" for day in days)
    said = {"span": span_words(len(days)), "done": done, "unknown": unknown}
    return (
        ngettext(
            "Sessions, %(span)s: something done on %(done)d day, %(unknown)d unknown",
            "Sessions, %(span)s: something done on %(done)d days, %(unknown)d unknown",
            done,
        )
        % said
    )
