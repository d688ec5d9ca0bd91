"""The supervisor's rules, on small processes."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.supervisor import Part, Supervisor

NOTES_ITS_END = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + "\\n"); sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(sys.argv[1] + "." + sys.argv[2], "w").close()
while True: time.sleep(0.01)
"""
DEAF_WITH_CHILD = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid)); time.sleep(60)
"""


def within(seconds: float, holds: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_parts_end_in_the_order_that_loses_no_work(tmp_path: Path) -> None:
    notes, said = tmp_path / "ended", list[str]()
    supervisor = Supervisor(say=said.append)
    for name in ("sink", "broker", "web", "worker", "beat"):
        ready = Path(f"{notes}.{name}")
        argv = [sys.executable, "-c", NOTES_ITS_END, str(notes), name]
        assert supervisor.start(Part(name, argv, os.environ, answers=ready.exists))
    supervisor.stop()
    assert notes.read_text().split() == ["beat", "worker", "web", "broker", "sink"]
    assert [part.process.returncode for part in supervisor.parts if part.process] == [0] * 5


def test_part_that_does_not_answer_fails_the_start() -> None:
    supervisor = Supervisor(say=print)
    part = Part("web", [sys.executable, "-c", "import time; time.sleep(60)"], os.environ, answers=lambda: False)
    assert not supervisor.start(part, within=0.3)
    supervisor.stop()
    assert not part.alive


def test_part_that_dies_fails_the_start_at_once() -> None:
    began = time.monotonic()
    part = Part("web", [sys.executable, "-c", "raise SystemExit(3)"], os.environ, answers=lambda: False)
    assert not Supervisor(say=print).start(part, within=30)
    assert time.monotonic() - began < 10


def test_deaf_part_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    part = Part("worker", [sys.executable, "-c", DEAF_WITH_CHILD, str(note)], os.environ, lambda: True, grace=0.2)
    part.start()
    assert within(10, lambda: note.exists() and note.read_text())
    child = int(note.read_text())
    assert is_running(child)
    part.stop()
    assert part.process is not None
    assert part.process.returncode == -signal.SIGKILL
    assert within(5, lambda: not is_running(child))


def test_dead_part_starts_again_a_little_later_each_time() -> None:
    said: list[str] = []
    supervisor = Supervisor(say=said.append)
    part = Part("beat", [sys.executable, "-c", "raise SystemExit(3)"], os.environ, answers=lambda: True)
    supervisor.parts = [part]
    part.start()
    threading.Timer(2.5, lambda: setattr(supervisor, "stopping", True)).start()
    supervisor.watch()
    supervisor.stop()
    assert said[:2] == ["beat ended (3); it starts again in 0.5 s", "beat ended (3); it starts again in 1.0 s"]


def test_wait_before_a_restart_has_an_end_and_is_forgiven() -> None:
    part = Part("beat", [sys.executable, "-c", ""], os.environ, answers=lambda: True)
    waits = [part.bury() for _ in range(9)]
    assert waits == sorted(waits)
    assert waits[-1] == 15
    part.start_at = time.monotonic() - 61  # it lived for a minute
    assert part.bury() == pytest.approx(0.5)
