"""The cards that we ship, read and checked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from exercises.errors import CatalogueError, ContentError
from exercises.kinds import CardKind, Factor
from exercises.rules.card import CardContent
from exercises.rules.reading import Reader


def cards(files: Iterable[Mapping[str, Any]], exercises: Iterable[str]) -> tuple[CardContent, ...]:
    """Return the cards of parsed TOML files; raise CatalogueError at the first mistake."""
    found = tuple(_cards(files))
    if len({card.code for card in found}) != len(found):
        raise CatalogueError("Two cards share a code.")
    known = set(exercises)
    for card in found:
        for code in set(card.exercises) - known:
            raise CatalogueError(f"{card.code}: no exercise {code!r}.")
    return found


def _cards(files: Iterable[Mapping[str, Any]]) -> Iterator[CardContent]:
    for file in files:
        for row in file.get("card", ()):
            try:
                yield _card(row)
            except ContentError as error:
                raise CatalogueError(f"{row.get('code', 'a card')}: {error.problems}") from error


def _card(row: Mapping[str, Any]) -> CardContent:
    reader = Reader(row)
    card = CardContent(
        code=reader.text("code"),
        kind=reader.one(CardKind, "kind"),
        title=reader.text("title"),
        body=reader.texts("body"),
        caveat=reader.text("caveat"),
        evidence=reader.text("evidence"),
        source=reader.text("source"),
        exercises=reader.texts("exercises"),
        factors=reader.codes(Factor, "factors"),
    )
    reader.close()
    card.validate()
    return card
