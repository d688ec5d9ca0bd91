"""What every test stands on: the app role on PostgreSQL, the cast, and a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from clinic.models import Clinic, Member
from clinic.rowsecurity import sqlite_trigger
from clinic.scope import in_clinic
from tests.cast import NOW, Cast, make_cast

AUDIT = "clinic_auditevent"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The owner made and migrated the database; from here on every connection is the app role."""
    del django_db_setup
    with django_db_blocker.unblock():
        as_app_role = _become_app_role if connection.vendor == "postgresql" else _let_flush_pass_triggers
        undo = as_app_role()
        yield
        undo()


def _become_app_role() -> Callable[[], None]:
    role = settings.APP_ROLE
    connection.settings_dict["OPTIONS"]["assume_role"] = role
    connection.close()
    flush = connection.ops.sql_flush  # transactional tests TRUNCATE, which the app role may not

    def as_owner(*args: Any, **kwargs: Any) -> list[str]:
        return ["RESET ROLE;", *flush(*args, **kwargs), f"SET ROLE {role};"]

    connection.ops.sql_flush = as_owner  # type: ignore[method-assign]

    def undo() -> None:
        connection.ops.sql_flush = flush  # type: ignore[method-assign]
        del connection.settings_dict["OPTIONS"]["assume_role"]
        connection.close()

    return undo


def _let_flush_pass_triggers() -> Callable[[], None]:
    flush = connection.ops.sql_flush  # SQLite flushes by DELETE, which the append-only triggers refuse

    def without_triggers(*args: Any, **kwargs: Any) -> list[str]:
        drops = [f"DROP TRIGGER IF EXISTS {AUDIT}_no_{verb}" for verb in ("update", "delete")]
        return [*drops, *flush(*args, **kwargs), *sqlite_trigger(AUDIT)]

    connection.ops.sql_flush = without_triggers  # type: ignore[method-assign]
    return lambda: setattr(connection.ops, "sql_flush", flush)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning, 07:00 UTC."""
    return NOW


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what the portal's clock says; it says NOW until told otherwise."""
    said = [NOW]
    monkeypatch.setattr("portal.clock.now", lambda: said[0])

    def say(instant: datetime) -> None:
        said[0] = instant

    return say


@pytest.fixture
def cast(db: None, clock: object) -> Cast:
    """Riverside and Hilltop."""
    del db, clock
    return make_cast()


@pytest.fixture
def riverside(cast: Cast) -> Iterator[Cast]:
    """The cast, with Riverside's scope open."""
    with in_clinic(cast.riverside.pk):
        yield cast


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[Member], Client]:
    """Return a browser in which a member of the cast is signed in to their clinic."""
    del cast

    def signed_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["clinic_id"] = member.clinic_id
        session.save()
        return client

    return signed_in


@pytest.fixture
def within() -> Callable[[Clinic], Any]:
    """Open a clinic's scope: `with within(cast.hilltop): ...`."""
    return lambda clinic: in_clinic(clinic.pk)
