"""Many workers at once, each on its own connection: the row decides."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from athletes.sweeps import sweep
from clinic.delivery import deliver
from clinic.models import Clinic, Heartbeat, Message
from clinic.scope import in_clinic
from tests.cast import Cast
from tests.clinic.conftest import Write
from tests.clinic.sink import Sink
from tests.prescribing import begin, block, make_exercise, publish

WORKERS = 6

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection"),
    pytest.mark.django_db(transaction=True),
]


def at_once(work: Callable[[], dict[str, int]]) -> Counter[str]:
    """Do the same thing in many threads, and add up what they say they did."""

    def one(_: int) -> dict[str, int]:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(map(Counter, pool.map(one, range(WORKERS))), Counter())


def test_each_mail_is_sent_once(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    for n in range(30):
        write(cast.tess, "alert", key=f"many:{n}")
        write(cast.hugo, "nudge", key=f"many:{n}")
    counts = at_once(lambda: deliver(now=now))
    assert counts == {"sent": 60}
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 60


def test_each_nudge_is_decided_once(cast: Cast, now: datetime) -> None:
    with in_clinic(cast.riverside.pk):
        squat = block(make_exercise("Squat"))
        publish(begin(cast.ana, by=cast.tess, now=now), squat, by=cast.tess, now=now, on=now.date())
    counts = at_once(lambda: sweep(now=now + timedelta(hours=18), full=True))
    assert (counts["closed"], counts["nudges"]) == (1, 1)
    assert "failed" not in counts
    assert "clinics_failed" not in counts
    with in_clinic(cast.riverside.pk):
        assert Message.objects.filter(kind="nudge").count() == 1


def test_sweep_that_finds_a_clinic_busy_has_not_done_its_work(cast: Cast, now: datetime) -> None:
    def swept() -> dict[str, int]:
        try:
            return sweep(now=now, full=True)
        finally:
            connection.close()

    with in_clinic(cast.riverside.pk), transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Clinic.objects.select_for_update(no_key=True).get(pk=cast.riverside.pk)
        assert pool.submit(swept).result()["clinics_busy"] == 1
    assert not Heartbeat.objects.filter(name__in=("sweep", "full_sweep")).exists()
