"""The gates between phases in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.kinds import Gauge, Operator, Proof
from exercises.models.labels_gates import AMOUNTS, GAUGES, LIMITS, PROOFS, WITHOUT
from exercises.rules.criteria import Criterion

register = template.Library()
ICONS = {Proof.SELF_REPORT: "chat-left-text", Proof.LOGGED: "journal-text", Proof.CLINICIAN: "clipboard-check"}


@register.filter
def gate_words(criterion: Criterion, exercise: str = "") -> str:
    """Say what must be seen: "Highest pain in a session: 2 of 10 or less". `exercise` is the name of its exercise."""
    if criterion.what == Gauge.OTHER:
        return criterion.text
    what = ", ".join(part for part in (str(GAUGES[criterion.what]), exercise) if part)
    what = f"{what} ({criterion.text})" if criterion.text else what
    if criterion.what == Gauge.NEXT_MORNING_RISE and (criterion.operator, criterion.threshold) == (Operator.AT_MOST, 0):
        return _("Next morning no worse than usual")
    if criterion.operator == Operator.IS_FALSE and criterion.what in WITHOUT:
        return str(WITHOUT[criterion.what])
    amount = str(AMOUNTS[criterion.scale.unit]) % {"n": criterion.threshold or 0}
    return str(LIMITS[criterion.operator]) % {"what": what, "n": amount}


@register.filter
def gate_terms(criterion: Criterion) -> str:
    """Say by whose word, how often and how fresh: "logged, the last 2 times, not older than 7 days"."""
    age = ngettext("not older than %(n)d day", "not older than %(n)d days", criterion.stale_days)
    parts = (str(PROOFS[criterion.kind]), _often(criterion), age % {"n": criterion.stale_days})
    return ", ".join(part for part in parts if part)


@register.filter
def gate_icon(criterion: Criterion) -> str:
    """Name the icon that stands for whose word it takes."""
    return ICONS[criterion.kind]


def _often(criterion: Criterion) -> str:
    if criterion.times == 1:
        return ""
    if criterion.in_a_row:
        return _("%(n)d days in a row") % {"n": criterion.times}
    text = _("the last %(n)d times") if criterion.scale.state else _("%(n)d times")
    return text % {"n": criterion.times}
