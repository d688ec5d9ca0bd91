"""What the protocols' pages read, each with a fixed number of SQL queries."""

from dataclasses import dataclass

from django.db.models import QuerySet

from exercises.models import Exercise, Protocol, ProtocolPhase
from exercises.rules.content_json import criterion_from
from exercises.rules.criteria import Criterion

MINUTE = 60  # seconds
ROUND = 5  # minutes: an estimate pretends no more


@dataclass(frozen=True)
class Gate:
    """A criterion, and the name of the exercise that it speaks of, if it does."""

    criterion: Criterion
    exercise: str = ""


@dataclass(frozen=True)
class Phase:
    """A phase with what must be seen before the next."""

    row: ProtocolPhase
    gates: tuple[Gate, ...]

    @property
    def minutes_a_week(self) -> int:
        """Estimate what its scheduled blocks take in a week; warm-ups and the like are not counted."""
        blocks = (block for block in self.row.blocks.all() if block.schedule.counted)
        weeks = (
            block.schedule.sessions_per_week() * sum(item.dose.seconds() for item in block.items.all())
            for block in blocks
        )
        return ROUND * round(sum(weeks) / MINUTE / ROUND)


def protocols() -> QuerySet[Protocol]:
    """Return the current protocols with their phases: two queries."""
    found: QuerySet[Protocol] = Protocol.objects.current().prefetch_related("phases")
    return found


def protocol_parts() -> QuerySet[Protocol]:
    """Return protocols with their phases, blocks, lines and exercises: five queries for any number of lines."""
    found: QuerySet[Protocol] = Protocol.objects.prefetch_related("phases__blocks__items__exercise")
    return found


def phases(protocol: Protocol) -> list[Phase]:
    """Return a protocol's phases with their gates: one query, for the names of the exercises that gates speak of."""
    read = [(row, [criterion_from(said) for said in row.exit_criteria]) for row in protocol.phases.all()]
    codes = {criterion.exercise for _, criteria in read for criterion in criteria}
    names = dict(Exercise.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Phase(row, tuple(Gate(one, names.get(one.exercise, one.exercise)) for one in criteria))
        for row, criteria in read
    ]
