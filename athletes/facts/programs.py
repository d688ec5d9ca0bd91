"""Programs and their editions, read: which one is in force on a day, what each holds, what one changes in another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from athletes.models import Athlete, Block, Prescription, Program, ProgramVersion
from athletes.rules.diff import Difference, compare
from athletes.rules.plan import Plan, PlannedBlock, PlannedLine

State = ProgramVersion.State


@dataclass(frozen=True, slots=True)
class Reign:
    """An edition and the days it is in force: from its day until the day before `until_on`; None is without an end."""

    version: ProgramVersion
    until_on: date | None

    def holds(self, on: date) -> bool:
        """Tell whether the edition is in force on a day."""
        return self.version.effective_on <= on and (self.until_on is None or on < self.until_on)


def succession(published: Iterable[ProgramVersion]) -> list[Reign]:
    """Return a program's editions in the order in which they take force, with the days they hold.

    A later edition replaces every earlier one from its day on, also one that was to begin later. So a day's edition is
    the newest of those that begin by then, and a day that has passed keeps the one it had.
    """
    stack: list[ProgramVersion] = []
    for version in sorted(published, key=lambda version: version.number):
        while stack and stack[-1].effective_on >= version.effective_on:
            stack.pop()
        stack.append(version)
    if not stack:
        return []
    ends = [*(after.effective_on for after in stack[1:]), None]
    return [Reign(version, end) for version, end in zip(stack, ends, strict=True)]


def successions(athletes: Iterable[Athlete]) -> dict[UUID, list[list[Reign]]]:
    """Return the editions of each athlete's running programs, blocks loaded, by athlete id. Two queries."""
    published = ProgramVersion.objects.filter(
        program__athlete__in=[athlete.pk for athlete in athletes],
        program__state=Program.State.ACTIVE,
        state=State.PUBLISHED,
    )
    by_program: dict[UUID, list[ProgramVersion]] = defaultdict(list)
    for version in published.select_related("program").prefetch_related("blocks"):
        by_program[version.program_id].append(version)
    by_athlete: dict[UUID, list[list[Reign]]] = defaultdict(list)
    for versions in by_program.values():
        by_athlete[versions[0].program.athlete_id].append(succession(versions))
    return by_athlete


def in_force(program: Program, on: date) -> ProgramVersion | None:
    """Return a program's edition in force on a day, contents loaded, if it has one."""
    published = with_contents().filter(program=program, state=State.PUBLISHED, effective_on__lte=on)
    version: ProgramVersion | None = published.order_by("-number").first()
    return version


def latest(program: Program) -> ProgramVersion | None:
    """Return the newest published edition, contents loaded: the one that an edit starts from."""
    version: ProgramVersion | None = (
        with_contents().filter(program=program, state=State.PUBLISHED).order_by("-number").first()
    )
    return version


def draft_of(program: Program) -> ProgramVersion | None:
    """Return the program's draft, contents loaded, if it has one."""
    version: ProgramVersion | None = with_contents().filter(program=program, state=State.DRAFT).first()
    return version


def with_contents() -> "QuerySet[ProgramVersion]":
    """Editions with their blocks, lines and exercises: four queries for any number of them."""
    lines = Prescription.objects.select_related("exercise")
    blocks = Block.objects.prefetch_related(Prefetch("prescriptions", lines))
    return ProgramVersion.objects.prefetch_related(Prefetch("blocks", blocks))


def plan_of(version: ProgramVersion | None) -> Plan:
    """Return what an edition holds, as plain data; nothing holds nothing."""
    if version is None:
        return Plan()
    return Plan(tuple(_block(block) for block in version.blocks.all()))


def difference(old: ProgramVersion | None, new: ProgramVersion) -> Difference:
    """Return what one edition changes in another."""
    return compare(plan_of(old), plan_of(new))


def _block(block: Block) -> PlannedBlock:
    lines = tuple(
        PlannedLine(exercise=line.exercise_id, dose=line.dose, note=line.note, in_bad_day_set=line.in_bad_day_set)
        for line in block.prescriptions.all()
    )
    return PlannedBlock(lineage=block.lineage, title=block.title, schedule=block.schedule, lines=lines)
