"""What a newer catalogue would change in the clinic's library, and what stays the clinic's own."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from exercises.catalogue import Catalogue, load
from exercises.kinds import Part
from exercises.models import CatalogueLeft, EducationCard, Exercise, Protocol
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.queries.names import Named, names
from exercises.rules import diff
from exercises.rules.card import CardContent
from exercises.rules.content import ExerciseContent, ProtocolContent
from exercises.rules.content_json import as_json
from exercises.rules.follow import Followed, digest, follow

Content = TypeVar("Content", ExerciseContent, ProtocolContent)
NO_ROW = UUID(int=0)
CARDS = (
    "code",
    "kind",
    "title",
    "body",
    "caveat",
    "evidence",
    "source",
    "exercises",
    "factors",
)  # not their order: it moves with each new one


@dataclass(frozen=True)
class Update:
    """One entry that the catalogue changed, or one that the clinic does not have (`row` is None).

    `changes` and `plan` come with taking it; `kept` and `kept_plan` say what the catalogue has beside the clinic's own
    words, which stay. `brings` are codes of exercises that come with a protocol, `titles` those of the cards. `is_left`:
    the clinic looked at this very change before and did not want it.
    """

    part: Part
    code: str
    name: str
    digest: str
    row: Exercise | Protocol | None = None
    changes: tuple[diff.Change, ...] = ()
    plan: tuple[diff.Line[diff.Row], ...] = ()
    kept: tuple[diff.Change, ...] = ()
    kept_plan: tuple[diff.Line[diff.Row], ...] = ()
    brings: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    is_left: bool = False

    @property
    def key(self) -> str:
        """What it is called in forms and errors: "exercise:plank"."""
        return f"{self.part}:{self.code}"

    @property
    def token(self) -> str:
        """What taking it must name, so that nothing is taken that was not shown."""
        return f"{self.key}:{self.row.revision if self.row else 0}:{self.digest[:16]}"

    @property
    def only_kept(self) -> bool:
        """Whether there is nothing to take, only something to know."""
        return bool(self.kept or self.kept_plan) and not (self.changes or self.plan)


@dataclass(frozen=True)
class Updates:
    """Everything that a catalogue has to tell. `gone` are names of what it no longer has: they stay, untouched."""

    found: tuple[Update, ...]
    gone: tuple[str, ...]

    @property
    def open(self) -> list[Update]:
        """What waits for an answer."""
        return [update for update in self.found if not update.is_left]

    @property
    def left(self) -> list[Update]:
        """What was left; it can still be taken."""
        return [update for update in self.found if update.is_left]


class Entry(NamedTuple, Generic[Content]):
    """One entry of a catalogue, with its JSON and that JSON's fingerprint."""

    content: Content
    said: dict[str, Any]
    digest: str


class Entries(NamedTuple):
    """A catalogue by its codes."""

    exercises: dict[str, Entry[ExerciseContent]]
    protocols: dict[str, Entry[ProtocolContent]]


def updates(catalogue: Catalogue | None = None) -> Updates:
    """Return what a catalogue (ours, as shipped) changes: four queries, and six more when it changes something.

    What the clinic retired is left alone, and so is an exercise of its own that has a code of the catalogue's.
    """
    shipped, catalogue = catalogue is None, catalogue or load()
    entries = _shipped() if shipped else entries_of(catalogue)
    exercises = {row.code: row for row in Exercise.objects.all()}
    protocols = {row.code: row for row in Protocol.objects.all()}
    left = {(row.part, row.code): row.digest for row in CatalogueLeft.objects.all()}
    found = (
        *_exercises(entries, exercises, left),
        *_protocols(entries, protocols, exercises.keys()),
        *_cards(catalogue.cards),
    )
    return Updates(
        found=tuple(
            replace(update, is_left=left.get((update.part.value, update.code)) == update.digest) for update in found
        ),
        gone=(*_gone(exercises.values(), entries.exercises), *_gone(protocols.values(), entries.protocols)),
    )


def names_with(found: Updates) -> dict[str, Named]:
    """Return what exercises are called by their codes, those that an update would bring too: one query."""
    new = [update for update in found.found if update.part is Part.EXERCISE and update.row is None]
    return names() | {update.code: _coming(update) for update in new}


def _coming(update: Update) -> Named:
    return Named(NO_ROW, update.code, update.name, kind="", retired=False, label=update.name)


def entries_of(catalogue: Catalogue) -> Entries:
    """Return a catalogue by its codes."""
    return Entries(_entries(catalogue.exercises), _entries(catalogue.protocols))


@cache
def _shipped() -> Entries:
    return entries_of(load())


