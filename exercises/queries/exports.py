"""The library as it goes into files: what is in use, not what was retired."""

from collections.abc import Iterator

from exercises.exchange.columns import Json
from exercises.models import Exercise, Protocol
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.rules.content_json import as_json


def exercise_rows() -> Iterator[Json]:
    """Give the exercises in use by name, as their JSON: two queries when asked for."""
    for content in exercise_contents(Exercise.objects.current()).values():
        yield as_json(content)


def protocol_rows() -> Iterator[Json]:
    """Give the protocols in use by name, as their JSON: six queries when asked for."""
    for content in protocol_contents(Protocol.objects.current()).values():
        yield as_json(content)
