"""Finding things by typed words: ranked in Python, so that both engines answer alike, and forgiving of typing mistakes."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

NAME, LABELS, INSIDE = 100.0, 10.0, 1.0  # a word in the name outweighs any number of words elsewhere
WHOLE, BEGUN, JOINED, PART, MISTYPED = 1.0, 0.9, 0.8, 0.5, 0.4
IN_ORDER, COVERED = 40.0, 20.0  # the name begins as typed; how much of the name was typed
PART_LENGTH = 3  # letters; fewer are found at the beginning of words only
FORGIVEN = ((9, 2), (4, 1))  # from so many letters on, so many slips: a letter more, less, other, or two exchanged
WHILE_TYPING = 5  # letters; from here on a mistyped beginning is recognised as well
SMALL = frozenset({"a", "an", "and", "exercise", "exercises", "for", "in", "of", "on", "pain", "the", "to", "with"})
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Text:
    """What one thing is found by, the weightiest first: its name, the words on its card, the words inside."""

    name: str
    labels: str = ""
    inside: str = ""


@dataclass(frozen=True)
class _Words:
    name: tuple[str, ...]
    labels: tuple[str, ...]
    inside: str  # words, each after a blank


def rank(query: str, texts: Sequence[Text]) -> list[int]:
    """Return the positions of the texts that fit, the best first; all of them, as they stand, when nothing is asked.

    Every word of the query must be found in a text, in any order. A word is taken as mistyped only when no name and no
    label has it as typed: what the library knows is no slip.
    """
    typed = _asked(query)
    if not typed:
        return list(range(len(texts)))
    words = [_folded(text) for text in texts]
    scores = [0.0] * len(words)
    for token in typed:
        found = [_as_typed(token, row) for row in words]
        if max(found, default=0.0) <= INSIDE and (slips := _slips(token)):
            found = [max(score, _mistyped(token, row, slips)) for score, row in zip(found, words, strict=True)]
        scores = [total + score if total >= 0 and score else -1.0 for total, score in zip(scores, found, strict=True)]
    fits = [(_in_full(typed, words[at].name) + score, at) for at, score in enumerate(scores) if score > 0]
    return [at for _, at in sorted(fits, key=lambda fit: -fit[0])]


def fold(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation: "Child’s Pose" is child, s, pose."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


@lru_cache(maxsize=4096)
def alphabetical(name: str) -> tuple[list[str], str]:
    """Return what names are sorted by: a database would put all capitals first, or sort as its host was set up."""
    return fold(name), name


@lru_cache(maxsize=4096)
def _folded(text: Text) -> _Words:
    return _Words(
        tuple(fold(text.name)), tuple(dict.fromkeys(fold(text.labels))), "".join(f" {w}" for w in fold(text.inside))
    )


def _asked(query: str) -> list[str]:
    typed = list(dict.fromkeys(fold(query)))
    return [token for token in typed if token not in SMALL] or typed


def _as_typed(token: str, row: _Words) -> float:
    """Return how well a row has a word as it was typed; 0 is not at all."""
    if score := _among(token, row.name):
        return NAME * score
    if score := _among(token, row.labels):
        return LABELS * score
    return INSIDE * BEGUN if len(token) >= PART_LENGTH and f" {token}" in row.inside else 0.0


def _among(token: str, words: tuple[str, ...]) -> float:
    if token in words:
        return WHOLE
    if any(word.startswith(token) for word in words):
        return BEGUN
    if any(pair.startswith(token) for pair in _pairs(words)):
        return JOINED
    return PART if len(token) >= PART_LENGTH and any(token in word for word in words) else 0.0


def _mistyped(token: str, row: _Words, slips: int) -> float:
    for weight, words in ((NAME, row.name), (LABELS, row.labels)):
        fewest = min((_distance(token, word, slips) for word in (*words, *_pairs(words))), default=slips + 1)
        if fewest <= slips:
            return weight * MISTYPED / fewest
    return 0.0


@lru_cache(maxsize=16384)  # the same words stand on many cards
def _distance(token: str, word: str, slips: int) -> int:
    """Return the slips between a typed word and a word, or the beginning of it; more than `slips` when there are more."""
    ends = {len(word)}
    if len(token) >= WHILE_TYPING:
        ends |= {end for end in range(len(token) - 1, len(token) + 2) if end < len(word)}
    return min(OSA.distance(token, word[:end], score_cutoff=slips) for end in ends)


def _slips(token: str) -> int:
    return next((slips for length, slips in FORGIVEN if len(token) >= length), 0)


def _pairs(words: tuple[str, ...]) -> Iterable[str]:
    """Return neighbours as one word: "deadbug" finds the dead bug."""
    return (first + second for first, second in pairwise(words))


def _in_full(typed: list[str], name: tuple[str, ...]) -> float:
    """Return what a name earns as a whole: it begins as typed, and little of it was left untyped."""
    begins = "".join(name).startswith("".join(typed))
    met = sum(any(word.startswith(token) for token in typed) for word in name)
    return IN_ORDER * begins + COVERED * met / max(len(name), 1)
