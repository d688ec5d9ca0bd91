"""Two at once, on a database that lets them: `pytestmark = AT_ONCE`, and one behind the other."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import close_old_connections, connection, transaction

from clinic.scope import in_clinic

AT_ONCE = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def elsewhere(act: Callable[[], object], clinic_id: int) -> tuple[Thread, list[BaseException]]:
    """Return a thread that acts over a connection of its own, as another process would, and what it failed with."""
    failures: list[BaseException] = []

    def other() -> None:
        try:
            with in_clinic(clinic_id):
                act()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)
        finally:
            connection.close()

    return Thread(target=other), failures


def behind(first: Callable[[], object], second: Callable[[], object], clinic_id: int) -> None:
    """Run `second` while `first` has done its work and not yet committed."""
    done, may_commit = Event(), Event()
    thread, failures = elsewhere(second, clinic_id)

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
