"""The demo's first clinic opened a year ago, with the catalogue of then: so its owner has something to answer."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from clinic.models import Member
from exercises.actions import exercises
from exercises.catalogue import Catalogue, load
from exercises.models import Exercise
from exercises.queries.content import exercise_content
from exercises.rules.content import ProtocolContent

VERSION = "2025.11"
NOT_YET = frozenset({"suitcase_carry", "train_low_impact"})  # an exercise and a card
OLDER: dict[str, dict[str, Any]] = {
    "bird_dog": {
        "cues": ("Keep the hips level", "Eyes on the floor"),
        "steps": (
            "Kneel on all fours, hands under the shoulders, knees under the hips.",
            "Reach one arm forward and the opposite leg back.",
            "Hold, return, and change sides.",
        ),
    },
    "swim": {"name": "Swimming"},
    "hamstring_desk": {"summary": "For runners who sit all day."},
}
OWN: dict[str, Any] = {
    "cues": ("A cup of tea on your back", "Say when you hold your breath")
}  # what the clinic made of the bird dog


def last_years() -> Catalogue:
    """Return the catalogue as it might have been a year ago."""
    now = load()
    return replace(
        now,
        exercises=tuple(replace(one, **OLDER.get(one.code, {})) for one in now.exercises if one.code not in NOT_YET),
        protocols=tuple(
            _shorter(replace(one, **OLDER[one.code])) if one.code in OLDER else one for one in now.protocols
        ),
        cards=tuple(card for card in now.cards if card.code not in NOT_YET),
        version=VERSION,
    )


def make_own(*, by: Member, now: datetime) -> None:
    """Change what the clinic changed itself since."""
    row = Exercise.objects.get(code="bird_dog")
    content = replace(exercise_content(row), **OWN)
    exercises.edit(
        exercise=row, content=content, revision=row.revision, by=by, now=now, note="Cues that our runners remember."
    )


def _shorter(plan: ProtocolContent) -> ProtocolContent:
    """Return a protocol whose first block had one exercise less."""
    phase, *phases = plan.phases
    block, *blocks = phase.blocks
    fewer = replace(block, items=block.items[:-1])
    return replace(plan, phases=(replace(phase, blocks=(fewer, *blocks)), *phases))
