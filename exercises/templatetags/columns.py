"""The columns of the exercises' sheet in words (docs/exchange.md says the same)."""

from enum import StrEnum

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from exercises.exchange.columns import Column
from exercises.kinds import Caution, Equipment, Kind, Laterality, LoadKind, Measure, Region, Side

register = template.Library()

WORDS: dict[str, Promise] = {
    "code": lazy("what files know it by; leave it empty for a new exercise"),
    "name": lazy("what the page is called"),
    "kind": lazy("one of:"),
    "laterality": lazy("one of:"),
    "regions": lazy("one a line, of:"),
    "equipment": lazy("one a line, of:"),
    "steps": lazy("one a line, at most 12"),
    "cues": lazy("one a line"),
    "mistakes": lazy("one a line"),
    "caution_tags": lazy("one a line, of:"),
    "avoid_when": lazy("when to leave it out"),
    "measure": lazy("what a set is counted in, one of:"),
    "sets": lazy("1 to 10"),
    "reps": lazy("1 to 100"),
    "reps_max": lazy("the upper end of a range, 8 to 12"),
    "reps_pattern": lazy("in place of one number for all sets: 6, 4, 2"),
    "hold_s": lazy("seconds, 1 to 300"),
    "time_s": lazy("seconds, 1 to 7200"),
    "distance_m": lazy("metres, 1 to 42200"),
    "breaths": lazy("1 to 100"),
    "side": lazy("one of:"),
    "rest_s": lazy("seconds between sets, 0 to 600"),
    "tempo": lazy("down, pause, up, pause: 3-1-1-0"),
    "load_kind": lazy("one of, or empty:"),
    "load_kg": lazy("kilograms, 0.25 to 400"),
    "band": lazy("the band's colour"),
    "effort_rpe": lazy("0 to 10"),
    "dose_source": lazy("where the dose is from"),
    "figure": lazy("the code of a drawn movement, or empty"),
    "easier": lazy("codes of the easier forms, one a line, the first to try first"),
    "source": lazy("who wrote it"),
    "licence": lazy("under which licence"),
}
CODES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "laterality": Laterality,
    "regions": Region,
    "equipment": Equipment,
    "caution_tags": Caution,
    "measure": Measure,
    "side": Side,
    "load_kind": LoadKind,
}


@register.filter
def column_words(column: Column) -> str:
    """Say what a column holds: "one of: reps, hold, time"."""
    codes = ", ".join(CODES[column.name]) if column.name in CODES else ""
    return f"{WORDS[column.name]} {codes}".rstrip()
