"""What the clinic's exercises are called: for ladders, protocols and histories, which know them by their codes."""

from typing import NamedTuple
from uuid import UUID

from exercises.models import Exercise


class Named(NamedTuple):
    """As much of an exercise as a list to choose from needs."""

    pk: UUID
    code: str
    name: str
    kind: str
    retired: bool


def names() -> dict[str, Named]:
    """Return every exercise by its code, in the order of their names, retired ones too: one query."""
    rows = Exercise.objects.order_by("name", "code").values_list("pk", "code", "name", "kind", "retired_at")
    return {code: Named(pk, code, name, kind, retired is not None) for pk, code, name, kind, retired in rows}
