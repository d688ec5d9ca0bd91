"""Reading JSON that somebody else wrote: every problem, each with its path, before anything is used."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar, cast

from exercises.errors import ContentError
from exercises.rules.content import Problem

Code = TypeVar("Code", bound=StrEnum)
Part = TypeVar("Part")


class Reader:
    """Reads one JSON object and remembers every problem; `close` raises them together. What is unknown is a problem."""

    def __init__(self, row: Any) -> None:
        if not isinstance(row, Mapping):
            raise ContentError((("", "not_an_object"),))
        self.row = row
        self.read: set[str] = set()
        self.problems: list[Problem] = []

    def has(self, name: str) -> bool:
        """Tell whether something is said."""
        self.read.add(name)
        return self.row.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return a text; what is not said is empty."""
        return self._typed(name, str, "not_text") or "" if self.has(name) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self._list(name)
        if not all(isinstance(item, str) for item in found):
            self.problems.append((name, "not_text"))
            return ()
        return tuple(found)

    def flag(self, name: str) -> bool:
        """Return yes or no; what is not said is no."""
        return bool(self._typed(name, bool, "not_yes_or_no")) if self.has(name) else False

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None when nothing is said."""
        if not self.has(name):
            return None
        value = self.row[name]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problems.append((name, "not_a_number"))
        return None

    def integers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        found = self._list(name)
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in found):
            self.problems.append((name, "not_a_number"))
            return ()
        return tuple(found)

    def decimal(self, name: str) -> Decimal | None:
        """Return an exact number, from text or a number, or None when nothing is said."""
        if not self.has(name):
            return None
        try:
            value = Decimal(str(self.row[name]))
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite():
            return value
        self.problems.append((name, "not_a_number"))
        return None

    def one(self, kind: type[Code], name: str, default: Code | None = None) -> Code:
        """Return a code of a list."""
        if not self.has(name) and default is not None:
            return default
        try:
            return kind(str(self.row.get(name)))
        except ValueError:
            self.problems.append((name, "missing" if not self.has(name) else "unknown_code"))
            return next(iter(kind))

    def codes(self, kind: type[Code], name: str) -> tuple[Code, ...]:
        """Return several codes of a list."""
        known = {item.value for item in kind}
        found = self.texts(name)
        self.problems.extend((f"{name}.{n}", "unknown_code") for n, code in enumerate(found) if code not in known)
        return tuple(kind(code) for code in found if code in known)

    def part(self, name: str, read: Callable[[Any], Part]) -> Part:
        """Return an object inside; its problems carry its name in their path.

        What cannot be read is None in spite of the type: `close` raises before anybody looks at it.
        """
        self.read.add(name)
        try:
            return read(self.row.get(name, {}))
        except ContentError as error:
            self._inner(name, error)
            return cast(Part, None)

    def parts(self, name: str, read: Callable[[Any], Part]) -> tuple[Part, ...]:
        """Return a list of objects inside."""
        found: list[Part] = []
        for n, item in enumerate(self._list(name)):
            try:
                found.append(read(item))
            except ContentError as error:
                self._inner(f"{name}.{n}", error)
        return tuple(found)

    def close(self) -> None:
        """Raise ContentError with every problem found, unknown names among them."""
        unknown = [(str(name), "unknown_field") for name in self.row if name not in self.read]
        if self.problems or unknown:
            raise ContentError((*self.problems, *unknown))

    def _list(self, name: str) -> list[Any]:
        return self._typed(name, list, "not_a_list") or [] if self.has(name) else []

    def _typed(self, name: str, kind: type[Part], code: str) -> Part | None:
        value = self.row[name]
        if isinstance(value, kind):
            return value
        self.problems.append((name, code))
        return None

    def _inner(self, name: str, error: ContentError) -> None:
        self.problems.extend((f"{name}.{path}".rstrip("."), code) for path, code in error.problems)
