"""Marks that say a state by shape first: SVG fragments with classes, no colours, no words."""

from collections.abc import Callable
from typing import Literal, Protocol

Band = Literal["calm", "watch", "stop", "unknown"]


class PainLimits(Protocol):
    """Scores (0-10) at which a band begins. A Clinic fits, and so do the rules' limits."""

    @property
    def watch_from(self) -> int:
        """The first score to watch."""

    @property
    def stop_from(self) -> int:
        """The first score to stop at."""


def band(score: float | None, limits: PainLimits) -> Band:
    """Return the band a score is drawn in; a missing score is unknown, never calm."""
    if score is None:
        return "unknown"
    if score >= limits.stop_from:
        return "stop"
    return "watch" if score >= limits.watch_from else "calm"


def pain_shape(kind: Band, x: float, y: float, radius: float, css: str = "") -> str:
    """Return the mark of a band around a point: circle, diamond, triangle, or a hatched ring for unknown."""
    classes = f"p-{kind} {css}".rstrip()
    if kind == "stop":
        half, up, down = 1.38 * radius, 1.28 * radius, 1.04 * radius
        return f'<path class="{classes}" d="M{x:.1f} {y - up:.1f}L{x + half:.1f} {y + down:.1f}H{x - half:.1f}z"/>'
    if kind == "watch":
        d = f"{1.22 * radius:.1f}"
        return f'<path class="{classes}" d="M{x:.1f} {y - 1.22 * radius:.1f}l{d} {d}l-{d} {d}l-{d} -{d}z"/>'
    if kind == "calm":
        return f'<circle class="{classes}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    return f'<circle class="g-unk" fill="url(#hatch)" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def _done(x: float, y: float, r: float) -> str:
    return f'<circle class="g-done" cx="{x:g}" cy="{y:g}" r="{r:.1f}"/>'


def _partly(x: float, y: float, r: float) -> str:
    ring = f"{0.826 * r:.1f}"
    left, right = f"{x - 0.826 * r:.1f}", f"{x + 0.826 * r:.1f}"
    half = f'<path class="g-done" d="M{left} {y:g}A{ring} {ring} 0 0 0 {right} {y:g}z"/>'
    return f'<circle class="g-ring" cx="{x:g}" cy="{y:g}" r="{ring}"/>{half}'


def _missed(x: float, y: float, r: float) -> str:
    arm = 0.674 * r
    left, right, top, low = f"{x - arm:.1f}", f"{x + arm:.1f}", f"{y - arm:.1f}", f"{y + arm:.1f}"
    return f'<path class="g-miss" d="M{left} {top}L{right} {low}M{right} {top}L{left} {low}"/>'


def _paused(x: float, y: float, r: float) -> str:
    top, low = f"{y - 0.72 * r:.1f}", f"{y + 0.72 * r:.1f}"
    return f'<path class="g-pause" d="M{x - 0.42 * r:.1f} {top}V{low}M{x + 0.42 * r:.1f} {top}V{low}"/>'


def _free(x: float, y: float, r: float) -> str:
    return f'<circle class="g-free" cx="{x:g}" cy="{y:g}" r="{0.28 * r:.1f}"/>'


def _today(x: float, y: float, r: float) -> str:
    return f'<circle class="g-today" cx="{x:g}" cy="{y:g}" r="{r:.1f}"/>'


def _unknown(x: float, y: float, r: float) -> str:
    return f'<circle class="g-unk" fill="url(#hatch)" cx="{x:g}" cy="{y:g}" r="{0.913 * r:.1f}"/>'


GLYPHS: dict[str, Callable[[float, float, float], str]] = {
    "done": _done, "partly": _partly, "missed": _missed, "paused": _paused, "free": _free, "today": _today
}  # fmt: skip
SAME_DAY = {"unanswered": "unknown", "excused": "paused", "due": "free"}  # the ledger's words for what a day shows


def day_shape(state: str, x: float, y: float, radius: float) -> str:
    """Return the glyph of a day: done, partly, missed, paused, free (nothing due), today; anything else is unknown."""
    return GLYPHS.get(SAME_DAY.get(state, state), _unknown)(x, y, radius)
