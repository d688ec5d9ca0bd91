"""What a runner skips as too painful, in as few words as a sentence has."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from athletes.actions.sessions import Logged, Session, Told
from athletes.facts.lines import lines_of
from athletes.models import Block
from athletes.rules.localtime import local_date
from tests.cast import Cast
from tests.telling import log


def skip(
    cast: Cast, part: Block, *, now: datetime, painful: Collection[str], on: date | None = None, **said: Any
) -> Logged:
    """Log a block of Ana's of which the named exercises were too painful and the others done."""
    told = tuple(
        Told(line.pk, "skipped", "", "too_painful") if line.exercise.name in painful else Told(line.pk, "done")
        for line in lines_of(cast.ana, part.pk)
    )
    session = Session(uuid4(), on or local_date(now, cast.ana.time_zone), told, **said)
    return log(cast.ana, part, now=now, session=session)
