"""Many at once: a decision is made once, however many decide."""

import time

from athletes.models import DueSession
from clinic.models import Heartbeat, Message
from tests.faults.system import System, eventually
from tests.faults.world import World

CROWD = 8


def test_sweeps_at_once_nudge_once(system: System, world: World) -> None:
    """One nudge and one ledger row for each athlete and day."""
    runners = [world.silent(f"Silas{n} Silent") for n in range(5)]
    with world.rows():
        before = sorted(DueSession.objects.values_list("athlete", "block", "from_on", "slot"))
    system.pass_time(hours=1, minutes=1)  # a full sweep is due: it makes the ledger longer as well
    counts = system.rush("sweep", CROWD)
    with world.rows():
        nudged = Message.objects.filter(kind="nudge").values_list("recipient", flat=True)
        assert sorted(nudged) == sorted(runner.athlete.member_id for runner in runners)
        ledger = sorted(DueSession.objects.values_list("athlete", "block", "from_on", "slot"))
        closed = DueSession.objects.filter(state=DueSession.State.UNANSWERED)
        assert sorted(closed.values_list("athlete", flat=True)) == sorted(runner.athlete.pk for runner in runners)
    assert len(set(ledger)) == len(ledger)
    days = {(athlete, from_on) for athlete, _, from_on, _ in ledger}
    assert len(days) == len(ledger), "a block a day makes one window a day"
    assert set(before) <= set(ledger)
    assert not any(key in count for count in counts for key in ("failed", "clinics_failed"))
    rounds = system.rush("sweep", CROWD)
    assert not any(count.get("nudges") for count in rounds)


def test_deliveries_at_once_send_once(system: System, world: World) -> None:
    """Eight workers fall upon the same outbox."""
    for n in range(5):
        world.silent(f"Silas{n} Silent")
        assert world.log(world.hurting(f"Hana{n} Hurt")).status == 200
    system.rush("sweep", 1)
    system.rush("deliver", CROWD)
    with world.rows():
        written = list(Message.objects.values_list("pk", "kind", "state"))
    kinds = [kind for _, kind, _ in written]
    assert (kinds.count("nudge"), kinds.count("alert")) == (5, 5)
    assert {state for _, _, state in written} == {Message.State.SENT}
    assert {system.post.copies_of(pk) for pk, _, _ in written} == {1}


def test_two_beats_do_no_harm(system: System, world: World) -> None:
    """A standby that does not know of the other one rings too."""
    silent, hurting = world.silent(), world.hurting()
    assert world.log(hurting).status == 200
    system.start("worker", "beat", "beat2")
    eventually(lambda: _count(world) == {"nudge": 1, "alert": 1}, "the mails go out")
    time.sleep(4)
    assert system.is_alive("beat")
    assert system.is_alive("beat2")
    assert _count(world) == {"nudge": 1, "alert": 1}
    with world.rows():
        assert DueSession.objects.filter(athlete=silent.athlete, state=DueSession.State.UNANSWERED).count() == 1
    with system.database_open():
        assert Heartbeat.objects.filter(name__in=["beat", "sweep", "deliver"]).count() == 3


def _count(world: World) -> dict[str, int]:
    with world.rows():
        rows = dict(Message.objects.filter(kind__in=["nudge", "alert"]).values_list("kind", "pk"))
    return {kind: world.system.post.copies_of(pk) for kind, pk in rows.items()}
