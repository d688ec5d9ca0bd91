"""What is read, in words; and the cards that belong beside something."""

from typing import Any

from django import template

from clinic.figures import PainLimits
from exercises.kinds import CardKind, Factor
from exercises.models import Exercise
from exercises.models.labels_education import CARD_KINDS, FACTORS
from exercises.queries.education import about_exercise

register = template.Library()
ICONS = {
    CardKind.KEY_MESSAGE: "flag",
    CardKind.CAUSE: "search",
    CardKind.PREVENTION: "shield-check",
    CardKind.TRAINING: "sliders",
    CardKind.FORM: "person-arms-up",
    CardKind.HEALING: "heart-pulse",
    CardKind.HELP: "people",
    CardKind.FAQ: "question-circle",
}


@register.filter
def card_kind_words(code: str) -> str:
    """Say what a card is about: "What may ease it"."""
    return str(CARD_KINDS[CardKind(code)])


@register.filter
def card_icon(code: str) -> str:
    """Name the icon of a kind of card."""
    return ICONS[CardKind(code)]


@register.filter
def with_limits(text: str, limits: PainLimits) -> str:
    """Say a card's text with the clinic's own lines for pain: {calm}, {watch}, {accept} and {stop} are scores."""
    watch, stop = limits.watch_from, limits.stop_from
    for name, score in (("calm", watch - 1), ("watch", watch), ("accept", stop - 1), ("stop", stop)):
        text = text.replace(f"{{{name}}}", str(score))
    return text


@register.filter
def factor_word(code: str) -> str:
    """Say a factor: "a jump in training"."""
    return str(FACTORS[Factor(code)])


@register.inclusion_tag("exercises/_read_more.html")
def read_more(exercise: Exercise) -> dict[str, Any]:
    """List the cards that an exercise goes with: one query."""
    return {"cards": about_exercise(exercise.code)}
