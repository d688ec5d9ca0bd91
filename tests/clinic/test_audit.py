"""The audit trail: written with what it tells of, and never changed."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.actions import audit, messages
from clinic.models import AuditEvent, Suppression
from clinic.scope import in_clinic
from tests.cast import Cast


def test_event_says_who_did_what_to_whom(riverside: Cast, now: datetime) -> None:
    event = audit.record("x.done", by=riverside.tess, now=now, about=riverside.ana, subjects=[riverside.ana.pk], part=1)
    event.refresh_from_db()
    assert (event.at, event.actor_id, event.actor_role) == (now, riverside.tess.pk, "therapist")
    assert (event.object_id, event.subject_ids) == (str(riverside.ana.pk), [str(riverside.ana.pk)])
    assert event.detail == {"part": 1}


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "attack",
    [
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(verb="y.done"),
        lambda event: event.delete(),
        lambda _: run("UPDATE clinic_auditevent SET verb = 'y'"),
        lambda _: run("DELETE FROM clinic_auditevent"),
    ],
    ids=["update", "delete", "raw update", "raw delete"],
)
def test_event_never_changes(riverside: Cast, now: datetime, attack: Callable[[AuditEvent], object]) -> None:
    event = audit.record("x.done", by=riverside.tess, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(event)
    event.refresh_from_db()
    assert event.verb == "x.done"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="grants are PostgreSQL's")
def test_owner_of_the_table_is_stopped_too(riverside: Cast, now: datetime) -> None:
    """The grant stops the app role; the trigger stops whoever has the grant."""
    audit.record("x.done", by=riverside.tess, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'clinic_auditevent', 'UPDATE, DELETE, TRUNCATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute("RESET ROLE")
        try:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute("UPDATE clinic_auditevent SET verb = 'y'")
        finally:
            cursor.execute("SET ROLE backstride_app")


def test_write_that_cannot_be_audited_does_not_happen(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    with in_clinic(cast.riverside.pk):
        monkeypatch.setattr(AuditEvent.objects, "create", fails)
        with pytest.raises(DatabaseError), transaction.atomic():
            messages.suppress(member=cast.ana.member, kind="nudge", reason="setting", by=cast.tess, now=now)
        assert not Suppression.objects.exists()
