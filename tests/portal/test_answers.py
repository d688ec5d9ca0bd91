"""What every answer carries, and who may ask how the portal is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from clinic.actions import heartbeats, messages
from clinic.models import Member, Message
from clinic.scope import in_clinic
from tests.cast import NOW, PASSWORD, Cast

PARTS = ("sweep", "full_sweep", "deliver", "beat")
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("path", ["/account/login/", "/livez", "/no-such-page/", "/athletes/", "/account/logout/"])
def test_every_answer_is_guarded(cast: Cast, client: Client, path: str) -> None:
    answer = client.get(path)
    assert set(answer["Content-Security-Policy"].split("; ")) == CSP
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_static_file_is_guarded_too(client: Client) -> None:
    answer = client.get("/static/look/wrong.svg")
    assert answer.status_code == 200
    assert set(answer["Content-Security-Policy"].split("; ")) == CSP
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_page_of_a_member_is_never_stored(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    for path in ("/athletes/", "/no-such-page/", "/account/password/change/", "/admin/"):
        answer = sign_in(cast.tess).get(path)
        assert answer["Cache-Control"] == "no-store"
        assert "Expires" not in answer


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example"])
@pytest.mark.parametrize("path", ["/livez", "/account/login/", "/athletes/", "/nowhere/"])
def test_wrong_host_is_refused(client: Client, db: None, host: str, path: str) -> None:
    assert client.get(path, headers={"host": host}).status_code == 400


def test_forwarded_host_is_not_believed(client: Client, db: None) -> None:
    answer = client.get("/athletes/", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer["Location"]


def test_livez_asks_nobody(client: Client) -> None:
    assert client.get("/livez").content == b"ok\n"  # no database fixture: a query would raise


def test_readyz_is_green_when_migrated(client: Client, db: None) -> None:
    assert client.get("/readyz").json() == {"ready": True, "database": True, "migrations_waiting": 0}


def test_readyz_is_red_before_a_migration(client: Client, db: None) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="athletes").order_by("-pk")[:1].get().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations_waiting"] == 1


@pytest.fixture
def beating(cast: Cast) -> None:
    for part in PARTS:
        heartbeats.beat(part, now=NOW, counts={})


def test_pipelinez_is_green_while_all_parts_finish(client: Client, beating: None) -> None:
    answer = client.get("/pipelinez")
    assert answer.status_code == 200
    assert answer.json()["green"] is True


@pytest.mark.parametrize("part", PARTS)
def test_pipelinez_is_red_when_a_part_fell_silent(client: Client, beating: None, part: str) -> None:
    heartbeats.beat(part, now=NOW - timedelta(minutes=121 if part == "full_sweep" else 5), counts={})
    answer = client.get("/pipelinez")
    assert answer.status_code == 503
    assert answer.json()["red"] == [part]


def test_pipelinez_is_red_when_nothing_ever_ran(client: Client, cast: Cast) -> None:
    assert client.get("/pipelinez").json()["red"] == sorted(PARTS)


def enqueue(cast: Cast, due_at: datetime) -> None:
    with in_clinic(cast.hilltop.pk):
        told: dict[str, Any] = {"delivery": "at_least_once", "due_at": due_at, "now": NOW}
        messages.enqueue(kind="alert", key="alert:1", to=cast.hugo, path="/alerts/", **told)


def test_pipelinez_is_red_when_a_due_message_waits(client: Client, cast: Cast, beating: None) -> None:
    enqueue(cast, NOW - timedelta(minutes=6))
    answer = client.get("/pipelinez")
    assert answer.json()["red"] == ["message"]
    assert answer.json()["age_seconds"]["message"] == 360


def test_pipelinez_is_red_for_a_day_after_an_alert_was_refused(
    client: Client, cast: Cast, beating: None, clock: Callable[[datetime], None]
) -> None:
    enqueue(cast, NOW)
    with in_clinic(cast.hilltop.pk):
        Message.objects.update(state=Message.State.FAILED)
    assert client.get("/pipelinez").json()["red"] == ["refused"]
    clock(NOW + timedelta(days=1))
    assert "refused" not in client.get("/pipelinez").json()["red"]


def test_pipelinez_ignores_a_message_for_later(client: Client, cast: Cast, beating: None) -> None:
    enqueue(cast, NOW + timedelta(minutes=6))
    assert client.get("/pipelinez").status_code == 200


def test_pipelinez_answers_only_this_machine_or_the_token(client: Client, beating: None, settings: Any) -> None:
    outside: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.9"}
    proxied: dict[str, Any] = {"headers": {"x-forwarded-for": "203.0.113.9"}}
    assert client.get("/pipelinez", **outside).status_code == 404
    assert client.get("/pipelinez", **proxied).status_code == 404
    assert client.get("/pipelinez", **outside, headers={"authorization": "Bearer "}).status_code == 404
    settings.HEALTH_TOKEN = "told to the monitor"
    assert client.get("/pipelinez", **outside, headers={"authorization": "Bearer guessed"}).status_code == 404
    assert (
        client.get("/pipelinez", **outside, headers={"authorization": "Bearer told to the monitor"}).status_code == 200
    )


def attempt(client: Client, login: str, password: str, address: str = "198.51.100.1") -> int:
    form = {"login": login, "password": password}
    return client.post("/account/login/", form, REMOTE_ADDR=address).status_code


def test_sixth_wrong_password_locks_the_account_from_that_address_only(client: Client, cast: Cast) -> None:
    cache.clear()
    tess = cast.tess.email
    assert [attempt(client, tess, "wrong") for _ in range(4)] == [200] * 4
    attempt(client, tess.upper(), "wrong")  # another spelling is the same account
    assert attempt(client, tess, PASSWORD) == 429
    assert attempt(client, tess, PASSWORD, "198.51.100.2") == 302


def test_forged_forwarded_for_counts_as_one_address(client: Client, cast: Cast) -> None:
    cache.clear()
    for number in range(5):
        form = {"login": cast.tess.email, "password": "wrong"}
        client.post("/account/login/", form, headers={"x-forwarded-for": f"192.0.2.{number}"})
    assert client.post("/account/login/", {"login": cast.tess.email, "password": PASSWORD}).status_code == 429
