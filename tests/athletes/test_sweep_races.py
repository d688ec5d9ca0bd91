"""A nudge that is being decided while its reason goes away, on a database that lets both run at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from athletes.actions import athletes, pain
from athletes.sweeps import sweep
from clinic.models import Message
from clinic.scope import in_clinic
from tests.cast import NOW, Cast, make_cast
from tests.racing import AT_ONCE, behind
from tests.telling import prescribe

pytestmark = AT_ONCE
MIDNIGHT = datetime(2026, 11, 25, 0, 1, tzinfo=UTC)


def hold(cast: Cast) -> None:
    athletes.hold(athlete=cast.ana, reason="Flare", by=cast.tess, now=MIDNIGHT)


def pause(cast: Cast) -> None:
    first = date(2026, 11, 25)
    athletes.pause(athlete=cast.ana, from_on=first, until_on=None, reason="Ill", by=cast.tess, now=MIDNIGHT)


def hurt(cast: Cast) -> None:
    answer = pain.Answer(uuid4(), "rest_now", 8, date(2026, 11, 24))
    pain.report(athlete=cast.ana, answer=answer, by=cast.ana.member, now=MIDNIGHT)


@pytest.mark.parametrize("reason", [hold, pause, hurt])
@pytest.mark.parametrize("sweep_first", [True, False])
def test_nudge_does_not_outlive_what_happened_meanwhile(reason: Callable[[Cast], None], sweep_first: bool) -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        prescribe(cast, now=NOW)

    def swept() -> None:
        sweep(now=MIDNIGHT, full=False)

    order = (swept, lambda: reason(cast)) if sweep_first else (lambda: reason(cast), swept)
    behind(*order, cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        assert not Message.objects.filter(kind="nudge", state=Message.State.DUE).exists()
