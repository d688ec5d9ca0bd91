"""What an exercise and a protocol say: one shape for the catalogue, the editor, versions, updates and files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from exercises.errors import ContentError, DoseError, ScheduleError
from exercises.kinds import Caution, Equipment, Kind, Laterality, Region
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

CODE = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
# Our own bounds, in characters and lines: what fits a phone, and what the columns hold.
CODE_LENGTH, NAME, LINE, TEXT, SOURCE, LICENCE, TITLE, NOTE = 64, 120, 400, 2000, 200, 80, 80, 300
LINES = 12
# What no database, sheet and page all can hold: NUL and its kin, half a character, and the ends of Unicode.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
PHASES, BLOCKS, ITEMS, CRITERIA = 8, 12, 20, 10
Problem = tuple[str, str]  # a dotted path into the content, and a code


@dataclass(frozen=True, kw_only=True)
class ExerciseContent:
    """One exercise. `easier` are the codes of its easier forms, the first to try first."""

    code: str
    name: str
    kind: Kind
    laterality: Laterality
    regions: tuple[Region, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    steps: tuple[str, ...]
    cues: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    caution_tags: tuple[Caution, ...] = ()
    avoid_when: str = ""
    dose: Dose
    dose_source: str = ""
    figure: str = ""
    easier: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""

    def validate(self) -> None:
        """Raise ContentError with everything that is missing, too long or contradicts something else."""
        refuse([*self._texts(), *self._lists(), *_dose_problems("dose", self.dose, self.laterality)])

    def _texts(self) -> Iterator[Problem]:
        yield from _code_problems("code", self.code)
        yield from _text("name", self.name, NAME, needed=True)
        yield from _text("avoid_when", self.avoid_when, TEXT)
        yield from _text("dose_source", self.dose_source, SOURCE)
        yield from _text("source", self.source, SOURCE)
        yield from _text("licence", self.licence, LICENCE)
        if self.figure:
            yield from _code_problems("figure", self.figure)

    def _lists(self) -> Iterator[Problem]:
        if not self.steps:
            yield "steps", "missing"
        for field in ("steps", "cues", "mistakes"):
            lines: tuple[str, ...] = getattr(self, field)
            if len(lines) > LINES:
                yield field, "too_many"
            for n, line in enumerate(lines):
                yield from _text(f"{field}.{n}", line, LINE, needed=True)
        for field in ("regions", "equipment", "caution_tags", "easier"):
            codes = getattr(self, field)
            if len(set(codes)) != len(codes):
                yield field, "twice"
        if self.code in self.easier:
            yield "easier", "easier_than_itself"


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    """One line of a block: an exercise by its code, with its dose."""

    exercise: str
    dose: Dose
    note: str = ""
    in_bad_day_set: bool = False

    def problems(self, path: str) -> Iterator[Problem]:
        """Tell what is wrong, each with its path."""
        yield from _code_problems(f"{path}.exercise", self.exercise)
        yield from _text(f"{path}.note", self.note, NOTE)
        yield from _dose_problems(f"{path}.dose", self.dose, None)


@dataclass(frozen=True, kw_only=True)
class BlockContent:
    """A part of a phase with one schedule."""

    title: str
    schedule: Schedule
    items: tuple[ItemContent, ...] = ()

    def problems(self, path: str) -> Iterator[Problem]:
        """Tell what is wrong, each with its path."""
        yield from _text(f"{path}.title", self.title, TITLE, needed=True)
        try:
            self.schedule.validate()
        except ScheduleError as error:
            yield f"{path}.schedule.{error.field}", error.code
        yield from _many(f"{path}.items", self.items, ITEMS)
        for n, item in enumerate(self.items):
            yield from item.problems(f"{path}.items.{n}")


@dataclass(frozen=True, kw_only=True)
class PhaseContent:
    """A stretch of a protocol, and what is checked before the next."""

    name: str
    exit_criteria: tuple[Criterion, ...] = ()
    blocks: tuple[BlockContent, ...] = ()

    def problems(self, path: str) -> Iterator[Problem]:
        """Tell what is wrong, each with its path."""
        yield from _text(f"{path}.name", self.name, NAME, needed=True)
        if len(self.exit_criteria) > CRITERIA:
            yield f"{path}.exit_criteria", "too_many"
        for n, criterion in enumerate(self.exit_criteria):
            for field, code in criterion.problems():
                yield f"{path}.exit_criteria.{n}.{field}", code
            yield from _one_line(f"{path}.exit_criteria.{n}.text", criterion.text)
        yield from _many(f"{path}.blocks", self.blocks, BLOCKS)
        for n, block in enumerate(self.blocks):
            yield from block.problems(f"{path}.blocks.{n}")


@dataclass(frozen=True, kw_only=True)
class ProtocolContent:
    """A template in phases."""

    code: str
    name: str
    summary: str = ""
    audience: str = ""
    source: str = ""
    phases: tuple[PhaseContent, ...] = ()

    def validate(self) -> None:
        """Raise ContentError with everything that is missing, too long or contradicts something else."""
        problems = [
            *_code_problems("code", self.code),
            *_text("name", self.name, NAME, needed=True),
            *_text("summary", self.summary, TEXT),
            *_text("audience", self.audience, NOTE),
            *_text("source", self.source, TEXT),
            *_many("phases", self.phases, PHASES),
        ]
        for n, phase in enumerate(self.phases):
            problems.extend(phase.problems(f"phases.{n}"))
        refuse(problems)

    def items(self) -> Iterator[tuple[str, ItemContent]]:
        """Give every line with its path."""
        for n, phase in enumerate(self.phases):
            for m, block in enumerate(phase.blocks):
                for k, item in enumerate(block.items):
                    yield f"phases.{n}.blocks.{m}.items.{k}", item

    def exercises(self) -> list[str]:
        """Return the codes of the exercises that it names, in its lines and its gates."""
        return list(
            dict.fromkeys([item.exercise for _path, item in self.items()] + [code for _, code in self._gates()])
        )

    def misfits(self, known: Mapping[str, Laterality]) -> list[Problem]:
        """Tell which of its exercises are not known, and where a side is missing or does not exist."""
        found = [(path, "unknown_exercise") for path, code in self._gates() if code not in known]
        for path, item in self.items():
            if item.exercise not in known:
                found.append((f"{path}.exercise", "unknown_exercise"))
            else:
                found += _dose_problems(f"{path}.dose", item.dose, known[item.exercise])
        return found

    def _gates(self) -> Iterator[tuple[str, str]]:
        for n, phase in enumerate(self.phases):
            for m, criterion in enumerate(phase.exit_criteria):
                if criterion.exercise:
                    yield f"phases.{n}.exit_criteria.{m}.exercise", criterion.exercise


def refuse(problems: Iterable[Problem]) -> None:
    """Raise ContentError if there is any problem."""
    found = tuple(problems)
    if found:
        raise ContentError(found)


def _code_problems(path: str, code: str) -> Iterator[Problem]:
    if not CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        yield path, "not_a_code"


def _text(path: str, text: str, length: int, *, needed: bool = False) -> Iterator[Problem]:
    if needed and not text.strip():
        yield path, "missing"
    if len(text) > length:
        yield path, "too_long"
    if length <= LINE:
        yield from _one_line(path, text)
    elif UNWRITABLE.search(text):
        yield path, "not_writable"


def _one_line(path: str, text: str) -> Iterator[Problem]:
    if UNWRITABLE.search(text) or "\n" in text or "\r" in text:
        yield path, "not_writable"


def _many(path: str, things: tuple[object, ...], most: int) -> Iterator[Problem]:
    if not things:
        yield path, "missing"
    if len(things) > most:
        yield path, "too_many"


def _dose_problems(path: str, dose: Dose, laterality: Laterality | None) -> Iterator[Problem]:
    yield from _one_line(f"{path}.band", dose.band)
    try:
        dose.validate()
        if laterality is not None:
            dose.check_side(laterality)
    except DoseError as error:
        yield f"{path}.{error.field}", error.code
