"""What a runner may log: the lines of one block."""

from collections.abc import Iterable
from uuid import UUID

from athletes.models import Athlete, Prescription, ProgramVersion
from athletes.rules.plan import whole_minutes

# Read nowhere on the way to a log, and most of an exercise's weight.
LIBRARY_TEXT = (
    "regions",
    "equipment",
    "steps",
    "cues",
    "mistakes",
    "caution_tags",
    "avoid_when",
    "dose_source",
    "source",
)


def lines_of(athlete: Athlete, block: UUID) -> list[Prescription]:
    """Return a published block's lines with their exercises, in order; none if it is not the athlete's. One query.

    Also of an edition that was replaced since: a page may have stood open, and what was done was done.
    """
    rows = Prescription.objects.filter(
        block=block,
        block__version__state=ProgramVersion.State.PUBLISHED,
        block__version__program__athlete=athlete,
    )
    heavy = [f"exercise__{name}" for name in LIBRARY_TEXT]
    return list(rows.select_related("block", "exercise").defer(*heavy).order_by("order", "pk"))


def minutes_of(lines: Iterable[Prescription]) -> int:
    """Estimate one session of some lines, in whole minutes."""
    return whole_minutes(sum(line.dose.seconds() for line in lines))
