"""`manage.py deliver`: send the messages that are due."""

from datetime import datetime

from clinic import delivery
from portal.rehearsing import RehearsableCommand


class Command(RehearsableCommand):
    """Deliver once; with --at tell what would be sent then."""

    help = "Send the messages that are due."

    def run(self, *, now: datetime) -> dict[str, int]:
        return delivery.deliver(now=now)

    def rehearse(self, *, now: datetime) -> list[str]:
        return delivery.rehearse(now=now)
