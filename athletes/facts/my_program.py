"""The runner's own programs: the edition in force, and what it changed in the one before. Five queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from athletes.facts.programs import Reign, difference, succession, with_contents
from athletes.models import Athlete, Program, ProgramVersion
from athletes.rules.diff import Difference
from athletes.rules.localtime import DAY
from athletes.rules.plan import PlannedLine
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an edition changed. `kind` is added, removed, changed, swapped or schedule; doses may be None."""

    kind: str
    name: str
    was: str = ""
    dose: Dose | None = None
    dose_was: Dose | None = None
    note: str = ""
    when: Schedule | None = None
    when_was: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """One running program. `edition` is in force, or begins later when `begins` is set."""

    program: Program
    edition: ProgramVersion
    begins: date | None
    changes: list[Change]
    next_on: date | None  # when the edition after this one takes over


def my_programs(athlete: Athlete, *, on: date) -> list[Mine]:
    """Return the running programs in order of priority."""
    published = ProgramVersion.objects.filter(
        program__athlete=athlete, program__state=Program.State.ACTIVE, state=ProgramVersion.State.PUBLISHED
    )
    by_program: dict[UUID, list[ProgramVersion]] = defaultdict(list)
    rows = published.select_related("program", "published_by")
    for version in rows.order_by("program__priority", "program__created_at", "number"):
        by_program[version.program_id].append(version)
    shown = {program: _shown(versions, on) for program, versions in by_program.items()}
    wanted = [version.pk for reign, before in shown.values() for version in (reign.version, before) if version]
    contents = {version.pk: version for version in with_contents().filter(pk__in=wanted)} if wanted else {}
    return [_mine(reign, before, contents, on) for reign, before in shown.values()]


def _shown(versions: list[ProgramVersion], on: date) -> tuple[Reign, ProgramVersion | None]:
    """Return the edition in force, else the first to come, and the one that held until then, if only for hours."""
    reigns = succession(versions)
    shown = next((reign for reign in reigns if reign.holds(on)), reigns[0])
    earlier = succession(version for version in versions if version.number < shown.version.number)
    since = _day(shown.version)
    return shown, next((reign.version for day in (since - DAY, since) for reign in earlier if reign.holds(day)), None)


def _mine(reign: Reign, before: ProgramVersion | None, contents: dict[UUID, ProgramVersion], on: date) -> Mine:
    edition = reign.version
    full = contents[edition.pk]
    full.published_by, full.program = edition.published_by, edition.program
    old = contents[before.pk] if before else None
    begins = _day(edition)
    return Mine(
        program=edition.program,
        edition=full,
        begins=begins if begins > on else None,
        changes=changes(difference(old, full), _names(old, full)) if old else [],
        next_on=reign.until_on,
    )


def _day(published: ProgramVersion) -> date:
    return published.effective_on or date.max  # published: a constraint says that it has its day


def _names(*versions: ProgramVersion | None) -> dict[UUID, str]:
    return {
        line.exercise_id: line.exercise.name
        for version in versions
        if version
        for block in version.blocks.all()
        for line in block.prescriptions.all()
    }


def changes(found: Difference, names: Mapping[UUID, str]) -> list[Change]:
    """Return what differs as a flat list with names."""
    flat = []
    for block in found.blocks:
        if block.schedule and block.after:
            was, when = block.schedule
            flat.append(Change("schedule", block.after.title, when=when, when_was=was))
        flat += [_line(line.kind, line.before, line.after, names) for line in block.lines]
    return flat


def _line(kind: str, before: PlannedLine | None, after: PlannedLine | None, names: Mapping[UUID, str]) -> Change:
    shown = after or before
    dose_was = before.dose if before and after and before.dose != after.dose else None
    return Change(
        kind=kind,
        name=names[shown.exercise] if shown else "",
        was=names[before.exercise] if before and kind == "swapped" else "",
        dose=after.dose if after else None,
        dose_was=dose_was,
        note=after.note if after and before and after.note != before.note else "",
    )
