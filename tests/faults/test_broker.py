"""The broker is killed, alone or with the worker: logging goes on, and on its return the next rounds send all, once."""

import statistics
import time
from uuid import uuid4

import pytest

from athletes.models import Alert
from clinic.models import Message
from tests.faults.system import PATIENCE, System, eventually
from tests.faults.world import World

State = Message.State
SWIFT = 5.0  # seconds for a POST on a machine that is busy; a publish to a broker that is away waits for six
LOGS = 6


def timed_logs(world: World) -> list[float]:
    """Let new runners log pain, one after the other; return how long each POST took."""
    times = []
    for _ in range(LOGS):
        runner = world.hurting(f"Hana{uuid4().hex[:6]} Hurt")
        began = time.monotonic()
        assert world.log(runner).status == 200
        times.append(time.monotonic() - began)
    return times


def all_sent(world: World) -> bool:
    with world.rows():
        return not Message.objects.exclude(state=State.SENT).exists()


@pytest.mark.parametrize("victims", [("broker",), ("broker", "worker"), ("worker", "broker", "beat")], ids="+".join)
def test_killed(system: System, world: World, victims: tuple[str, ...]) -> None:
    """Ten minutes without a doorbell, then an empty broker on the same port. Who was not killed is not restarted."""
    system.start("worker", "beat")
    usual = timed_logs(world)
    eventually(lambda: all_sent(world), "beat delivers before anything is killed")
    system.kill(*victims)
    silent = world.silent()
    during = timed_logs(world)
    assert max(during) < SWIFT
    assert statistics.median(during) < 2 * statistics.median(usual) + 1
    page = system.send("GET", "/me/", session=silent.session)
    assert page.status == 200
    with world.rows():
        assert Alert.objects.filter(state=Alert.State.OPEN).count() == 2 * LOGS
        waiting = Message.objects.filter(kind="alert", state=State.DUE).count()
    assert waiting == LOGS, "nobody delivers without a broker"
    with world.rows():
        assert not Message.objects.filter(kind="nudge").exists(), "nobody sweeps without a broker"
    assert set(victims) & {name for name in system.running if system.is_alive(name)} == set()
    system.start(*victims)

    def nudged() -> bool:
        with world.rows():
            return Message.objects.filter(kind="nudge").exists()

    eventually(nudged, "the sweep is back")
    eventually(lambda: all_sent(world), "the next rounds deliver")
    with world.rows():
        written = list(Message.objects.values_list("pk", "kind"))
    assert len([pk for pk, kind in written if kind == "alert"]) == 2 * LOGS
    assert len([pk for pk, kind in written if kind == "nudge"]) == 1
    time.sleep(3)  # three more ticks of each
    assert {system.post.copies_of(pk) for pk, _ in written} == {1}


def test_broker_killed_while_the_worker_is_at_work(system: System, world: World) -> None:
    """The worker ends what it has in hand, and comes back by itself (celery#8030, kombu#582): nobody restarts it."""
    system.start("worker")
    system.ring("deliver")
    system.post.hold("RCPT", world.tess.email)
    assert world.log(world.hurting()).status == 200
    for _ in range(4):
        system.ring_only("deliver")  # one in hand, others waiting their turn
    assert system.post.reached.wait(PATIENCE)
    system.kill("broker")
    time.sleep(1)
    system.post.release()
    eventually(lambda: world.state("alert") == State.SENT, "what was in hand is sent without a broker")
    system.start("broker")
    system.ring("sweep")
    assert system.is_alive("worker"), system.words("worker")
    assert world.copies("alert") == 1


def test_worker_and_broker_killed_while_the_server_holds_data(system: System, world: World) -> None:
    """All at once at the worst moment: the alert goes out again, the nudge's doubt is shown, the rest is sent once."""
    system.start("worker")
    silent, hurting, other = world.silent(), world.hurting(), world.silent("Siri Silent")
    system.ring("deliver")
    system.ring("sweep")
    system.post.hold("DATA", silent.email, takes=True)
    system.ring_only("deliver")
    assert system.post.reached.wait(PATIENCE)
    assert world.log(hurting).status == 200
    system.kill("worker", "broker")
    assert system.post.gone.wait(PATIENCE)
    system.post.release()
    system.pass_time(seconds=61)
    system.start("broker", "worker", "beat")
    eventually(lambda: world.state("alert") == State.SENT, "the alert goes out")

    def nudges() -> dict[str, str]:
        with world.rows():
            rows = Message.objects.filter(kind="nudge").values_list("recipient__email", "state")
            return dict(rows)

    eventually(lambda: nudges() == {silent.email: State.UNKNOWN, other.email: State.SENT}, "the nudges are settled")
    time.sleep(3)
    with world.rows():
        written = list(Message.objects.filter(kind__in=["nudge", "alert"]).values_list("pk", flat=True))
    assert [system.post.copies_of(pk) for pk in written] == [1, 1, 1]
