"""What the clinic's exercises are called: for ladders, protocols and histories, which know them by their codes."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from exercises.models import Exercise
from exercises.rules.search import alphabetical


class Named(NamedTuple):
    """As much of an exercise as a list to choose from needs."""

    pk: UUID
    code: str
    name: str
    kind: str
    retired: bool
    label: str  # the name; with the code, where another exercise has the same name


def names() -> dict[str, Named]:
    """Return every exercise by its code, in the order of their names, retired ones too: one query."""
    found = Exercise.objects.order_by("code").values_list("pk", "code", "name", "kind", "retired_at")
    rows = sorted(found, key=lambda row: alphabetical(row[2]))
    often = Counter(name.casefold() for _pk, _code, name, *_ in rows)
    return {
        code: Named(
            pk, code, name, kind, retired is not None, f"{name} ({code})" if often[name.casefold()] > 1 else name
        )
        for pk, code, name, kind, retired in rows
    }


def by_label(known: Mapping[str, Named]) -> dict[str, Named]:
    """Return exercises by what somebody types to name them, in small letters."""
    return {named.label.casefold(): named for named in known.values()}
