"""The worker is killed: nothing is lost, nudges never double, an alert's repeat has the same Message-ID."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.conf import settings

from athletes.models import Alert, DueSession
from clinic.delivery import LEASE
from clinic.models import Message
from tests.faults.failpoints import disarm
from tests.faults.system import PATIENCE, System, eventually
from tests.faults.world import Runner, World

State = Message.State
NUDGE, ALERT = "nudge", "alert"


class Outbox(NamedTuple):
    """A nudge and an alert, both due."""

    world: World
    silent: Runner

    def addresses(self) -> dict[str, str]:
        return {NUDGE: self.silent.email, ALERT: self.world.tess.email}

    def states(self) -> dict[str, str]:
        return {kind: self.world.state(kind) for kind in (NUDGE, ALERT)}

    def copies(self) -> dict[str, int]:
        return {kind: self.world.copies(kind) for kind in (NUDGE, ALERT)}


@pytest.fixture
def outbox(system: System, world: World) -> Outbox:
    """Everything happens as in life: a sweep decides the nudge, a log over HTTP opens the alert."""
    system.start("worker")
    silent, hurting = world.silent(), world.hurting()
    system.ring("deliver")  # their invitations, out of the way
    system.ring("sweep")
    assert world.log(hurting).status == 200
    found = Outbox(world, silent)
    assert found.states() == {NUDGE: State.DUE, ALERT: State.DUE}
    return found


def recover(system: System, outbox: Outbox, *, leased: set[str]) -> None:
    """Start a new worker: what is leased waits for its lease, and is settled by the next round after that."""
    system.start("worker")
    before = outbox.copies()
    system.ring("deliver")
    for kind in leased:
        assert outbox.states()[kind] in (State.CLAIMED, State.HANDED), "somebody took it while it was leased"
        assert outbox.copies()[kind] == before[kind]
    system.pass_time(seconds=LEASE.total_seconds() + 1)
    system.ring("deliver")
    settled = outbox.copies(), outbox.states()
    system.pass_time(hours=0.1)
    system.ring("deliver")
    assert (outbox.copies(), outbox.states()) == settled, "a later round found something to do"
    alerts = [mail for mail in system.post.mails if mail["To"] == outbox.world.tess.email]
    assert len({mail["Message-ID"] for mail in alerts}) == 1, "a repeat has another Message-ID"


@pytest.mark.parametrize("takes", [True, False], ids=["taken", "not_taken"])
@pytest.mark.parametrize("kind", [NUDGE, ALERT])
def test_worker_killed_while_the_server_holds_data(system: System, outbox: Outbox, kind: str, takes: bool) -> None:
    """Nobody can know (RFC 1047): the nudge ends as unknown and is not resent, the alert is sent again."""
    system.post.hold("DATA", outbox.addresses()[kind], takes=takes)
    system.ring_only("deliver")
    assert system.post.reached.wait(PATIENCE)
    assert outbox.states()[kind] == State.HANDED, "committed before DATA"
    system.kill("worker")
    assert system.post.gone.wait(PATIENCE)
    system.post.release()
    recover(system, outbox, leased={kind})
    other = ALERT if kind == NUDGE else NUDGE
    again = kind == ALERT
    assert outbox.states() == {kind: State.SENT if again else State.UNKNOWN, other: State.SENT}
    assert outbox.copies() == {kind: takes + again, other: 1}


@pytest.mark.parametrize("kind", [NUDGE, ALERT])
def test_worker_killed_before_data(system: System, outbox: Outbox, kind: str) -> None:
    """The server has not even answered about the recipient: surely not sent, so sent once."""
    system.post.hold("RCPT", outbox.addresses()[kind])
    system.ring_only("deliver")
    assert system.post.reached.wait(PATIENCE)
    assert outbox.states()[kind] == State.CLAIMED
    system.kill("worker")
    assert system.post.gone.wait(PATIENCE)
    system.post.release()
    recover(system, outbox, leased={kind})
    assert outbox.states() == {NUDGE: State.SENT, ALERT: State.SENT}
    assert outbox.copies() == {NUDGE: 1, ALERT: 1}


@pytest.mark.parametrize(
    ("point", "kind", "state", "copies"),
    [
        ("before claim", "", State.SENT, 1),
        ("after claim", "", State.SENT, 1),
        ("before hand over", NUDGE, State.SENT, 1),
        ("before hand over", ALERT, State.SENT, 1),
        ("after hand over", NUDGE, State.UNKNOWN, 0),
        ("after hand over", ALERT, State.SENT, 1),
        ("before settle", NUDGE, State.UNKNOWN, 1),
        ("before settle", ALERT, State.SENT, 2),
        ("after settle", NUDGE, State.SENT, 1),
        ("after settle", ALERT, State.SENT, 1),
    ],
)
def test_worker_killed_at(system: System, outbox: Outbox, point: str, kind: str, state: str, copies: int) -> None:
    """At every step of a delivery. Only the window between hand-over and settling leaves a doubt."""
    system.arm(point, clinic_id=outbox.world.clinic.pk, kind=kind, whole_group=True)
    system.ring_only("deliver")
    system.died("worker")
    assert not disarm(system.folder)
    leased = {each for each, now in outbox.states().items() if now in (State.CLAIMED, State.HANDED)}
    recover(system, outbox, leased=leased)
    kind = kind or NUDGE
    other = ALERT if kind == NUDGE else NUDGE
    assert outbox.states() == {kind: state, other: State.SENT}
    assert outbox.copies() == {kind: copies, other: 1}


@pytest.mark.parametrize(
    "point", ["before close", "after close", "before nudge", "after nudge", "before commit", "after commit"]
)
def test_worker_killed_in_a_sweep(system: System, world: World, point: str) -> None:
    """A window closes in silence if and only if its nudge is decided; the next sweep decides what is open."""
    silent = world.silent()
    system.start("worker")
    system.arm(point, clinic_id=world.clinic.pk, whole_group=True)
    system.ring_only("sweep")
    system.died("worker")

    def decided() -> tuple[int, int]:
        with world.rows():
            closed = DueSession.objects.filter(athlete=silent.athlete, state=DueSession.State.UNANSWERED)
            return closed.count(), Message.objects.filter(kind=NUDGE).count()

    assert decided() == ((1, 1) if point == "after commit" else (0, 0))
    system.start("worker")
    for _ in range(2):
        system.ring("sweep")
        assert decided() == (1, 1)
        system.ring("deliver")
        assert world.copies(NUDGE) == 1


def test_worker_killed_in_a_log_that_it_does_not_need(system: System, world: World) -> None:
    """Without a worker the alert is there at once; its mail goes out with the first round after one is back."""
    system.start("worker")
    system.kill("worker")
    hurting = world.hurting()
    assert world.log(hurting).status == 200
    with world.rows():
        assert Alert.objects.get(athlete=hurting.athlete).state == Alert.State.OPEN
    system.start("worker", "beat")
    eventually(lambda: world.state(ALERT) == State.SENT, "the doorbell rings")
    assert world.copies(ALERT) == 1


def test_killed_workers_row_is_taken_again_within_two_minutes() -> None:
    """By the figures that production runs with: the lease, and two ticks of beat."""
    from portal import settings as production

    tick: Callable[[], timedelta] = lambda: timedelta(seconds=production.CELERY_BEAT_SCHEDULE["deliver"]["schedule"])  # noqa: E731
    assert LEASE + 2 * tick() <= timedelta(seconds=120)
    assert LEASE.total_seconds() > settings.EMAIL_TIMEOUT
