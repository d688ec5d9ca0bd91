"""What one exercise's page reads, and what comparing two reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clinic.models import Member
from exercises.models import Exercise, ExerciseLink, Favourite, ProtocolItem
from exercises.queries.library import current_links
from exercises.rules.ladder import leads_up


@dataclass(frozen=True)
class UsedIn:
    """A protocol that an exercise is part of, and in which phases, by number."""

    pk: UUID
    name: str
    phases: tuple[int, ...]


@dataclass(frozen=True)
class Around:
    """What stands around one exercise: its ladder, the easiest first, the protocols it is part of, the reader's star."""

    easier: list[Exercise]
    harder: list[Exercise]
    used_in: list[UsedIn]
    starred: bool


@dataclass(frozen=True)
class Pair:
    """Two exercises side by side. `easier` leads up to the other one on their ladder; None when neither does."""

    left: Exercise
    right: Exercise
    easier: Exercise | None

    @property
    def harder(self) -> Exercise:
        """The other one."""
        return self.right if self.easier == self.left else self.left


def around(exercise: Exercise, member: Member) -> Around:
    """Return what stands around an exercise: four queries."""
    current = {"easier__retired_at": None, "harder__retired_at": None}
    links = ExerciseLink.objects.filter(**current).order_by("order", "pk")
    easier = [link.easier for link in links.filter(harder=exercise).select_related("easier")]
    harder = [link.harder for link in links.filter(easier=exercise).select_related("harder")]
    starred = Favourite.objects.filter(member=member, exercise=exercise).exists()
    return Around(easier=easier[::-1], harder=harder, used_in=_used_in(exercise), starred=starred)


def picked(ids: Sequence[UUID]) -> list[Exercise]:
    """Return the exercises of these ids, in their order, retired ones too: one query."""
    found = Exercise.objects.in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def pair(left: Exercise, right: Exercise) -> Pair:
    """Set two exercises side by side: one query."""
    links = current_links()
    ups = ((low, high) for low, high in ((left, right), (right, left)) if leads_up(links, low.pk, high.pk))
    return Pair(left, right, next((low for low, _ in ups), None))


def _used_in(exercise: Exercise) -> list[UsedIn]:
    items = ProtocolItem.objects.filter(exercise=exercise, block__phase__protocol__retired_at=None)
    protocol = "block__phase__protocol"
    rows = items.order_by(f"{protocol}__name", "block__phase__order").values_list(
        f"{protocol}_id", f"{protocol}__name", "block__phase__order"
    )
    phases: dict[tuple[UUID, str], dict[int, None]] = {}
    for pk, name, order in rows:
        phases.setdefault((pk, name), {})[order] = None
    return [UsedIn(pk, name, tuple(orders)) for (pk, name), orders in phases.items()]
