"""Which bytes a Range header asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.rules.ranges import Span, asked

WHOLE, NOTHING = None, Span(10, 9)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-9", Span(0, 9)),
        ("bytes=0-10", Span(0, 9)),
        ("bytes=9-", Span(9, 9)),
        (" bytes = 2 - 5 ", Span(2, 5)),
        ("bytes=3-3", Span(3, 3)),
        ("bytes=3-2", WHOLE),
        ("bytes=-1", Span(9, 9)),
        ("bytes=-10", Span(0, 9)),
        ("bytes=-11", Span(0, 9)),
        ("bytes=-0", NOTHING),
        ("bytes=10-", NOTHING),
        ("bytes=10-10", NOTHING),
        ("bytes=-", WHOLE),
        ("bytes=", WHOLE),
        ("bytes=0-1,3-4", WHOLE),
        ("bytes=٣-٤", WHOLE),
        (f"bytes={'9' * 19}-", WHOLE),
        ("", WHOLE),
    ],
)
def test_header_asks_for_bytes_of_ten(header: str, expected: Span | None) -> None:
    found = asked(header, 10)
    assert found == expected
    assert found is None or found.length == max(0, found.last - found.first + 1)


def test_length_counts_both_ends() -> None:
    assert (Span(4, 4).length, Span(4, 6).length, Span(4, 3).length, Span(9, 2).length) == (1, 3, 0, 0)


@given(st.integers(0, 30), st.integers(0, 30) | st.just(None), st.integers(0, 20))
def test_span_stays_in_the_file(first: int, last: int | None, size: int) -> None:
    found = asked(f"bytes={first}-{'' if last is None else last}", size)
    if found and found.length:
        assert 0 <= found.first <= found.last < size
