"""One cell: what a person reads in it, made safe for a spreadsheet, and read back as it was."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from exercises.errors import CellError

# A spreadsheet computes a cell that begins so (OWASP, CSV injection); full-width forms count in some of them.
_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_ARMED = re.compile("'+[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_BETWEEN_CODES = re.compile(r"[\n,;]")
BEYOND = 10**9  # far outside every range; int() of 1e999999999 would never end


def disarm(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def rearm(text: str) -> str:
    """Take that apostrophe away again; one of the text's own stays."""
    return text[1:] if _ARMED.match(text) else text


def tidy(text: str) -> str:
    """Return a text with one kind of line end and no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def tidied(value: Any) -> Any:
    """Return JSON with every text in it tidy."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, list):
        return [tidied(item) for item in value]
    return {name: tidied(item) for name, item in value.items()} if isinstance(value, dict) else value


def read(value: Any) -> str:
    """Return what stands in a cell; raise CellError if that is what stands there."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        raise value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return tidy(rearm(str(value)))


def whole(text: str) -> int | None:
    """Return a whole number, or None for an empty cell."""
    number = _number(text)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellError("not_a_number")
    return int(number)


def each(text: str) -> list[int]:
    """Return the numbers of a series, "6, 4, 2" or "6-4-2"."""
    return [number for part in re.split(r"[\s,;/-]+", text) if (number := whole(part)) is not None]


def exact(text: str) -> str | None:
    """Return an exact number as text, written with a point or a comma, or None for an empty cell."""
    return None if (number := _number(text)) is None else str(number)


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not -BEYOND < number < BEYOND:
        raise CellError("not_a_number")
    return number


def code(text: str) -> str:
    """Return a code of a list as we spell it: "Warm-up" is warm_up."""
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def lines(text: str) -> list[str]:
    """Return a list that has one entry a line."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def words(text: str) -> list[str]:
    """Return a list of codes: one a line, or with commas between."""
    return [part.strip() for part in _BETWEEN_CODES.split(text) if part.strip()]


def joined(entries: Iterable[str]) -> str:
    """Return a list as one cell, one entry a line."""
    return "\n".join(entries)
