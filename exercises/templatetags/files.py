"""Files in words: where something stands in them."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exercises.queries.imports import Outcome

register = template.Library()

DIGITS = 6  # of a place in a list; more are somebody's name for something, and int() refuses thousands of them
NUMBERED = {
    "phases": lazy("phase %(n)d"),
    "blocks": lazy("block %(n)d"),
    "items": lazy("exercise %(n)d"),
    "exit_criteria": lazy("gate %(n)d"),
}


@register.simple_tag
def place(path: str) -> str:
    """Say where a problem stands: "hold_s", "steps, line 4", "phase 1, block 2, exercise 3, hold_s"."""
    said: list[str] = []
    for part in path.split("."):
        if not part.isdecimal() or len(part) > DIGITS:
            said += [part] if part not in {"dose", "schedule", ""} else []
        elif said and said[-1] in NUMBERED:
            said.append(str(NUMBERED[said.pop()]) % {"n": int(part) + 1})
        else:
            said.append(_("line %(n)d") % {"n": int(part) + 1})
    return ", ".join(said)


@register.simple_tag
def row_words(outcome: Outcome, *, is_sheet: bool) -> str:
    """Say where an entry stands: "Row 7" as a spreadsheet counts, else "Entry 3"."""
    return (_("Row %(n)d") if is_sheet else _("Entry %(n)d")) % {"n": outcome.row}
