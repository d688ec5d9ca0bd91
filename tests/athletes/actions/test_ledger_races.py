"""Two at once in one ledger, on a database that lets them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import close_old_connections, connection, transaction

from athletes.actions import athletes, ledger
from athletes.models import Athlete, DueSession
from clinic.scope import in_clinic
from tests.cast import NOW, make_cast
from tests.prescribing import begin, block, make_exercise, publish, weekdays

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def behind(first: Callable[[], object], second: Callable[[], object], clinic_id: int) -> None:
    """Run `second` while `first` has done its work and not yet committed."""
    done, may_commit, failures = Event(), Event(), []

    def other() -> None:
        try:
            with in_clinic(clinic_id):
                second()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=other)

    def hold() -> None:
        with in_clinic(clinic_id), transaction.atomic():
            first()
            done.set()
            may_commit.wait(10)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert done.wait(10)
    thread.start()
    thread.join(0.7)  # long enough to read the old editions, were it not made to wait
    may_commit.set()
    holder.join(10)
    thread.join(10)
    assert not failures
    close_old_connections()


def test_sweep_behind_an_unfinished_publication_writes_no_window_of_the_old_edition() -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        one = block(make_exercise("Bridge"))
        program = begin(cast.ana, by=cast.tess, now=NOW)
        publish(program, one, by=cast.tess, now=NOW, on=TUESDAY)
    changed = replace(one, schedule=weekdays(0))
    behind(
        lambda: publish(program, changed, by=cast.tess, now=NOW, on=TUESDAY + DAY) and None,
        lambda: ledger.extend(athletes=[Athlete.objects.get(pk=cast.ana.pk)], now=NOW + DAY) and None,
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        days = sorted(DueSession.objects.values_list("from_on", flat=True))
        assert days == [TUESDAY, date(2026, 11, 30), date(2026, 12, 7)]


def test_sweep_behind_an_unfinished_pause_excuses_what_it_makes() -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        program = begin(cast.ana, by=cast.tess, now=NOW)
        publish(program, block(make_exercise("Bridge")), by=cast.tess, now=NOW, on=TUESDAY)
    behind(
        lambda: (
            athletes.pause(athlete=cast.ana, from_on=TUESDAY + DAY, until_on=None, reason="Ill", by=cast.tess, now=NOW)
            and None
        ),
        lambda: ledger.extend(athletes=[Athlete.objects.get(pk=cast.ana.pk)], now=NOW + DAY) and None,
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        assert DueSession.objects.filter(from_on__gt=TUESDAY, state="due").count() == 0
        assert DueSession.objects.filter(state="excused").count() == 15
