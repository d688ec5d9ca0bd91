"""Time logging a session, its retry, the runner's today page and the library beside bare views (docs/performance.md).

Machines are noisy, so ratios within one round count, and the median of the rounds is reported. Exit 1 when a "must" is
missed.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql as sql_names

from bench.form import filled
from bench.meter import Pids, Reading, Request, children, etag, run, statements

ROOT = Path(__file__).resolve().parent.parent
ADMIN_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = f"backstride_bench_{os.getpid()}"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "24"))
COUNT = int(os.environ.get("BENCH_COUNT", "60"))
WARM = 240  # requests: PostgreSQL keeps a plan after the eighth time on each of the eight connections
TOKEN = "c" * 32
PROXY = ("X-Forwarded-Proto", "https")
PRODUCTION = {  # as it is served, behind a proxy that ends TLS
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "https://bench.example",
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_PROXY": "1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "OWNER_DATABASE_URL": "",
}
ORDER = (  # what is compared stands side by side: a machine that slows down slows both
    "retry",
    "log",
    "bare session",
    "today",
    "bare one query",
    "library 304",
    "library",
    "bare DRF 50",
    "library page",
)
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
        env = {**os.environ, **PRODUCTION, "VAR_DIR": var, "DATABASE_URL": url}
        env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "collectstatic", "--no-input", "--verbosity", "0")
        bare_env = {**env, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
        manage(bare_env, "migrate", "--run-syncdb", "--verbosity", "0")
        with psycopg.connect(url) as owner:
            owner.execute("INSERT INTO bench_item (name) SELECT 'item ' || n FROM generate_series(1, 50) n")
        role = {**env, "DATABASE_URL": f"{url}?assume_role=backstride_app"}
        loader = [sys.executable, "-m", "bench.load"]
        known = json.loads(subprocess.run(loader, env=role, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
        with psycopg.connect(url, autocommit=True) as owner:
            copy_library(owner, known["library_clinic"])
            owner.execute("VACUUM ANALYZE")
        with server(role, "bench.app_settings") as app, server(env, "bench.bare_settings") as bare:
            return report(measure(app, bare, known, url), app, known)


def copy_library(owner: "psycopg.Connection[Any]", clinic: int) -> None:
    """Give the reference the same rows: a clinic's current exercises."""
    found = owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'bench_movement' AND column_name <> 'id'"
    ).fetchall()
    columns = sql_names.SQL(", ").join(sql_names.Identifier(name) for (name,) in found)
    copy = "INSERT INTO bench_movement ({0}) SELECT {0} FROM exercises_exercise WHERE clinic_id = %s AND retired_at IS NULL"
    owner.execute(sql_names.SQL(copy).format(columns), [clinic])


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
    command += ["--threads", "4", "--preload", "--keep-alive", "30", "--log-level", "error"]
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


def pids(served: Server, url: str, name: str) -> Callable[[], Pids]:
    """Return the server's processes and the PostgreSQL backends that work for it."""

    def found() -> Pids:
        with psycopg.connect(url) as link:
            rows = link.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", [name]
            ).fetchall()
        return Pids(children(served.pid), [row[0] for row in rows])

    return found


def requests(app: Server, known: dict[str, Any]) -> dict[str, list[Request]]:
    """What is measured, each beside its reference. Each log comes with a new id, each retry with the runner's first one."""
    found: dict[str, list[Request]] = {"log": [], "retry": []}
    for session, block in known["loggers"]:
        signed_in = (
            ("Cookie", f"__Host-session={session}; __Host-csrf={TOKEN}"),
            ("X-CSRFToken", TOKEN),
            ("Origin", f"https://127.0.0.1:{app.port}"),
            PROXY,
        )
        path = f"/me/log/{block}/"
        answers = filled(app.port, Request("GET", f"{path}?all=1", signed_in))
        form = (*signed_in, ("Content-Type", "application/x-www-form-urlencoded"))
        found["log"].append(Request("POST", path, form, partial(told, answers)))
        found["retry"].append(Request("POST", path, form, partial(told, answers, str(uuid4()))))
    entries = [{"item": n, "done": "done", "sets": 3, "reps": 10} for n in range(1, 9)]
    body = json.dumps({"pain": 2, "note": "Felt fine.", "entries": entries}).encode()
    bare = [
        (("Cookie", f"__Host-session={session}"), ("Content-Type", "application/json")) for session in known["bare"]
    ]
    found["today"] = [Request("GET", "/me/", (("Cookie", f"__Host-session={known['today']}"), PROXY))]
    library = Request("GET", "/api/v1/exercises/", (("Cookie", f"__Host-session={known['library']}"), PROXY))
    seen = ("If-None-Match", etag(app.port, library))
    found["library"] = [library]
    found["library 304"] = [replace(library, headers=(*library.headers, seen))]
    found["library page"] = [replace(library, path="/library/")]
    found["bare session"] = [Request("POST", "/session/", headers, lambda: body) for headers in bare]
    found["bare one query"] = [Request("GET", "/one/", headers) for headers in bare]
    found["bare DRF 50"] = [Request("GET", "/movements/", headers) for headers in bare]
    return {name: found[name] for name in ORDER}


