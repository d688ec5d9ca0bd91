"""The demo's SMTP server: keeps every mail as a file and sends none on. `python -m portal.sink --help`."""

import argparse
import os
import signal
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Writes each mail to `<folder>/<nanoseconds>.eml`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - SMTP's verb
        name = f"{time.time_ns()}.eml"
        fresh = self.folder / f".{name}"
        fresh.write_bytes(envelope.original_content or b"")
        fresh.replace(self.folder / name)  # a reader never sees half a mail
        return "250 Kept"


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    controller = Controller(Keeper(asked.folder), hostname="127.0.0.1", port=asked.port)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()
    os._exit(0)  # a client that holds its connection open must not hold us


if __name__ == "__main__":
    main()
