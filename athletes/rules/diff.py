"""What one edition changes in another: data, without words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from athletes.rules.plan import Plan, PlannedBlock, PlannedLine
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

Kind = Literal["added", "removed", "changed", "swapped"]
DOSE_FIELDS = tuple(field.name for field in fields(Dose))


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line before and after. `swapped` means another exercise took its place.

    `fields` names what differs of the same exercise: parts of the dose, `note` or `in_bad_day_set`.
    """

    kind: Kind
    before: PlannedLine | None
    after: PlannedLine | None
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block before and after, found again by its lineage; `lines` are those that differ."""

    kind: Kind
    before: PlannedBlock | None
    after: PlannedBlock | None
    lines: tuple[LineChange, ...] = ()

    @property
    def schedule(self) -> tuple[Schedule, Schedule] | None:
        """The schedule before and after, if both exist and differ."""
        if self.before is None or self.after is None or self.before.schedule == self.after.schedule:
            return None
        return self.before.schedule, self.after.schedule

    @property
    def title(self) -> tuple[str, str] | None:
        """The title before and after, if both exist and differ."""
        if self.before is None or self.after is None or self.before.title == self.after.title:
            return None
        return self.before.title, self.after.title


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new edition changes; `reordered` when what stays stands in another order."""

    blocks: tuple[BlockChange, ...] = ()
    reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.blocks) or self.reordered

    def lines(self) -> Iterator[LineChange]:
        """Every line that differs."""
        for block in self.blocks:
            yield from block.lines


def compare(old: Plan, new: Plan) -> Difference:
    """Return what `new` changes in `old`, in the order of the new plan, what was removed last."""
    before = {block.lineage: block for block in old.blocks}
    after = {block.lineage: block for block in new.blocks}
    changes = [change for block in new.blocks if (change := _block(before.get(block.lineage), block))]
    removed = [change for block in old.blocks if block.lineage not in after and (change := _block(block, None))]
    stay_before = [block for block in old.blocks if block.lineage in after]
    stay_after = [after[block.lineage] for block in new.blocks if block.lineage in before]
    reordered = [b.lineage for b in stay_before] != [b.lineage for b in stay_after] or any(
        _reordered(before[block.lineage], block) for block in stay_after
    )
    return Difference((*changes, *removed), reordered)


class Line(Protocol):
    """What is paired: anything that names its exercise."""

    @property
    def exercise(self) -> UUID:
        """The exercise's id."""


Old = TypeVar("Old", bound=Line)
New = TypeVar("New", bound=Line)


def pair_lines(old: Sequence[Old], new: Sequence[New]) -> list[tuple[Old | None, New | None]]:
    """Pair each new line with the one that it continues, then list what nothing continues.

    The same exercise continues itself, the first the first; a new exercise that stands where a vanished one stood takes
    its place.
    """
    free = dict(enumerate(old))
    found: dict[int, int] = {}
    for n, line in enumerate(new):
        same = next((k for k, was in free.items() if was.exercise == line.exercise), None)
        if same is not None:
            found[n] = same
            del free[same]
    for n in range(len(new)):
        if n not in found and n in free:
            found[n] = n
            del free[n]
    pairs: list[tuple[Old | None, New | None]] = [
        (old[found[n]] if n in found else None, line) for n, line in enumerate(new)
    ]
    return pairs + [(was, None) for was in free.values()]


def _block(before: PlannedBlock | None, after: PlannedBlock | None) -> BlockChange | None:
    pairs = pair_lines(before.lines if before else (), after.lines if after else ())
    lines = tuple(change for pair in pairs if (change := line_change(*pair)))
    if before is None or after is None:
        return BlockChange("removed" if after is None else "added", before, after, lines)
    block = BlockChange("changed", before, after, lines)
    return block if lines or block.schedule or block.title else None


def line_change(before: PlannedLine | None, after: PlannedLine | None) -> LineChange | None:
    """Return what differs between a line and the one it continues, or None if nothing does."""
    if before is None or after is None:
        return LineChange("removed" if after is None else "added", before, after)
    if before.exercise != after.exercise:
        return LineChange("swapped", before, after)
    differ = {name for name in DOSE_FIELDS if getattr(before.dose, name) != getattr(after.dose, name)}
    differ |= {name for name in ("note", "in_bad_day_set") if getattr(before, name) != getattr(after, name)}
    return LineChange("changed", before, after, frozenset(differ)) if differ else None


def _reordered(before: PlannedBlock, after: PlannedBlock) -> bool:
    stay_before: list[UUID] = [line.exercise for line in before.lines]
    stay_after: list[UUID] = [line.exercise for line in after.lines]
    both = set(stay_before) & set(stay_after)
    return [e for e in stay_before if e in both] != [e for e in stay_after if e in both]
