"""A command that does a round of work, or with --at tells what a round at that instant would do."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management import BaseCommand

from portal import clock


def instant(text: str) -> datetime:
    """Return an instant written as ISO 8601; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a time such as 2026-11-24T07:00") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class RehearsableCommand(BaseCommand):
    """Subclasses say what a round is, and how it is rehearsed."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", type=instant, metavar="TIME", help="only print what would happen then (ISO 8601)")

    def handle(self, *, at: datetime | None, **_: Any) -> None:
        if at is not None:
            lines = self.rehearse(now=at)
            self.stdout.write("\n".join(lines) if lines else "Nothing would happen.")
            return
        counts = self.run(now=clock.now())
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "Nothing was due.")

    def run(self, *, now: datetime) -> dict[str, int]:
        """Do one round; return how much of what."""
        raise NotImplementedError

    def rehearse(self, *, now: datetime) -> list[str]:
        """Tell what a round would do, changing nothing."""
        raise NotImplementedError
