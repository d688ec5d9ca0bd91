"""Time logging a session, its retry and the runner's today page beside bare views (PERFORMANCE goals 1, 2 and 5).

Machines are noisy, so ratios within one round count, and the median of the rounds is reported. Exit 1 when a "must" is
missed.
"""

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from bench.form import filled
from bench.meter import Reading, Request, children, run, statements

ROOT = Path(__file__).resolve().parent.parent
ADMIN_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = f"backstride_bench_{os.getpid()}"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
COUNT = int(os.environ.get("BENCH_COUNT", "150"))
DOOR = 4  # session, user, scope, member: on top of a page's own statements


def say(*words: str, sep: str = " ") -> None:
    """Print at once: a long run is watched."""
    sys.stdout.write(sep.join(words) + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Goal:
    """A ratio that must not be exceeded."""

    name: str
    value: float
    must: float

    def line(self) -> str:
        """Say it in one line."""
        verdict = "ok" if self.value <= self.must else "MISSED"
        return f"  {self.name:<58} {self.value:6.2f}   must <= {self.must:g}   {verdict}"


def main() -> int:
    """Measure, print, and say whether every must is met."""
    with database() as url, tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "DEMO": "1", "VAR_DIR": var, "DATABASE_URL": url, "OWNER_DATABASE_URL": ""}
        env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "createcachetable")
        manage(env, "collectstatic", "--no-input", "--verbosity", "0")
        loaded = subprocess.run(
            [sys.executable, "-m", "bench.load"], env=env, cwd=ROOT, check=True, capture_output=True
        )
        known = json.loads(loaded.stdout)
        role = {**env, "DATABASE_URL": f"{url}?assume_role=backstride_app"}
        with server(role, "bench.app_settings") as app, server(env, "bench.bare_settings") as bare:
            return report(measure(app, bare, known, url), app, known)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A database of the bench's own, dropped afterwards."""
    with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{DATABASE}"')
    parts = urlsplit(ADMIN_URL)
    try:
        yield urlunsplit(parts._replace(path=f"/{DATABASE}"))
    finally:
        with psycopg.connect(ADMIN_URL, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')


def manage(env: dict[str, str], *arguments: str) -> None:
    """Run a management command."""
    subprocess.run([sys.executable, "manage.py", *arguments], env=env, cwd=ROOT, check=True)


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int
    pid: int


@contextlib.contextmanager
def server(env: dict[str, str], settings: str) -> Iterator[Server]:
    """Gunicorn as it is served, 2 processes of 4 threads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    command = [gunicorn, "portal.wsgi:application", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "2"]
    command += ["--threads", "4", "--keep-alive", "30", "--log-level", "error"]
    process = subprocess.Popen(command, env={**env, "DJANGO_SETTINGS_MODULE": settings}, cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def pids(served: Server, url: str, settings: str) -> Callable[[], list[int]]:
    """Return the server's processes and the PostgreSQL backends that work for it."""

    def found() -> list[int]:
        with psycopg.connect(url) as link:
            rows = link.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
                [settings],
            ).fetchall()
        return [*children(served.pid), *(row[0] for row in rows)]

    return found


def requests(app: Server, known: dict[str, str]) -> dict[str, Request]:
    """What is measured. Each log comes with a new id, each retry with the one before."""
    cookie = f"session={known['session']}; csrf={'c' * 32}"
    signed_in = (("Cookie", cookie), ("X-CSRFToken", "c" * 32))
    page = Request("GET", f"/me/log/{known['block']}/?all=1", headers=signed_in)
    answers = filled(app.port, page)
    form = (*signed_in, ("Content-Type", "application/x-www-form-urlencoded"))

    def body(client_id: str) -> bytes:
        return urlencode([*answers, ("client_id", client_id)]).encode()

    once = str(uuid4())
    entries = [{"exercise": n, "done": "done", "sets": 3, "reps": 10} for n in range(1, 9)]
    bare = json.dumps({"pain": 2, "note": "Felt fine.", "entries": entries}).encode()
    json_in = (("Cookie", cookie), ("Content-Type", "application/json"))
    path = f"/me/log/{known['block']}/"
    return {
        "log": Request("POST", path, lambda: body(str(uuid4())), form),
        "retry": Request("POST", path, lambda: body(once), form),
        "today": Request("GET", "/me/", headers=(("Cookie", f"session={known['today']}"),)),
        "bare session": Request("POST", "/session/", lambda: bare, json_in),
        "bare one query": Request("GET", "/one/", headers=json_in),
    }


def measure(app: Server, bare: Server, known: dict[str, str], url: str) -> dict[int, list[dict[str, Reading]]]:
    """Return the rounds, by number of clients."""
    asked = requests(app, known)
    on = {name: bare if name.startswith("bare") else app for name in asked}
    meters = {name: pids(on[name], url, "bare" if name.startswith("bare") else "app") for name in asked}
    for name, request in asked.items():
        run(on[name].port, request, count=20, clients=2, pids=meters[name])  # warm every thread's connection
    rounds: dict[int, list[dict[str, Reading]]] = {}
    for clients in (1, 4):
        count = COUNT // clients
        rounds[clients] = [
            {
                name: run(on[name].port, request, count=count, clients=clients, pids=meters[name])
                for name, request in asked.items()
            }
            for _ in range(ROUNDS)
        ]
    return rounds


def report(rounds: dict[int, list[dict[str, Reading]]], app: Server, known: dict[str, str]) -> int:
    """Print the figures and the ratios; return the exit code."""
    goals = []
    for clients, readings in rounds.items():
        say(f"\n{clients} client(s), {ROUNDS} rounds: median CPU ms (server + PostgreSQL), p95 ms")
        for name in readings[0]:
            cpu = statistics.median(r[name].cpu_ms for r in readings)
            p95 = statistics.median(r[name].p95_ms for r in readings)
            say(f"  {name:<16} {cpu:7.2f} {p95:8.2f}")
        goals += ratios(clients, readings)
    goals += sql(app, known)
    say("\nRatios")
    say("\n".join(goal.line() for goal in goals))
    return 0 if all(goal.value <= goal.must for goal in goals) else 1


def ratios(clients: int, readings: list[dict[str, Reading]]) -> list[Goal]:
    """Return PERFORMANCE goals 1, 2 and 5: each the median of the rounds' ratios."""

    def ratio(one: str, other: str, figure: str) -> float:
        return statistics.median(getattr(r[one], figure) / getattr(r[other], figure) for r in readings)

    at = f"c={clients}"
    return [
        Goal(f"1 log / bare session, CPU, {at}", ratio("log", "bare session", "cpu_ms"), 2.5),
        Goal(f"1 log / bare session, p95, {at}", ratio("log", "bare session", "p95_ms"), 2.5),
        Goal(f"2 retry / log, CPU, {at}", ratio("retry", "log", "cpu_ms"), 0.8),
        Goal(f"5 today / bare one query, CPU, {at}", ratio("today", "bare one query", "cpu_ms"), 4.0),
    ]


def sql(app: Server, known: dict[str, str]) -> list[Goal]:
    """Return the statement counts of the pages themselves, without the door's four."""
    asked = requests(app, known)
    found = []
    for name, must in (("log", 10), ("today", 7)):
        count, text = statements(app.port, asked[name], show="-v" in sys.argv)
        found.append(Goal(f"{name}, own SQL statements", count - DOOR, must))
        if text:
            say(f"\n{name}:", *text.split(" | "), sep="\n  ")
    return found


if __name__ == "__main__":
    sys.exit(main())
