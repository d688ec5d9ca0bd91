"""What a file would do to the library: the dry run. Every entry with its outcome, nothing written."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from exercises.catalogue import load
from exercises.errors import ContentError
from exercises.exchange.cells import tidied
from exercises.exchange.files import Entry, Library
from exercises.kinds import Laterality, Part
from exercises.models import Exercise, Protocol
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.rules import diff
from exercises.rules.codes import own_code
from exercises.rules.content import ExerciseContent, Problem, ProtocolContent
from exercises.rules.content_json import as_json, exercise_from, protocol_from
from exercises.rules.ladder import in_a_circle

Content = TypeVar("Content", ExerciseContent, ProtocolContent)
Lines = tuple[diff.Line[diff.Row], ...]


class Fate(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True)
class Outcome:
    """One entry of the file. `revision` is of the row that it changes, 0 for none; `problems` are paths and codes.

    `left_out` are easier forms that neither the library nor the file has: the ladder goes without them.
    """

    part: Part
    row: int
    name: str
    code: str
    fate: Fate
    content: ExerciseContent | ProtocolContent | None = None
    revision: int = 0
    problems: tuple[Problem, ...] = ()
    changes: tuple[diff.Change, ...] = ()
    plan: Lines = ()
    left_out: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True)
class Plan:
    """The outcomes in the order of the file."""

    outcomes: tuple[Outcome, ...]
    unknown: tuple[str, ...] = ()
    is_sheet: bool = False

    @property
    def new(self) -> list[Outcome]:
        """What the library does not have."""
        return self._of(Fate.NEW)

    @property
    def changed(self) -> list[Outcome]:
        """What it has otherwise."""
        return self._of(Fate.CHANGED)

    @property
    def same(self) -> list[Outcome]:
        """What it has just so."""
        return self._of(Fate.SAME)

    @property
    def errors(self) -> list[Outcome]:
        """What cannot be imported."""
        return self._of(Fate.ERROR)

    @property
    def to_write(self) -> list[Outcome]:
        """What an import writes."""
        return [*self.new, *self.changed]

    def _of(self, fate: Fate) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.fate is fate]


@dataclass(frozen=True)
class _Shelf(Generic[Content]):
    """The clinic's exercises or protocols, and the codes that the file has named so far."""

    part: Part
    rows: Mapping[str, Exercise | Protocol]
    contents: Mapping[str, Content]
    read: Callable[[Any], Content]
    named: set[str] = field(default_factory=set)

    def entry(self, entry: Entry) -> Outcome:
        """Return an entry as content, or with everything that is wrong with it.

        What it does not say stays as the clinic has it.
        """
        code, problems = self._code(entry.said), list(entry.problems)
        if code in self.named:
            problems.append(("code", "exercise_twice"))
        self.named.add(code)
        ours = self.contents.get(code)
        content = None
        try:
            content = self.read(_completed(entry.said | {"code": code}, tidied(as_json(ours)) if ours else {}))
        except ContentError as error:
            told = {path for path, _code in problems}
            problems += [problem for problem in error.problems if problem[0] not in told]
        else:
            problems += _sides(ours, content)
            problems += _picture(ours, content)
        name = content.name if content else str(entry.said.get("name") or entry.said.get("code") or "")
        read = Outcome(self.part, entry.row, name, code, Fate.NEW, content)
        if row := self.rows.get(code):
            read = replace(read, revision=row.revision, retired=row.retired_at is not None)
        return _with_problems(read, problems)

    def compared(self, outcome: Outcome) -> Outcome:
        """Say what an entry that can be read changes."""
        ours, content = self.contents.get(outcome.code), outcome.content
        if ours is None or content is None:
            return outcome
        if tidied(as_json(ours)) == as_json(content):
            return replace(outcome, fate=Fate.SAME)
        plan: Lines = ()
        if isinstance(ours, ProtocolContent) and isinstance(content, ProtocolContent):
            plan = diff.near(diff.plan_changes(ours, content))
        return replace(outcome, fate=Fate.CHANGED, changes=diff.changes(ours, content), plan=plan)

    def _code(self, said: Mapping[str, Any]) -> str:
        """Return the entry's own code, that of the one thing in use with its name, or a new one."""
        if said.get("code"):
            return str(said["code"])
        name = str(said.get("name") or "")
        same = [row.code for row in self.rows.values() if row.name.casefold() == name.casefold() and not row.retired_at]
        return same[0] if len(same) == 1 else own_code(name, self.rows.keys() | self.named)


