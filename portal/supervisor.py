"""One process that starts the parts of the portal, restarts what dies, and ends them in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
TICK = 0.1  # seconds between two looks at the parts
STEADY = 60  # seconds of life after which a part's earlier deaths are forgiven
SLOWEST = 15.0  # seconds, the longest wait before a restart


def _die_with_parent() -> None:
    """Run in the child: even a supervisor that is killed outright leaves nothing behind (Linux)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Part:
    """One process of the portal, in a session of its own: the terminal's Ctrl-C reaches only the supervisor."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    answers: Callable[[], bool]  # is it ready for work?
    grace: float = 10.0  # seconds to end in peace
    deaths: int = 0
    start_at: float = 0.0  # monotonic; when it last started, or may start again
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.start_at = time.monotonic()
        self.process = subprocess.Popen(
            self.argv,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has no threads
        )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> float:
        """Clear away what a dead part left, and return the seconds to wait before its next start."""
        self.kill()
        steady = time.monotonic() - self.start_at > STEADY
        self.deaths = 1 if steady else self.deaths + 1
        self.process = None
        wait = min(0.25 * 2**self.deaths, SLOWEST)
        self.start_at = time.monotonic() + wait
        return wait

    def stop(self) -> None:
        """Ask it to end, wait its grace, then end it with all its children."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired, ProcessLookupError):
            self.process.terminate()
            self.process.wait(self.grace)
        self.kill()

    def kill(self) -> None:
        """End whatever is left of its session."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts parts in the given order; stops them in the order that loses no work."""

    STOP_ORDER = ("beat", "worker", "web", "broker", "sink")

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.parts: list[Part] = []
        self.stopping = False

    def heed_signals(self) -> None:
        """End in order on Ctrl-C or SIGTERM, also while still starting."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def start(self, part: Part, *, within: float = 60) -> bool:
        """Start a part and wait until it answers. False if it does not, or if we are told to stop meanwhile."""
        self.parts.append(part)
        part.start()
        deadline = time.monotonic() + within
        while not self.stopping and part.alive and time.monotonic() < deadline:
            if part.answers():
                return True
            time.sleep(TICK / 2)
        return False

    def watch(self) -> None:
        """Keep every part alive until told to stop."""
        while not self.stopping:
            for part in self.parts:
                self._look_after(part)
            time.sleep(TICK)

    def _look_after(self, part: Part) -> None:
        if part.process is not None and not part.alive:
            code = part.process.returncode
            self.say(f"{part.name} ended ({code}); it starts again in {part.bury():.1f} s")
        elif part.process is None and time.monotonic() >= part.start_at:
            part.start()

    def stop(self) -> None:
        """End beat before worker before web before broker: nobody is left calling for one that is gone."""
        for part in sorted(self.parts, key=lambda part: self.STOP_ORDER.index(part.name)):
            part.stop()
