"""The programs of one athlete as the record shows them: the edition in force, what comes, what was."""

from dataclasses import dataclass
from datetime import date

from athletes.facts.programs import succession, with_contents
from athletes.models import Athlete, Program, ProgramVersion

State = ProgramVersion.State


@dataclass(frozen=True, slots=True)
class Shelf:
    """One program. `current` has its contents loaded; `history` is all that was published, newest first."""

    program: Program
    current: ProgramVersion | None
    ahead: ProgramVersion | None
    draft: ProgramVersion | None
    history: list[ProgramVersion]


def shelves(athlete: Athlete, *, on: date) -> list[Shelf]:
    """Return an athlete's programs, running ones first, by priority. Five queries."""
    programs = list(Program.objects.filter(athlete=athlete).order_by("state", "priority", "-created_at"))
    versions: dict[object, list[ProgramVersion]] = {program.pk: [] for program in programs}
    for version in ProgramVersion.objects.filter(program__athlete=athlete).select_related("published_by", "drafted_by"):
        versions[version.program_id].append(version)
    found = [_shelf(program, versions[program.pk], on) for program in programs]
    loaded = {
        version.pk: version for version in with_contents().filter(pk__in=[s.current.pk for s in found if s.current])
    }
    return [Shelf(s.program, s.current and loaded[s.current.pk], s.ahead, s.draft, s.history) for s in found]


def _shelf(program: Program, versions: list[ProgramVersion], on: date) -> Shelf:
    published = [version for version in versions if version.state == State.PUBLISHED]
    reigns = succession(published)
    running = program.state == Program.State.ACTIVE
    return Shelf(
        program=program,
        current=next((reign.version for reign in reigns if running and reign.holds(on)), None),
        ahead=next((reign.version for reign in reigns if running and reign.version.effective_on > on), None),
        draft=next((version for version in versions if version.state == State.DRAFT), None),
        history=sorted(published, key=lambda version: version.number, reverse=True),
    )
