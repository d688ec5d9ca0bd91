"""The columns of the exercises' sheet in words (docs/exchange.md says the same), and what is wrong in them."""

from enum import StrEnum

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.problems import sentence
from exercises.exchange.columns import Column
from exercises.kinds import Caution, Equipment, Kind, Laterality, LoadKind, Measure, Part, Region, Side
from exercises.queries.imports import Outcome
from exercises.rules import content, criteria, dose

register = template.Library()

WORDS: dict[str, Promise] = {
    "code": lazy("what files know it by; leave it empty for a new exercise"),
    "name": lazy("the name of the exercise"),
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
    "reps_max": lazy("the most, where reps is the least: 1 to 100"),
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
CHOICES = {"unknown_code", "unknown_measure", "unknown_side", "unknown_load"}
LENGTHS = {
    "code": content.CODE_LENGTH,
    "figure": content.CODE_LENGTH,
    "name": content.NAME,
    "steps": content.LINE,
    "cues": content.LINE,
    "mistakes": content.LINE,
    "avoid_when": content.TEXT,
    "dose_source": content.SOURCE,
    "source": content.SOURCE,
    "licence": content.LICENCE,
    "title": content.TITLE,
    "note": content.NOTE,
    "band": dose.BAND_LENGTH,
}
COUNTS = {
    "steps": content.LINES,
    "cues": content.LINES,
    "mistakes": content.LINES,
    "phases": content.PHASES,
    "blocks": content.BLOCKS,
    "items": content.ITEMS,
    "exit_criteria": content.CRITERIA,
}


@register.simple_tag
def problem(part: str, path: str, code: str) -> str:
    """Say what is wrong in a part of an entry, with what is allowed there: "Choose one of: reps, hold, time."."""
    *above, name = [step for step in path.split(".") if not step.isdecimal()] or [""]
    codes = (criteria.CODES if "exit_criteria" in above else CODES).get(name)
    lengths = LENGTHS if part == Part.EXERCISE else LENGTHS | {"source": content.TEXT}
    if code in CHOICES and codes:
        return _("Choose one of: %(codes)s.") % {"codes": ", ".join(codes)}
    if code == "too_long" and name in lengths:
        return _("This is too long: at most %(n)d characters.") % {"n": lengths[name]}
    if code == "too_many" and name in COUNTS:
        return _("These are too many: at most %(n)d.") % {"n": COUNTS[name]}
    if code == "missing" and name == "name":
        return _("The name is missing.")
    return sentence(code)


@register.filter
def problems(outcome: Outcome) -> tuple[content.Problem, ...]:
    """Return what is wrong with an entry, first that nothing names it: a wrong shape ends the search before that."""
    told = outcome.name or any(path == "name" for path, _code in outcome.problems)
    return outcome.problems if told else (("name", "missing"), *outcome.problems)


@register.filter
def column_words(column: Column) -> str:
    """Say what a column holds: "one of: reps, hold, time"."""
    codes = ", ".join(CODES[column.name]) if column.name in CODES else ""
    return f"{WORDS[column.name]} {codes}".rstrip()
