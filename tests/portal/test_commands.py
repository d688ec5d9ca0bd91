from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from athletes.models import EscalationRule
from clinic.actions import messages
from clinic.models import AuditEvent, Clinic, Member, Message
from clinic.scope import in_clinic
from exercises.models import Exercise, Protocol
from portal.rehearsing import instant
from tests.cast import NOW, Cast


def said(*argv: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*argv, stdout=out, **options)
    return out.getvalue()


def test_instant_without_an_offset_is_utc() -> None:
    assert instant("2026-11-24T07:00") == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert instant("2026-11-24T07:00+01:00") == datetime(2026, 11, 24, 6, tzinfo=UTC)
    with pytest.raises(ArgumentTypeError):
        instant("tomorrow")


def rows(cast: Cast) -> list[Any]:
    with in_clinic(cast.riverside.pk):
        return [list(model.objects.order_by("pk").values()) for model in (Message, AuditEvent)]


def test_rehearsed_delivery_tells_and_changes_nothing(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        told: dict[str, Any] = {"delivery": "at_least_once", "due_at": NOW + timedelta(hours=1), "now": NOW}
        messages.enqueue(kind="alert", key="alert:1:owner", to=cast.tess, path="/alerts/", **told)
    before = rows(cast)
    assert "alert:1:owner" not in said("deliver", "--at", NOW.isoformat())
    assert "riverside: alert:1:owner: send" in said("deliver", "--at", (NOW + timedelta(hours=2)).isoformat())
    assert rows(cast) == before


def test_rehearsal_with_nothing_due_says_so(db: None) -> None:
    assert said("deliver", "--at", NOW.isoformat()) == "Nothing would happen.\n"


def test_rehearsed_sweep_changes_nothing(cast: Cast) -> None:
    before = rows(cast)
    assert said("sweep", "--at", (NOW + timedelta(days=3)).isoformat())
    assert rows(cast) == before


def test_clinic_is_created_whole(db: None) -> None:
    words = said("create_clinic", "Lakeside Physio", "--owner", "Lea@lakeside.example", "--time-zone", "Europe/Zurich")
    assert "Lakeside Physio is open" in words
    clinic = Clinic.objects.get(slug="lakeside-physio")
    assert clinic.time_zone == "Europe/Zurich"
    assert clinic.reply_to == "Lea@lakeside.example"
    with in_clinic(clinic.pk):
        owner = Member.objects.get()
        assert (owner.role, owner.email, owner.user) == ("owner", "lea@lakeside.example", None)
        assert Exercise.objects.count() >= 16
        assert Protocol.objects.count() >= 2
        assert EscalationRule.objects.count() >= 5
        assert Message.objects.get().kind == "invitation"


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["--owner", "nobody"], "valid email"),
        (["--owner", "lea@lakeside.example", "--time-zone", "Europe/Atlantis"], "time zone"),
        (["--owner", "lea@lakeside.example", "--phone", "call me"], "phone"),
    ],
)
def test_bad_answers_are_said_in_words_and_create_nothing(db: None, argv: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        said("create_clinic", "Lakeside", *argv)
    assert not Clinic.objects.exists()


def test_same_clinic_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError):
        said("create_clinic", "Riverside", "--owner", "lea@lakeside.example")
    assert Clinic.objects.filter(slug="riverside").count() == 1
