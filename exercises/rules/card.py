"""What a card to read says: our own words, what they do not say, and where they come from."""

from collections.abc import Iterator
from dataclasses import dataclass

from exercises.kinds import CardKind, Factor
from exercises.rules.content import CODE, CODE_LENGTH, LINE, LINES, NAME, NOTE, TEXT, Problem, refuse

NEEDED = ("code", "title", "body", "caveat", "evidence", "source")
LONGEST = {"title": NAME, "caveat": TEXT, "evidence": NOTE, "source": NOTE}
PARAGRAPH = 2 * LINE


@dataclass(frozen=True, kw_only=True)
class CardContent:
    """One card. `body` is its paragraphs; `exercises` and `factors` are the codes that it is shown beside."""

    code: str
    kind: CardKind
    title: str
    body: tuple[str, ...]
    caveat: str
    evidence: str
    source: str
    exercises: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()

    def validate(self) -> None:
        """Raise ContentError with everything that is missing, too long or said twice."""
        refuse(self._problems())

    def _problems(self) -> Iterator[Problem]:
        for field in NEEDED:
            if not getattr(self, field):
                yield field, "missing"
        if not CODE.fullmatch(self.code) or len(self.code) > CODE_LENGTH:
            yield "code", "not_a_code"
        for field, length in LONGEST.items():
            if len(getattr(self, field)) > length:
                yield field, "too_long"
        if len(self.body) > LINES or any(len(paragraph) > PARAGRAPH for paragraph in self.body):
            yield "body", "too_long"
        for field in ("exercises", "factors"):
            if len(set(getattr(self, field))) != len(getattr(self, field)):
                yield field, "twice"
