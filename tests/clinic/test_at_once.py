"""Many workers at once, each on its own connection: the row decides."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from athletes import sweeps
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


def swept_elsewhere(now: datetime) -> Counter[str]:
    """Sweep as another worker would, fully when that is due."""

    def one() -> dict[str, int]:
        try:
            return sweep(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return Counter(pool.submit(one).result())


def breaths() -> set[str]:
    return set(Heartbeat.objects.values_list("name", flat=True))


def test_sweep_that_finds_a_clinic_busy_has_not_done_its_work(cast: Cast, now: datetime) -> None:
    """It is no failure either: the next round does not wait before it is full again."""
    with in_clinic(cast.riverside.pk), transaction.atomic():
        Clinic.objects.select_for_update(no_key=True).get(pk=cast.riverside.pk)
        assert swept_elsewhere(now)["clinics_busy"] == 1
    assert not breaths()
    assert not swept_elsewhere(now + timedelta(minutes=1))["clinics_busy"]
    assert breaths() == {"sweep", "full_sweep"}


def test_clinic_that_was_busy_is_swept_at_the_end_of_the_round(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another round that has it in hand is further on by then."""
    assert cast.riverside.pk < cast.hilltop.pk
    free, held, swept = Event(), Event(), []

    def other_round() -> None:
        with in_clinic(cast.riverside.pk):
            Clinic.objects.select_for_update(no_key=True).get(pk=cast.riverside.pk)
            held.set()
            free.wait(30)
        connection.close()

    def one(clinic_id: int, **given: Any) -> Any:
        if clinic_id == cast.hilltop.pk:
            free.set()
            other.join()
        swept.append(clinic_id)
        return sweep_clinic(clinic_id, **given)

    sweep_clinic = sweeps._sweep_clinic
    monkeypatch.setattr(sweeps, "_sweep_clinic", one)
    other = Thread(target=other_round)
    other.start()
    assert held.wait(30)
    counts = sweep(now=now)
    assert swept == [cast.riverside.pk, cast.hilltop.pk, cast.riverside.pk]
    assert "clinics_busy" not in counts
    assert breaths() == {"sweep", "full_sweep"}
