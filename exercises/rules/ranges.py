"""Which bytes of a file a request asks for (RFC 9110, section 14): one range, or the whole."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Bytes `first` to `last`, both included. Empty when `last` is before `first`: nothing of it can be given."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return max(0, self.last - self.first + 1)


def asked(header: str, size: int) -> Span | None:
    """Return the span that a Range header asks of a file of `size` bytes.

    None means the whole file: no header, several ranges, or what is no range at all. An empty span is out of the file
    (416): players ask like that at the end of one.
    """
    found = ONE_RANGE.fullmatch(header.strip().replace(" ", ""))
    if not found:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return Span(max(0, size - int(suffix)), size - 1)
    if last and int(last) < int(first):
        return None
    return Span(int(first), min(int(last), size - 1) if last else size - 1)
