"""Silence is the alarm: whatever stands still, /pipelinez tells from another process within five minutes."""

import json
import os
import signal

import pytest

from tests.faults.system import System, eventually
from tests.faults.world import World

ALL = ["beat", "deliver", "sweep"]


def pipeline(system: System) -> tuple[int, list[str]]:
    """Ask as a monitor does: its status, and which parts are red."""
    answer = system.send("GET", "/pipelinez")
    return answer.status, json.loads(answer.body)["red"]


@pytest.mark.parametrize(
    ("silenced", "red"),
    [("beat", ALL), ("worker", ALL), ("broker", ALL), ("frozen worker", ALL), ("post", ["deliver", "message"])],
)
def test_pipeline_turns_red(system: System, world: World, silenced: str, red: list[str]) -> None:
    system.start("worker", "beat")
    eventually(lambda: pipeline(system) == (200, []), "green to begin with")
    part = silenced.removeprefix("frozen ")
    if silenced == "post":
        system.post.stop()
        world.log(world.hurting())
    elif silenced != part:
        os.killpg(system.running[part].pid, signal.SIGSTOP)
    else:
        system.kill(part)
    system.pass_time(minutes=5)
    try:
        eventually(lambda: pipeline(system) == (503, red), f"red without {silenced}", within=10)
    finally:
        if silenced == "post":
            system.post.reopen()
        elif silenced != part:
            os.killpg(system.running[part].pid, signal.SIGCONT)
    system.start("broker", "worker", "beat")
    eventually(lambda: pipeline(system) == (200, []), "green again")
