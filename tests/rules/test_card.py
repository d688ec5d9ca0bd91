"""What a card to read must say."""

from dataclasses import replace

import pytest

from exercises.errors import ContentError
from exercises.kinds import CardKind, Factor
from exercises.rules.card import LONGEST, PARAGRAPH, CardContent
from exercises.rules.content import CODE_LENGTH, LINES

CARD = CardContent(
    code="heat", kind=CardKind.HEALING, title="Heat", body=("Warm.",), caveat="Small.", evidence="Some.", source="One."
)


def problems(**changes: object) -> tuple[tuple[str, str], ...]:
    with pytest.raises(ContentError) as caught:
        replace(CARD, **changes).validate()  # type: ignore[arg-type]
    return caught.value.problems


@pytest.mark.parametrize("field", ["title", "body", "caveat", "evidence", "source"])
def test_nothing_may_be_missing(field: str) -> None:
    assert problems(**{field: type(getattr(CARD, field))()}) == ((field, "missing"),)


def test_everything_may_be_as_long_as_its_column() -> None:
    longest = {field: "x" * length for field, length in LONGEST.items()}
    replace(CARD, code="x" * CODE_LENGTH, body=("x" * PARAGRAPH,) * LINES, **longest).validate()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        *(({field: "x" * (length + 1)}, (field, "too_long")) for field, length in LONGEST.items()),
        ({"code": "x" * (CODE_LENGTH + 1)}, ("code", "not_a_code")),
        ({"code": "Heat"}, ("code", "not_a_code")),
        ({"body": ("x",) * (LINES + 1)}, ("body", "too_long")),
        ({"body": ("x" * (PARAGRAPH + 1),)}, ("body", "too_long")),
        ({"exercises": ("walk", "walk")}, ("exercises", "twice")),
        ({"factors": (Factor.STRAIN, Factor.STRAIN)}, ("factors", "twice")),
    ],
)
def test_what_is_too_long_or_said_twice_is_refused(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert problems(**changes) == (expected,)
