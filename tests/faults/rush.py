"""`python -m tests.faults.rush sweep 8`: so many processes that begin the same round at the same moment."""

import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

import django

WITHIN = 120  # seconds

if __name__ == "__main__":
    django.setup()

from athletes.sweeps import sweep  # noqa: E402 - models want the apps
from clinic.delivery import deliver  # noqa: E402
from portal import clock  # noqa: E402

ROUNDS: dict[str, Callable[..., dict[str, int]]] = {"sweep": sweep, "deliver": deliver}


def run(name: str, start: Barrier, results: Any) -> None:
    """Wait for the others, then do a round."""
    start.wait(WITHIN)
    results.put(ROUNDS[name](now=clock.now()))


def main() -> None:
    """Print what each round counted, as JSON."""
    name, count = sys.argv[1], int(sys.argv[2])
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(count), context.Queue()
    racers = [context.Process(target=run, args=(name, start, results)) for _ in range(count)]
    for racer in racers:
        racer.start()
    counts = [results.get(timeout=WITHIN) for _ in racers]
    for racer in racers:
        racer.join(WITHIN)
    if any(racer.exitcode for racer in racers):
        sys.exit("a round failed")
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
