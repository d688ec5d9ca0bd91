"""The exercises that a draft names, with the next easier and the next harder form of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from exercises.models import Exercise, ExerciseLink


@dataclass(frozen=True, slots=True)
class Movements:
    """By id: the exercises themselves, and the first rung down and up."""

    exercises: Mapping[UUID, Exercise]
    easier: Mapping[UUID, Exercise]
    harder: Mapping[UUID, Exercise]

    def names(self) -> dict[UUID, str]:
        """Return what each is called."""
        return {pk: exercise.name for pk, exercise in self.exercises.items()}


def movements(ids: Collection[UUID]) -> Movements:
    """Return some exercises of the clinic, retired ones too, and their neighbours that can be prescribed. Three queries."""
    current = {"easier__retired_at": None, "harder__retired_at": None}
    links = ExerciseLink.objects.filter(**current).order_by(
        "-order", "-pk"
    )  # the first of a ladder is set last, and stays
    return Movements(
        exercises=Exercise.objects.in_bulk(ids),
        easier={link.harder_id: link.easier for link in links.filter(harder__in=ids).select_related("easier")},
        harder={link.easier_id: link.harder for link in links.filter(easier__in=ids).select_related("harder")},
    )