def told(answers: list[tuple[str, str]], client_id: str = "") -> bytes:
    """Return the body of a log: under a new id, unless it is given."""
    return urlencode([*answers, ("client_id", client_id or str(uuid4()))]).encode()


def measure(app: Server, bare: Server, known: dict[str, Any], url: str) -> dict[int, list[dict[str, Reading]]]:
    """Return the rounds, by number of clients."""
    asked = requests(app, known)
    on = {name: bare if name.startswith("bare") else app for name in asked}
    meters = {name: pids(on[name], url, "bare" if name.startswith("bare") else "app") for name in asked}

    def once(name: str, count: int, clients: int) -> Reading:
        with psycopg.connect(url) as owner:  # as if each run were on a day of its own
            owner.execute("UPDATE athletes_duesession SET state = 'due' WHERE from_on = %s", [known["on"]])
        return run(on[name].port, asked[name], count=count, clients=clients, pids=meters[name])

    for name in asked:
        once(name, WARM // 4, 4)  # every thread's connection, and each runner's first session
    return {
        clients: [{name: once(name, COUNT // clients, clients) for name in asked} for _ in range(ROUNDS)]
        for clients in (1, 4)
    }


def report(rounds: dict[int, list[dict[str, Reading]]], app: Server, known: dict[str, Any]) -> int:
    """Print the figures and the ratios; return the exit code."""
    goals = []
    for clients, readings in rounds.items():
        say(f"\n{clients} client(s), {ROUNDS} rounds of {COUNT}: medians, ms")
        say(f"  {'':<16} {'CPU web':>9} {'+ PG':>7} {'= CPU':>7} {'median':>8} {'p95':>8}")
        for name in readings[0]:
            row = [
                statistics.median(getattr(r[name], figure) for r in readings)
                for figure in ("web_ms", "postgres_ms", "cpu_ms", "median_ms", "p95_ms")
            ]
            say(f"  {name:<16} {row[0]:9.2f} {row[1]:7.2f} {row[2]:7.2f} {row[3]:8.2f} {row[4]:8.2f}")
        goals += ratios(clients, readings)
    goals += sql(app, known)
    say("\nRatios")
    say("\n".join(goal.line() for goal in goals))
    return 0 if all(goal.value <= goal.must for goal in goals) else 1


def ratios(clients: int, readings: list[dict[str, Reading]]) -> list[Goal]:
    """Return the goals that docs/performance.md lists: each the median of the rounds' ratios."""

    def ratio(one: str, other: str, figure: str) -> float:
        return statistics.median(getattr(r[one], figure) / getattr(r[other], figure) for r in readings)

    at = f"c={clients}"
    return [
        Goal(f"log / bare session, CPU, {at}", ratio("log", "bare session", "cpu_ms"), 2.5),
        Goal(f"log / bare session, p95, {at}", ratio("log", "bare session", "p95_ms"), 2.5),
        Goal(f"retry / log, CPU, {at}", ratio("retry", "log", "cpu_ms"), 0.8),
        Goal(f"library of 50 / DRF list of 50, CPU, {at}", ratio("library", "bare DRF 50", "cpu_ms"), 0.7),
        Goal(f"library unchanged / bare one query, CPU, {at}", ratio("library 304", "bare one query", "cpu_ms"), 1.6),
        Goal(f"library as a page / DRF list of 50, CPU, {at}", ratio("library page", "bare DRF 50", "cpu_ms"), 3.0),
        Goal(f"today / bare one query, CPU, {at}", ratio("today", "bare one query", "cpu_ms"), 4.0),
    ]


def sql(app: Server, known: dict[str, Any]) -> list[Goal]:
    """Return the statement counts of the pages themselves, without the door's four."""
    asked = requests(app, known)
    found = []
    for name, must in (("log", 10), ("today", 7), ("library", 4), ("library 304", 1), ("library page", 7)):
        count, text = statements(app.port, asked[name][0], show="-v" in sys.argv)
        found.append(Goal(f"{name}, own SQL statements", count - DOOR, must))
        if text:
            say(f"\n{name}:", *text.split(" | "), sep="\n  ")
    return found


if __name__ == "__main__":
    sys.exit(main())
