"""Ctrl-C in a real terminal, with make in between."""

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import signal, sys, time
from contextlib import nullcontext
from portal.terminal import ours_alone
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
with ours_alone() if sys.argv[1] == "alone" else nullcontext():
    print("listening", flush=True)
    time.sleep(30)
"""


def make_and_interrupt(folder: Path, how: str) -> int:
    """Run the program by make in a terminal, type Ctrl-C, and return make's wait status."""
    (folder / "program.py").write_text(PROGRAM)
    (folder / "Makefile").write_text(f"run:\n\t@PYTHONPATH={ROOT} exec {sys.executable} program.py {how}\n")
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores it, and so would make
        os.chdir(folder)
        os.execvp("make", ["make", "run"])  # noqa: S606, S607 - the real one
    said, typed, deadline = b"", False, time.monotonic() + 20
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:  # the terminal closes with its last program
                break
        if b"listening" in said and not typed:
            os.write(terminal, b"\x03")
            typed = True
    os.close(terminal)
    assert typed, said
    return os.waitpid(pid, 0)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_make_ends_well_when_its_program_does(tmp_path: Path) -> None:
    assert make_and_interrupt(tmp_path, "alone") == 0
    assert make_and_interrupt(tmp_path, "with make") != 0  # else the test proves nothing