def _entries(contents: Iterable[Content]) -> dict[str, Entry[Content]]:
    found: dict[str, Entry[Content]] = {}
    for content in contents:
        said = as_json(content)
        found[content.code] = Entry(content, said, digest(said))
    return found


def _exercises(entries: Entries, rows: Mapping[str, Exercise], left: Mapping[tuple[str, str], str]) -> Iterator[Update]:
    new = {code: entry for code, entry in entries.exercises.items() if code not in rows}
    coming = {code for code, entry in new.items() if left.get((Part.EXERCISE.value, code)) != entry.digest}
    moved = {code: row for code, row in rows.items() if _is_moved(row, entries.exercises.get(code))}
    ours = exercise_contents(moved.values()) if moved else {}
    for code, row in sorted(moved.items(), key=lambda pair: pair[1].name):
        entry = entries.exercises[code]
        followed = follow(row.catalogue_base, ours[code], entry.content, before=rows.keys(), after=rows.keys() | coming)
        yield from _told(Update(Part.EXERCISE, code, row.name, entry.digest, row), ours[code], followed)
    for code, entry in new.items():
        yield Update(Part.EXERCISE, code, entry.content.name, entry.digest, changes=diff.whole(entry.content))


def _protocols(entries: Entries, rows: Mapping[str, Protocol], known: Collection[str]) -> Iterator[Update]:
    moved = {code: row for code, row in rows.items() if _is_moved(row, entries.protocols.get(code))}
    ours = protocol_contents(moved.values()) if moved else {}
    for code, row in sorted(moved.items(), key=lambda pair: pair[1].name):
        entry = entries.protocols[code]
        followed = follow(row.catalogue_base, ours[code], entry.content, before=(), after=())
        brings = _brought(followed.content, entries, known)
        yield from _told(Update(Part.PROTOCOL, code, row.name, entry.digest, row, brings=brings), ours[code], followed)
    for code, entry in entries.protocols.items():
        if code not in rows:
            yield Update(
                Part.PROTOCOL,
                code,
                entry.content.name,
                entry.digest,
                changes=diff.whole(entry.content),
                plan=diff.whole_plan(entry.content),
                brings=_brought(entry.content, entries, known),
            )


def _told(update: Update, ours: Any, followed: Followed[Any]) -> Iterator[Update]:
    """Give the update unless it says nothing: the clinic may have made the same change itself."""
    content, wished = followed.content, followed.wished
    if wished == ours:
        return
    kept = tuple(diff.Change(part.field, _without_ours(part.lines)) for part in diff.changes(content, wished))
    told = replace(update, changes=diff.changes(ours, content), kept=kept)
    if update.part is Part.PROTOCOL:
        kept_plan = _without_ours(diff.plan_changes(content, wished))
        told = replace(told, plan=diff.near(diff.plan_changes(ours, content)), kept_plan=kept_plan)
    yield told


def _without_ours(lines: Iterable[diff.Line[Any]]) -> tuple[diff.Line[Any], ...]:
    return tuple(line for line in lines if line.mark is not diff.Mark.OUT)


def _cards(cards: Iterable[CardContent]) -> Iterator[Update]:
    """Give one update for all cards together, if any is new, changed or no longer there."""
    rows = {row["code"]: row for row in EducationCard.objects.filter(retired_at=None).values(*CARDS)}
    said = {card.code: _card(card) for card in cards}
    titles = [row["title"] for code, row in said.items() if rows.get(code) != row]
    titles += [row["title"] for code, row in rows.items() if code not in said]
    if titles:
        yield Update(Part.CARDS, Part.CARDS.value, "", digest(said), titles=tuple(titles))


def _card(card: CardContent) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(card, name) for name in CARDS}
    plain = {name: [str(item) for item in value] for name, value in values.items() if isinstance(value, tuple)}
    return values | plain | {"kind": card.kind.value}


def _is_moved(row: Exercise | Protocol, entry: Entry[Any] | None) -> bool:
    """Whether an entry says something else than the row was last taken with."""
    if entry is None or row.retired_at is not None or not row.catalogue_version:
        return False
    return bool(row.catalogue_base != entry.said)


def _gone(rows: Iterable[Exercise | Protocol], entries: Mapping[str, Entry[Any]]) -> list[str]:
    return sorted(row.name for row in rows if row.catalogue_version and not row.retired_at and row.code not in entries)


def _brought(content: ProtocolContent, entries: Entries, known: Collection[str]) -> tuple[str, ...]:
    """Return the new exercises that a protocol cannot be without."""
    return tuple(code for code in content.exercises() if code not in known and code in entries.exercises)
