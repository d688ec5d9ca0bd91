"""Delivery over real SMTP: which promise holds when the server, the line or we fail."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from clinic import channels
from clinic.actions import messages
from clinic.delivery import LEASE, WAITS, deliver, rehearse
from clinic.models import Heartbeat, Member, Message, Suppression
from clinic.scope import in_clinic
from tests.cast import Cast
from tests.clinic.conftest import Write
from tests.clinic.sink import HANG_UP, SILENCE, Sink, free_port

State, Delivery = Message.State, Message.Delivery
Again = Callable[[Message], Message]


class KilledError(BaseException):
    """The worker died here."""


def go(now: datetime, **more: Any) -> dict[str, int]:
    """One round, with a stopwatch that stands still and no luck in the waits."""
    return deliver(now=now, **{"stopwatch": lambda: 0.0, "jitter": lambda: 0.5, **more})


@contextmanager
def when(monkeypatch: pytest.MonkeyPatch, verb: str, does: Callable[[], None]) -> Iterator[None]:
    """Do something in the worker's own thread, just before it says a verb to the server."""
    said = getattr(channels._TimedSMTP, verb)

    def first(self: Any, *args: Any, **kwargs: Any) -> Any:
        does()
        return said(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(channels._TimedSMTP, verb, first)
        yield


def die() -> None:
    raise KilledError


def test_nudge_is_sent(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    message = write(cast.ana.member)
    assert go(now) == {"sent": 1}
    mail = sink.mails[0]
    assert mail["To"] == "ana@riverside.example"
    assert mail["From"] == "Riverside <portal@portal.example>"
    assert mail["Reply-To"] == "desk@riverside.example"
    assert mail["Message-ID"] == f"<{message.pk}@portal.example>"
    assert mail["List-Unsubscribe"].strip().startswith("<https://portal.example/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert {part.get_content_type() for part in mail.walk()} == {"multipart/alternative", "text/plain", "text/html"}
    for kind in ("plain", "html"):
        assert "https://portal.example/me/" in mail.get_body((kind,)).get_content()
    row = again(message)
    assert (row.state, row.sent_at, row.attempts, row.lease_until) == (State.SENT, now, 1, None)


@pytest.mark.parametrize("kind", ["nudge", "alert", "invitation"])
def test_mail_tells_nothing_of_its_reader(cast: Cast, write: Write, sink: Sink, now: datetime, kind: str) -> None:
    """One link; no name, and no word that the address belongs to someone in treatment."""
    write(cast.ana.member, kind)
    go(now)
    mail = sink.mails[0]
    texts = [mail["Subject"], *(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))]
    for text in texts:
        for telling in ("Ana", "Duarte", "back", "pain", "exercise", "injury", "alert"):
            assert telling.lower() not in text.replace("Backstride", "").replace("background", "").lower()
    assert ("List-Unsubscribe" in mail) == (kind == "nudge")


def test_message_not_yet_due_waits(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    message = write(cast.ana.member, due_at=now + timedelta(seconds=1))
    assert go(now) == {}
    assert sink.mails == []
    assert again(message).state == State.DUE


NUDGE, ALERT = "nudge", "alert"


@pytest.mark.parametrize(
    ("kind", "verb", "answer", "state", "reason", "outcome"),
    [
        (NUDGE, "RCPT", "550 5.1.1 nobody here", State.FAILED, "rcpt_550", "failed"),
        (ALERT, "RCPT", "550 5.1.1 nobody here", State.FAILED, "rcpt_550", "failed"),
        (NUDGE, "RCPT", "450 4.2.1 greylisted", State.DUE, "rcpt_450", "again"),
        (NUDGE, "RCPT", "421 4.3.2 going down", State.DUE, "rcpt_421", "again"),
        (NUDGE, "DATA", "451 4.3.0 later", State.DUE, "data_451", "again"),
        (NUDGE, "DATA", "554 5.7.1 spam", State.FAILED, "data_554", "failed"),
        (NUDGE, "RCPT", HANG_UP, State.DUE, "SMTPServerDisconnected", "again"),
        (NUDGE, "RCPT", SILENCE, State.DUE, "SMTPServerDisconnected", "again"),
        (NUDGE, "DATA", HANG_UP, State.UNKNOWN, "lost_in_data", "unknown"),
        (NUDGE, "DATA", SILENCE, State.UNKNOWN, "lost_in_data", "unknown"),
        (ALERT, "DATA", HANG_UP, State.DUE, "lost_in_data", "again"),
    ],
)
def test_answer_decides_the_state(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime,
    kind: str, verb: str, answer: str, state: str, reason: str, outcome: str,
) -> None:  # fmt: skip
    message = write(cast.ana.member, kind)
    other = write(cast.tess, kind)
    sink.on["ana@riverside.example"] = (verb, answer)
    assert go(now) == {outcome: 1, "sent": 1}
    row = again(message)
    assert (row.state, row.reason) == (state, reason)
    assert row.due_at == (now + WAITS[0] if state == State.DUE else now)
    assert again(other).state == State.SENT, "one bad recipient delays nobody"
    assert sink.recipients == ["tess@riverside.example"]


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (9, 60)])
def test_waits_grow(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, attempt: int, minutes: int
) -> None:
    sink.on["tess@riverside.example"] = ("RCPT", "450 later")
    for luck, factor in ((0.0, 0.9), (1.0, 1.1)):
        message = write(cast.tess, "alert", attempts=attempt - 1, key=f"alert:{luck}")
        go(now, jitter=lambda luck=luck: luck)
        assert again(message).due_at == now + timedelta(minutes=minutes) * factor


def test_retry_that_would_be_stale_fails(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    sink.on["ana@riverside.example"] = ("RCPT", "450 later")
    message = write(cast.ana.member, expires_at=now + timedelta(minutes=1))
    go(now)
    assert again(message).state == State.FAILED


def test_connection_is_kept_for_the_batch(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    for person in (cast.tess, cast.theo, cast.ana.member, cast.ben.member):
        write(person)
    sink.on["theo@riverside.example"] = ("RCPT", "550 nobody")
    assert go(now) == {"sent": 3, "failed": 1}
    assert sink.connections == 1


def test_connection_that_the_server_closed_is_opened_again(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    sink.mails_a_connection = 1
    for person in (cast.tess, cast.theo, cast.ana.member):
        write(person)
    assert go(now) == {"sent": 3}
    assert sink.connections == 3


def test_stale_message_is_skipped(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    message = write(cast.ana.member, expires_at=now)
    assert go(now) == {"skipped": 1}
    assert (again(message).state, again(message).reason) == (State.SKIPPED, "expired")
    assert sink.mails == []


def test_suppressed_kind_is_skipped_and_others_are_not(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime
) -> None:
    with in_clinic(cast.riverside.pk):
        messages.suppress(member=cast.ana.member, kind="nudge", reason="unsubscribed", by=None, now=now)
    nudge, invitation = write(cast.ana.member), write(cast.ana.member, "invitation")
    assert go(now) == {"skipped": 1, "sent": 1}
    assert again(nudge).reason == "suppressed"
    assert again(invitation).state == State.SENT


def test_member_who_left_gets_nothing(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    message = write(cast.theo, "alert")
    with in_clinic(cast.riverside.pk):
        Member.objects.filter(pk=cast.theo.pk).update(
            active_from=now.date() - timedelta(days=9), active_until=now.date() - timedelta(days=1)
        )
    assert go(now) == {"skipped": 1}
    assert again(message).reason == "inactive"
    assert sink.mails == []


def test_member_without_a_user_is_invited(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    with in_clinic(cast.riverside.pk):
        new = Member.objects.create(role="athlete", name="New", email="new@riverside.example", active_from=now.date())
    write(new, "invitation")
    assert go(now) == {"sent": 1}
    assert sink.recipients == ["new@riverside.example"]


@pytest.mark.parametrize("reason", ["withdrawn", "suppressed", "left", "expired"])
def test_reason_that_goes_away_before_data_withholds_the_mail(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    message = write(cast.ana.member, expires_at=now + timedelta(minutes=5))
    ana = cast.ana.member
    yesterday = now.date() - timedelta(days=1)

    def change() -> None:
        with in_clinic(cast.riverside.pk):
            if reason == "withdrawn":
                messages.withdraw(to=ana, kind="nudge", reason="paused")
            elif reason == "suppressed":
                Suppression.objects.create(member=ana, kind="nudge", reason="bounced", since_at=now)
            elif reason == "left":
                Member.objects.filter(pk=ana.pk).update(active_from=yesterday, active_until=yesterday)
            else:
                Message.objects.filter(pk=message.pk).update(expires_at=now)

    with when(monkeypatch, "rcpt", change):
        counts = go(now)
    assert again(message).state == State.SKIPPED
    assert sink.mails == []
    assert "sent" not in counts


def test_no_server_leaves_rows_as_they_are(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, settings: Any
) -> None:
    """An outage wears no message down; when the server is back, the next round sends them all."""
    settings.EMAIL_PORT = free_port()
    rows = [write(cast.ana.member), write(cast.tess, "alert"), write(cast.ben.member)]
    counts = go(now)
    assert counts["unreachable"] >= 1
    assert [(again(row).state, again(row).due_at, again(row).attempts) for row in rows] == [(State.DUE, now, 0)] * 3
    assert not Heartbeat.objects.filter(name="deliver").exists(), "a round without a server is not completed work"
    settings.EMAIL_PORT = sink.port
    assert go(now + timedelta(seconds=15)) == {"sent": 3}
    assert Heartbeat.objects.get(name="deliver").at == now + timedelta(seconds=15)


def test_server_that_never_answers_ends_the_round(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    people = [cast.tess, cast.theo, cast.olive, cast.finn, cast.ana.member]
    rows = [write(person, "alert") for person in people]
    for person in people:
        sink.on[person.email] = ("RCPT", SILENCE)
    assert go(now) == {"again": 3, "unreachable": 2}
    assert sorted(again(row).attempts for row in rows) == [0, 0, 1, 1, 1]


def test_server_that_drips_is_hung_up_on(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, settings: Any
) -> None:
    """Each byte comes in time and the reply never does."""
    settings.EMAIL_TIMEOUT = 0.5
    message = write(cast.ana.member)
    with dripping() as settings.EMAIL_PORT:
        began = time.monotonic()
        assert go(now) == {"unreachable": 1}
    assert time.monotonic() - began < 5
    assert again(message).state == State.DUE


@contextmanager
def dripping() -> Iterator[int]:
    """A server that says "2222..." one byte a tenth of a second."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def drip() -> None:
            line, _ = server.accept()
            with line:
                try:
                    while not over.wait(0.1):
                        line.sendall(b"2")
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join()


def test_without_tls_nothing_goes_in_clear(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, settings: Any
) -> None:
    """The settings ask for STARTTLS, and somebody on the line stripped the offer."""
    settings.EMAIL_USE_TLS = True
    message = write(cast.ana.member)
    assert go(now) == {"unreachable": 1}
    assert (again(message).state, sink.mails) == (State.DUE, [])


def test_message_that_cannot_be_written_delays_nobody(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime
) -> None:
    broken = write(cast.tess, "no_such_template")
    fine = write(cast.ana.member)
    assert go(now) == {"again": 1, "sent": 1}
    assert again(broken).reason == "not_written"
    assert again(fine).state == State.SENT


def test_address_that_cannot_be_written_fails(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime
) -> None:
    message, fine = write(cast.ana.member), write(cast.tess)
    with in_clinic(cast.riverside.pk):
        Member.objects.filter(pk=cast.ana.member.pk).update(email="ana@@riverside\n.example")
    assert go(now) == {"failed": 1, "sent": 1}
    assert again(message).state == State.FAILED
    assert again(fine).state == State.SENT


def test_clinics_take_turns(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    """A clinic with much mail does not hold up the other one."""
    for n in range(45):
        write(cast.tess, "alert", key=f"many:{n}", due_at=now - timedelta(minutes=5))
    write(cast.hugo, "alert")
    assert go(now) == {"sent": 46}
    assert sink.recipients.index("hugo@hilltop.example") == 20
    assert sink.mails[20]["From"] == "Hilltop <portal@portal.example>"


def test_alerts_leave_before_nudges_that_waited_longer(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    """In a clinic, and of one clinic before those of the other."""
    for n in range(3):
        write(cast.ana.member, key=f"many:{n}", due_at=now - timedelta(minutes=5))
    write(cast.ben.member)
    write(cast.hugo, "alert")
    assert go(now, limit=1) == {"sent": 1}
    assert sink.recipients == ["hugo@hilltop.example"]
    write(cast.tess, "alert")
    assert go(now, limit=1) == {"sent": 1}
    assert sink.recipients[1] == "tess@riverside.example"


def test_batch_of_stale_messages_does_not_end_a_clinics_turn(
    cast: Cast, write: Write, sink: Sink, now: datetime
) -> None:
    for n in range(21):
        write(cast.ana.member, key=f"stale:{n}", due_at=now - timedelta(hours=2), expires_at=now)
    write(cast.tess)
    assert go(now) == {"skipped": 21, "sent": 1}


def test_limit_holds(cast: Cast, write: Write, sink: Sink, now: datetime) -> None:
    for n in range(25):
        write(cast.tess, "alert", key=f"many:{n}")
    assert go(now, limit=22) == {"sent": 22}
    assert go(now) == {"sent": 3}
    assert len(sink.mails) == 25


# ---- leases and crashes ------------------------------------------------------------------------------------------


def test_handed_is_committed_before_data_and_no_transaction_spans_smtp(
    transactional_db: None, cast: Cast, write: Write, sink: Sink, again: Again, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    del transactional_db
    message = write(cast.ana.member)
    seen: list[tuple[str, str, bool]] = []

    def look(verb: str) -> Callable[[], None]:
        return lambda: seen.append((verb, again(message).state, connection.in_atomic_block))

    with ExitStack() as stack:
        for verb in ("mail", "rcpt", "docmd", "quit"):
            stack.enter_context(when(monkeypatch, verb, look(verb)))
        assert go(now) == {"sent": 1}
    by_verb = {verb: (state, is_open) for verb, state, is_open in seen if verb != "docmd"}
    assert by_verb == {"mail": ("claimed", False), "rcpt": ("claimed", False), "quit": ("sent", False)}
    data = [entry for entry in seen if entry[0] == "docmd"]
    assert data[-1][1:] in (("handed", False), ("sent", False))
    assert ("docmd", "handed", False) in data


@pytest.mark.parametrize("kind", [NUDGE, ALERT])
@pytest.mark.parametrize("verb", ["mail", "rcpt"])
def test_worker_killed_before_data_sends_once_later(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, monkeypatch: pytest.MonkeyPatch,
    kind: str, verb: str,
) -> None:  # fmt: skip
    message = write(cast.ana.member, kind)
    with when(monkeypatch, verb, die), pytest.raises(KilledError):
        go(now)
    assert again(message).state == State.CLAIMED
    assert go(now + LEASE - timedelta(seconds=1)) == {}, "the lease still holds"
    assert go(now + LEASE)["sent"] == 1
    assert len(sink.mails) == 1


@pytest.mark.parametrize("after_dot", [False, True])
@pytest.mark.parametrize(("kind", "state", "copies"), [(NUDGE, State.UNKNOWN, 0), (ALERT, State.SENT, 1)])
def test_worker_killed_in_the_data_window(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, monkeypatch: pytest.MonkeyPatch,
    kind: str, state: str, copies: int, after_dot: bool,
) -> None:  # fmt: skip
    """At most once: unknown, shown, not sent again. At least once: again, under the same Message-ID."""
    message = write(cast.ana.member, kind)
    if after_dot:
        with monkeypatch.context() as patch:
            patch.setattr("clinic.delivery._settle", lambda *_: die())
            with pytest.raises(KilledError):
                go(now)
    else:
        with when(monkeypatch, "docmd", die), pytest.raises(KilledError):
            go(now)
    assert again(message).state == State.HANDED
    before = len(sink.mails)
    assert before == int(after_dot)
    go(now + LEASE)
    go(now + LEASE + timedelta(minutes=5))
    row = again(message)
    assert row.state == state
    assert len(sink.mails) == before + copies
    assert {mail["Message-ID"] for mail in sink.mails} <= {f"<{message.pk}@portal.example>"}
    if kind == NUDGE:
        assert row.reason == "lost_in_data"


def test_second_worker_takes_nothing_that_is_leased(
    cast: Cast, write: Write, sink: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast.ana.member)
    rounds: list[dict[str, int]] = []

    def another() -> None:
        if not rounds:
            rounds.append({})
            rounds.append(go(now, worker="second"))

    with when(monkeypatch, "rcpt", another):
        assert go(now, worker="first") == {"sent": 1}
    assert rounds == [{}, {}]
    assert len(sink.mails) == 1


def test_worker_that_lost_its_lease_sends_nothing(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It froze before DATA for longer than its lease; another one sent the mail meanwhile."""
    message = write(cast.ana.member)
    rounds: list[dict[str, int]] = []

    def another() -> None:
        if not rounds:
            rounds.append({})
            rounds.append(go(now + LEASE, worker="second"))

    with when(monkeypatch, "rcpt", another):
        assert go(now, worker="first") == {"lost_lease": 1}
    assert rounds[1]["sent"] == 1
    assert len(sink.mails) == 1
    assert again(message).state == State.SENT


def test_answer_after_the_lease_is_still_the_truth(
    cast: Cast, write: Write, sink: Sink, again: Again, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another round called the nudge unknown while the server was thinking; then it said 250."""
    message = write(cast.ana.member)
    with when(monkeypatch, "docmd", lambda: None):
        said = channels.Post._data

        def slow(self: channels.Post, body: bytes) -> channels.Result:
            result = said(self, body)
            assert go(now + 2 * LEASE, worker="second") == {"unknown": 1}
            return result

        monkeypatch.setattr(channels.Post, "_data", slow)
        assert go(now, worker="first") == {"sent": 1}
    assert again(message).state == State.SENT
    assert len(sink.mails) == 1


def test_lease_follows_the_stopwatch(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    """A round that takes minutes leases from when it claims, not from when it began."""
    message = write(cast.ana.member)
    ticks = iter([0.0, *([300.0] * 20)])
    assert go(now, stopwatch=lambda: next(ticks)) == {"sent": 1}
    assert again(message).sent_at == now + timedelta(seconds=300)


def test_rehearsal_tells_and_changes_nothing(cast: Cast, write: Write, sink: Sink, again: Again, now: datetime) -> None:
    due = write(cast.ana.member)
    stale = write(cast.tess, "alert", due_at=now - LEASE, expires_at=now)
    later = write(cast.ben.member, due_at=now + timedelta(hours=1))
    assert rehearse(now=now) == ["riverside: alert:1: skip (expired)", "riverside: nudge:0: send, attempt 1"]
    assert "hilltop: nudge:0: send, attempt 1" in rehearse(now=now + timedelta(hours=1))
    assert {again(row).state for row in (due, stale, later)} == {State.DUE}
    assert sink.mails == []
