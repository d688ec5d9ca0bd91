"""The demo's clock and mailbox, which need no sign-in and exist nowhere else."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, include, path

from clinic.models import Clinic
from portal import clock, tasks
from portal.urls import urlpatterns as always
from portal.views import demo as page

urlpatterns = [*always, path("demo/", include("portal.demo_urls"))]


@pytest.fixture
def demo(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    settings.DEMO, settings.VAR_DIR, settings.ROOT_URLCONF = True, tmp_path, __name__
    monkeypatch.setattr(page, "ring", lambda: None)
    Clinic.objects.create(slug="riverside", name="Riverside", reply_to="a@b.example", time_zone="Europe/Lisbon")
    clear_url_caches()
    yield tmp_path
    clear_url_caches()


def keep(folder: Path, stamp: int, subject: str, text: str, html: str = "") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "portal@example.org", "ana@riverside.example"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    (folder / "mail").mkdir(exist_ok=True)
    (folder / "mail" / f"{stamp}.eml").write_bytes(bytes(mail))


@pytest.mark.parametrize("where", ["/demo/", "/demo/mailbox/", "/demo/mailbox/1/"])
def test_demo_pages_do_not_exist_outside_the_demo(client: Client, db: None, where: str) -> None:
    assert client.get(where).status_code == 404
    assert client.post(where, {"to": "day"}).status_code == 404


@pytest.mark.parametrize(("to", "least", "most"), [("day", 23, 25), ("morning", 0, 24)])
def test_button_moves_the_clock(client: Client, demo: Path, to: str, least: int, most: int) -> None:
    assert client.post("/demo/", {"to": to}).status_code == 302
    assert timedelta(hours=least) < clock.ahead() + timedelta(seconds=1) <= timedelta(hours=most, seconds=1)


def test_reading_the_clock_does_not_move_it(client: Client, demo: Path) -> None:
    assert client.get("/demo/", {"to": "day"}).status_code == 200
    assert client.head("/demo/").status_code == 200
    assert clock.ahead() == timedelta()


@pytest.mark.parametrize("to", ["", "yesterday", "-1"])
def test_clock_goes_nowhere_else(client: Client, demo: Path, to: str) -> None:
    client.post("/demo/", {"to": to})
    assert clock.ahead() == timedelta()


def test_clock_needs_the_forms_token(demo: Path) -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/", {"to": "day"}).status_code == 403
    assert clock.ahead() == timedelta()


def test_clock_moves_without_a_broker(settings: Any) -> None:
    tasks.app.conf.broker_url, kept = "redis://127.0.0.1:1/0", tasks.app.conf.broker_url
    try:
        page.ring()  # must not raise: beat will ring when the broker is back
    finally:
        tasks.app.conf.broker_url = kept


def test_mailbox_lists_newest_first(client: Client, demo: Path) -> None:
    assert "No mail yet" in client.get("/demo/mailbox/").content.decode()
    keep(demo, 1_000, "The older", "x")
    keep(demo, 2_000, "The newer", "x")
    (demo / "mail" / ".3000.eml").write_text("half a mail")
    body = client.get("/demo/mailbox/").content.decode()
    assert 0 < body.index("The newer") < body.index("The older")


def test_letter_shows_headers_and_text_and_runs_nothing(client: Client, demo: Path) -> None:
    evil = "<script>alert(1)</script>"
    keep(demo, 1, f"Hello {evil}", f"See http://localhost:8000/me/ {evil}", html=evil)
    body = client.get("/demo/mailbox/1/").content.decode()
    assert evil not in body
    assert "&lt;script&gt;" in body
    assert 'href="http://localhost:8000/me/"' in body
    assert "List-Unsubscribe=One-Click" in body
    assert client.get("/demo/mailbox/2/").status_code == 404
