"""States of the library in words: what a part is called, and what each of its lines says."""

from collections.abc import Hashable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exercises.forms.exercise import figures
from exercises.kinds import Caution, Equipment, Kind, Laterality, Origin, Region
from exercises.models.labels import CAUTIONS, EQUIPMENT, KINDS, LATERALITIES, REGIONS
from exercises.queries.names import Named
from exercises.rules.content import BlockContent, ItemContent, PhaseContent
from exercises.rules.dose import Dose
from exercises.templatetags.doses import phrase

register = template.Library()

PARTS = {
    "name": lazy("Name"),
    "kind": lazy("Kind"),
    "laterality": lazy("Sides"),
    "regions": lazy("Regions"),
    "equipment": lazy("Equipment"),
    "steps": lazy("How"),
    "cues": lazy("Cues"),
    "mistakes": lazy("Common mistakes"),
    "caution_tags": lazy("Cautions"),
    "avoid_when": lazy("Leave out when"),
    "dose": lazy("Default dose"),
    "dose_source": lazy("Where the dose is from"),
    "figure": lazy("Picture"),
    "easier": lazy("Easier forms"),
    "source": lazy("Source"),
    "licence": lazy("Licence"),
    "summary": lazy("Summary"),
    "audience": lazy("For whom"),
}
ORIGINS = {
    Origin.CREATED: lazy("Written"),
    Origin.EDITED: lazy("Changed"),
    Origin.IMPORTED: lazy("Imported"),
    Origin.CATALOGUE: lazy("From the catalogue"),
    Origin.RESTORED: lazy("Restored"),
    Origin.RETIRED: lazy("Retired"),
    Origin.BROUGHT_BACK: lazy("Brought back"),
}
ROWS: tuple[tuple[type, str], ...] = ((PhaseContent, "phase"), (BlockContent, "block"), (ItemContent, "item"))
CODES: dict[type, Mapping[Any, Any]] = {
    Kind: KINDS, Laterality: LATERALITIES, Region: REGIONS, Equipment: EQUIPMENT, Caution: CAUTIONS
}  # fmt: skip


@register.filter
def part_word(field: str) -> str:
    """Say what a part of an exercise or a protocol is called: "Common mistakes"."""
    return str(PARTS.get(field, field))


@register.filter
def origin_word(code: str) -> str:
    """Say how a state came about: "Changed"."""
    return str(ORIGINS[Origin(code)])


@register.simple_tag
def line_words(field: str, value: Hashable, names: Mapping[str, Named]) -> str:
    """Say one line of a part: a sentence as it is, a code by its label, another exercise by its name."""
    if isinstance(value, Dose):
        return phrase(value)
    if type(value) in CODES:
        return str(CODES[type(value)][value])
    if field == "figure":
        return dict(figures()).get(str(value), str(value))
    return named(str(value), names) if field == "easier" else str(value)


@register.simple_tag
def named(code: str, names: Mapping[str, Named]) -> str:
    """Say what an exercise is called, by its code."""
    return names[code].name if code in names else _("an exercise that is not here (%(code)s)") % {"code": code}


@register.filter
def row_kind(row: object) -> str:
    """Say what a row of a protocol is: a phase, a block, an item, or a criterion."""
    return next((kind for of, kind in ROWS if isinstance(row, of)), "criterion")
