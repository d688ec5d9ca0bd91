"""Silence is the alarm: whatever stands still, /pipelinez tells from another process within five minutes."""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinic.models import Heartbeat
from tests.faults.system import System, eventually
from tests.faults.world import World

FIVE_MINUTES = timedelta(minutes=5)
ALL = ["beat", "deliver", "sweep"]


def pipeline(system: System) -> tuple[int, list[str]]:
    """Ask as a monitor does: its status, and which parts are red."""
    answer = system.send("GET", "/pipelinez")
    return answer.status, json.loads(answer.body)["red"]


def has_gone_red(system: System, parts: list[str]) -> bool:
    """Whether five minutes after their last breath these parts are red, and none breathes again."""

    def last() -> datetime:
        with system.database_open():
            return Heartbeat.objects.filter(name__in=parts).latest("at").at

    before = last()  # a round that was in hand still ends: then the minutes run from its breath
    system.pass_time(seconds=max(0.0, (before + FIVE_MINUTES - system.now).total_seconds()))
    time.sleep(2)
    status, red = pipeline(system)
    # What such a round decided to send waits, and is late as well.
    return status == 503 and set(parts) <= set(red) <= {*parts, "message"} and last() == before


def soon(system: System, holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; fail saying what the pipeline and the worker said instead."""
    try:
        eventually(holds, what)
    except AssertionError as error:
        raise AssertionError(f"{error}, but {pipeline(system)}\n{system.words('worker')}") from error


@pytest.mark.parametrize(
    ("silenced", "red"),
    [("beat", ALL), ("worker", ALL), ("broker", ALL), ("frozen worker", ALL), ("post", ["deliver", "message"])],
)
def test_pipeline_turns_red(system: System, world: World, silenced: str, red: list[str]) -> None:
    system.pass_time(seconds=FIVE_MINUTES.total_seconds())  # no older breath counts
    system.start("worker", "beat")
    soon(system, lambda: pipeline(system) == (200, []), "green to begin with")
    part = silenced.removeprefix("frozen ")
    if silenced == "post":
        system.post.stop()
        world.log(world.hurting())
    elif silenced != part:
        os.killpg(system.running[part].pid, signal.SIGSTOP)
    else:
        system.kill(part)
    system.pass_time(seconds=FIVE_MINUTES.total_seconds())
    try:
        soon(system, lambda: has_gone_red(system, red), f"red without {silenced}")
    finally:
        if silenced == "post":
            system.post.reopen()
        elif silenced != part:
            os.killpg(system.running[part].pid, signal.SIGCONT)
    system.start("broker", "worker", "beat")
    soon(system, lambda: pipeline(system) == (200, []), "green again")