def dry_run(library: Library) -> Plan:
    """Say what each entry of a file would do: at most eight queries for any file."""
    exercises = _Shelf(
        Part.EXERCISE, {row.code: row for row in Exercise.objects.all()}, exercise_contents(), exercise_from
    )
    read = _ladders([exercises.entry(entry) for entry in library.exercises], exercises.contents)
    found = [exercises.compared(outcome) for outcome in read]
    if library.protocols:
        protocols = _Shelf(
            Part.PROTOCOL, {row.code: row for row in Protocol.objects.all()}, protocol_contents(), protocol_from
        )
        known = {
            **exercises.contents,
            **{one.code: one.content for one in read if isinstance(one.content, ExerciseContent)},
        }
        plans = [_fits(protocols.entry(entry), known) for entry in library.protocols]
        found += [protocols.compared(outcome) for outcome in plans]
    return Plan(tuple(found), unknown=library.unknown, is_sheet=library.is_sheet)


def _completed(said: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**ours, **said}
    if isinstance(said.get("dose"), dict) and "dose" in ours:
        whole["dose"] = ours["dose"] | said["dose"]
    return whole


def _with_problems(outcome: Outcome, problems: Iterable[Problem]) -> Outcome:
    wrong = (*outcome.problems, *problems)
    return replace(outcome, fate=Fate.ERROR, content=None, problems=wrong) if wrong else outcome


def _sides(ours: Any, content: Any) -> Iterator[Problem]:
    if isinstance(ours, ExerciseContent):
        before, after = ours.laterality == Laterality.TOGETHER, content.laterality == Laterality.TOGETHER
        if before != after:
            yield "laterality", "sides_stay"


def _picture(ours: Any, content: Any) -> Iterator[Problem]:
    if isinstance(content, ExerciseContent):
        known = {"", ours.figure if ours else "", *(entry.figure for entry in load().exercises)}
        if content.figure not in known:
            yield "figure", "unknown_figure"


def _ladders(found: list[Outcome], ours: Mapping[str, ExerciseContent]) -> list[Outcome]:
    """Leave out the rungs that nobody has, and refuse the ladders that go in a circle; each can make another."""
    while True:
        read = {one.code: one.content for one in found if isinstance(one.content, ExerciseContent)}
        after = {**ours, **read}
        links = [(easier, code) for code, content in after.items() for easier in content.easier if easier in after]
        circles = {
            code
            for code, content in read.items()
            if (code not in ours or ours[code].easier != content.easier) and in_a_circle(links, code)
        }
        if not circles:
            return [_without_strangers(outcome, after) for outcome in found]
        wrong = [("easier", "ladder_in_a_circle")]
        found = [_with_problems(one, wrong) if one.content and one.code in circles else one for one in found]


def _without_strangers(outcome: Outcome, known: Container[str]) -> Outcome:
    content = outcome.content
    if not isinstance(content, ExerciseContent):
        return outcome
    kept = tuple(code for code in content.easier if code in known)
    left_out = tuple(code for code in content.easier if code not in known)
    return replace(outcome, content=replace(content, easier=kept), left_out=left_out)


def _fits(outcome: Outcome, known: Mapping[str, ExerciseContent]) -> Outcome:
    """Refuse a protocol of exercises that nobody has, or of sides that an exercise does not have."""
    if not isinstance(outcome.content, ProtocolContent):
        return outcome
    return _with_problems(outcome, outcome.content.misfits({code: one.laterality for code, one in known.items()}))
