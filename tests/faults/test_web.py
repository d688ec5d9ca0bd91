"""The web process is killed in the middle of a log of pain 8: both log and alert are there, or neither."""

import http.client
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from clinic.models import Message
from tests.faults.failpoints import disarm
from tests.faults.system import Answer, System
from tests.faults.world import Runner, World

BROKEN = (OSError, http.client.HTTPException)
NOTHING = dict.fromkeys(("logs", "entries", "filled", "alerts", "doorbells", "rings", "audited"), 0)
ALL = {**NOTHING, "logs": 1, "entries": 2, "filled": 1, "alerts": 1, "doorbells": 1, "rings": 1, "audited": 2}
POINTS = {  # in the order in which a request passes them: what is there afterwards
    "before log": NOTHING,
    "after log": NOTHING,
    "after entries": NOTHING,
    "before alert": NOTHING,
    "after alert": NOTHING,
    "before doorbell": NOTHING,
    "after doorbell": NOTHING,
    "before commit": NOTHING,
    "after commit": ALL,
    "before response": ALL,
}
Post = Callable[[World, Runner, UUID], Answer]
DOORS: dict[str, tuple[Post, tuple[int, ...]]] = {
    "page": (World.log, (200,)),  # the stop card, in the answer to the POST
    "api": (World.log_by_api, (200, 201)),
}


@pytest.mark.parametrize(
    ("point", "door"),
    [(point, "page") for point in POINTS]
    + [(point, "api") for point in ("after log", "before commit", "after commit")],
)
def test_web_killed(system: System, world: World, point: str, door: str) -> None:
    """Nobody gets a 2xx for what is not stored; the phone's second try makes it exactly one."""
    post, fine = DOORS[door]
    hana, client_id = world.hurting(), uuid4()
    system.arm(point, clinic_id=world.clinic.pk)
    with pytest.raises(BROKEN):
        post(world, hana, client_id)
    assert not disarm(system.folder), "nobody came to that point"
    assert world.tally(hana) == POINTS[point]
    for _ in range(2):
        answer = post(world, hana, client_id)
        assert answer.status in fine, answer.body
        assert world.tally(hana) == ALL
    system.start("worker")
    system.ring("deliver")
    assert (world.state("alert"), world.copies("alert")) == (Message.State.SENT, 1)


def test_every_point_of_a_log_is_passed_in_that_order(system: System, world: World) -> None:
    """The points above are those that there are: each one alone stops a log that the one before it let through."""
    hana, client_id = world.hurting(), uuid4()
    for point in [point for point, left in POINTS.items() if left == NOTHING]:
        system.arm(point, clinic_id=world.clinic.pk)
        with pytest.raises(BROKEN):
            world.log(hana, client_id)
        assert not disarm(system.folder)
    assert world.tally(hana) == NOTHING
    assert world.log(hana, client_id).status == 200
    assert world.tally(hana) == ALL


@pytest.mark.parametrize("point", ["before commit", "after commit"])
def test_whole_web_killed(system: System, world: World, point: str) -> None:
    """Gunicorn with all its workers; a new one finds the same."""
    hana, client_id = world.hurting(), uuid4()
    system.arm(point, clinic_id=world.clinic.pk, whole_group=True)
    with pytest.raises(BROKEN):
        world.log(hana, client_id)
    system.died("web")
    assert world.tally(hana) == POINTS[point]
    system.start("web")
    assert world.log(hana, client_id).status == 200
    assert world.tally(hana) == ALL


def test_low_pain_log_retried_after_a_kill_makes_no_alert(system: System, world: World) -> None:
    """The other half of "threshold crossed <=> alert"."""
    hana, client_id = world.hurting(), uuid4()
    system.arm("after commit", clinic_id=world.clinic.pk)
    with pytest.raises(BROKEN):
        world.log(hana, client_id, pain=5)
    assert world.log(hana, client_id, pain=5).status == 303
    assert world.tally(hana) == {**NOTHING, "logs": 1, "entries": 2, "filled": 1, "audited": 1}


def test_eight_identical_logs_at_once_are_one(system: System, world: World) -> None:
    """A double tap on eight connections, to two processes of four threads."""
    hana, client_id = world.hurting(), uuid4()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.log(hana, client_id), range(8)))
    assert [answer.status for answer in answers] == [200] * 8
    assert world.tally(hana) == ALL


def test_eight_different_logs_at_once_are_one_alert(system: System, world: World) -> None:
    """Eight bouts of pain 8 from eight tabs: every log is kept, and one alert rings once."""
    hana = world.hurting()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.log(hana, uuid4()), range(8)))
    assert [answer.status for answer in answers] == [200] * 8
    tally = world.tally(hana)
    assert (tally["logs"], tally["entries"]) == (8, 16)
    assert (tally["alerts"], tally["doorbells"], tally["rings"]) == (1, 1, 1)
