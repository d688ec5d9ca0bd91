"""Whom the terminal's Ctrl-C reaches."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

TERMINAL = 0  # standard input


@contextmanager
def ours_alone() -> Iterator[None]:
    """Take Ctrl-C for ourselves when another program (make) started us in the foreground.

    Otherwise make hears it too and ends by the signal, however well we end. A no-op without a terminal, in the
    background, and when a shell started us directly.
    """
    ours, group = os.getpid(), os.getpgrp()
    if group == ours or not os.isatty(TERMINAL) or os.tcgetpgrp(TERMINAL) != group:
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # sent to whoever gives the terminal away from the background
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # stopped by Ctrl-Z, nobody would be there to wake us
    os.setpgid(0, 0)
    os.tcsetpgrp(TERMINAL, ours)
    try:
        yield
    finally:
        with suppress(OSError):  # the terminal may be gone
            os.tcsetpgrp(TERMINAL, group)
