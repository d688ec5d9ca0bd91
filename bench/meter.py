"""One client, many requests: latencies, and the CPU that the server and its PostgreSQL backends spent on them."""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Request:
    """What to send. `body` is called anew for each request."""

    method: str
    path: str
    body: Callable[[], bytes] = lambda: b""
    headers: tuple[tuple[str, str], ...] = ()
    ok: tuple[int, ...] = (200, 201, 303, 302)


@dataclass(frozen=True)
class Reading:
    """CPU milliseconds a request (server and database together) and the 95th percentile of its latency, in ms."""

    cpu_ms: float
    p95_ms: float
    median_ms: float


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that processes have used so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def children(pid: int) -> list[int]:
    """Return a process and its children."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in found)]


def run(port: int, request: Request, *, count: int, clients: int, pids: Callable[[], list[int]]) -> Reading:
    """Send a request `count` times from each of `clients` connections and read the meters."""
    before = cpu_seconds(pids())
    with ThreadPoolExecutor(clients) as pool:
        runs = list(pool.map(lambda _: list(_send(port, request, count)), range(clients)))
    used = cpu_seconds(pids()) - before
    times = sorted(seconds for run in runs for seconds in run)
    return Reading(
        cpu_ms=used * 1000 / len(times),
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        median_ms=statistics.median(times) * 1000,
    )


def _send(port: int, request: Request, count: int) -> Iterator[float]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(count):
        body = request.body()
        began = time.perf_counter()
        try:
            response = _once(link, request, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            link.close()  # the server ended an idle connection: not what is measured
            began = time.perf_counter()
            response = _once(link, request, body)
        yield time.perf_counter() - began
        if response not in request.ok:
            raise SystemExit(f"{request.method} {request.path} answered {response}")
    link.close()


def _once(link: http.client.HTTPConnection, request: Request, body: bytes) -> int:
    link.request(request.method, request.path, body=body or None, headers=dict(request.headers))
    response = link.getresponse()
    response.read()
    return response.status


def statements(port: int, request: Request, *, show: bool = False) -> tuple[int, str]:
    """Ask the server how many SQL statements a request takes."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {**dict(request.headers), "X-Count": "show" if show else "1"}
    link.request(request.method, request.path, body=request.body() or None, headers=headers)
    response = link.getresponse()
    response.read()
    return int(response.headers["X-Sql"]), response.headers.get("X-Sql-Text", "")
