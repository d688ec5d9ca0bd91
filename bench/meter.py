"""Clients that send requests: latencies, and the CPU that the server and its PostgreSQL backends spent on them."""

import http.client
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

OK = (200, 201, 302, 303, 304)


def nothing() -> bytes:
    """Return no body."""
    return b""


@dataclass(frozen=True)
class Request:
    """What to send. `body` is called anew for each request."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: Callable[[], bytes] = nothing


@dataclass(frozen=True)
class Reading:
    """CPU milliseconds a request and the 95th percentile of its latency, in ms."""

    web_ms: float
    postgres_ms: float
    p95_ms: float
    median_ms: float

    @property
    def cpu_ms(self) -> float:
        """What server and database spent together."""
        return self.web_ms + self.postgres_ms


@dataclass(frozen=True)
class Pids:
    """The processes that a reading is about."""

    web: list[int]
    postgres: list[int]


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that processes have used so far, all threads. The kernel counts it in nanoseconds here."""
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                total += int(thread.read_text().split()[0])
    return total / 1e9


def children(pid: int) -> list[int]:
    """Return a process and its children."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in found)]


def run(port: int, requests: Sequence[Request], *, count: int, clients: int, pids: Callable[[], Pids]) -> Reading:
    """Send `count` requests from each of `clients` connections, in turn from a list, and read the meters."""
    turns = cycle(requests)
    found = pids()
    before = cpu_seconds(found.web), cpu_seconds(found.postgres)
    with ThreadPoolExecutor(clients) as pool:
        runs = list(pool.map(lambda _: list(_send(port, turns, count)), range(clients)))
    found = pids()
    after = cpu_seconds(found.web), cpu_seconds(found.postgres)
    times = sorted(seconds for run in runs for seconds in run)
    return Reading(
        web_ms=(after[0] - before[0]) * 1000 / len(times),
        postgres_ms=(after[1] - before[1]) * 1000 / len(times),
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        median_ms=statistics.median(times) * 1000,
    )


def _send(port: int, turns: Iterator[Request], count: int) -> Iterator[float]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(count):
        request = next(turns)
        body = request.body()
        began = time.perf_counter()
        try:
            status = _once(link, request, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            link.close()  # the server ended an idle connection: not what is measured
            began = time.perf_counter()
            status = _once(link, request, body)
        yield time.perf_counter() - began
        if status not in OK:
            raise SystemExit(f"{request.method} {request.path} answered {status}")
    link.close()


def _once(link: http.client.HTTPConnection, request: Request, body: bytes) -> int:
    link.request(request.method, request.path, body=body or None, headers=dict(request.headers))
    response = link.getresponse()
    response.read()
    return response.status


def etag(port: int, request: Request) -> str:
    """Ask once, and return the mark of the answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request(request.method, request.path, headers=dict(request.headers))
    response = link.getresponse()
    response.read()
    return response.headers["ETag"]


def statements(port: int, request: Request, *, show: bool = False) -> tuple[int, str]:
    """Ask the server how many SQL statements a request takes."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {**dict(request.headers), "X-Count": "show" if show else "1"}
    link.request(request.method, request.path, body=request.body() or None, headers=headers)
    response = link.getresponse()
    response.read()
    return int(response.headers["X-Sql"]), response.headers.get("X-Sql-Text", "")
