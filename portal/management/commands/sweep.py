"""`manage.py sweep`: find what time has made due."""

from datetime import datetime

from athletes import sweeps
from portal.rehearsing import RehearsableCommand


class Command(RehearsableCommand):
    """Sweep once; with --at tell what a sweep would do then."""

    help = "Close silent windows, decide nudges, pass on unanswered alerts."

    def run(self, *, now: datetime) -> dict[str, int]:
        return sweeps.sweep(now=now)

    def rehearse(self, *, now: datetime) -> list[str]:
        return sweeps.rehearse(now=now)
