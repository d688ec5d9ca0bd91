"""`manage.py serve`, whole and real: what dies is restarted, what is stopped leaves nothing, what was stored is kept."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from portal.parts import free_port, is_open

ROOT = Path(__file__).resolve().parents[2]
LINUX = sys.platform == "linux"
ONCE = pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="runs once, with SQLite")
PIPELINE = ["sweep", "deliver", "beat"]
SERVE = [sys.executable, "manage.py", "serve"]


def eventually(holds: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := holds():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Served:
    """One supervising process with its parts."""

    def __init__(self, var: Path, **env: str) -> None:
        self.var, self.port = var, free_port()
        self.log = var / "serve.log"
        self.parts_seen: set[int] = set()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        mode = {"DEBUG": "0", "DEMO": "1", "VAR_DIR": str(var), "PORT": str(self.port)}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(SERVE, env=kept | mode | env, cwd=ROOT, stdout=log, stderr=log)

    def ready(self) -> "Served":
        eventually(lambda: "is ready at" in self.said or self.process.poll() is not None, "ready", 120)
        assert self.process.poll() is None, self.said
        return self

    @property
    def said(self) -> str:
        return self.log.read_text()

    def page(self, path: str = "/account/login/") -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def red(self) -> list[str]:
        """The parts of the pipeline that are not well."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/pipelinez", timeout=10) as answer:
                return list(json.load(answer)["red"])
        except urllib.error.HTTPError as error:
            return list(json.load(error)["red"])
        except OSError:
            return ["web", *PIPELINE]

    def pids(self) -> dict[int, str]:
        """Every process of this portal: pid -> command line. By its environment, or because it was a part once."""
        mark, alive = f"VAR_DIR={self.var}".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                pid, parent = int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                marked = mark in (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == self.process.pid:
                self.parts_seen.add(pid)  # valkey writes its title over its environment
            if command and (marked or pid in self.parts_seen):  # a zombie has no command line
                alive[pid] = command
        return alive

    def part(self, words: str) -> int:
        """The main process of a part: the supervisor's own child."""
        return next((pid for pid, command in self.pids().items() if words in command and pid in self.parts_seen), 0)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(90)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(**env: str) -> Served:
        started.append(Served(tmp_path, **env))
        return started[-1]

    yield start
    for served in started:
        served.process.kill()
        served.process.wait()
        for pid in served.pids():
            os.kill(pid, signal.SIGKILL)


def count(var: Path, table: str) -> int:
    with sqlite3.connect(var / "backstride.sqlite3") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a name of ours


@ONCE
@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_demo_restarts_what_dies_and_ends_with_nothing_left(serve: Callable[..., Served]) -> None:
    served = serve().ready()
    assert f"Backstride is ready at http://localhost:{served.port}/" in served.said
    assert "tess@riverside.example" in served.said
    assert served.page() == 200
    for words in ("valkey", "celery --quiet --app portal beat", "celery --quiet --app portal worker", "gunicorn"):
        before = eventually(lambda words=words: served.part(words), words)
        os.kill(before, signal.SIGKILL)
        eventually(lambda words=words, old=before: served.part(words) not in {0, old}, f"{words} again")
    eventually(lambda: served.page() == 200, "the page again")
    assert eventually(lambda: served.said.count("starts again") == 4, "four restarts, no more")
    assert served.end(signal.SIGTERM) == 0
    assert "Backstride has ended." in served.said
    assert eventually(lambda: not served.pids(), "no process left")


@ONCE
def test_second_start_keeps_the_data(serve: Callable[..., Served]) -> None:
    first = serve().ready()
    logs, key = count(first.var, "athletes_sessionlog"), (first.var / "secret-key").read_text()
    assert logs > 100
    assert first.end(signal.SIGINT) == 0
    second = serve().ready()
    assert "The demo is there already." in second.said
    assert count(second.var, "athletes_sessionlog") == logs
    assert (second.var / "secret-key").read_text() == key
    assert second.end(signal.SIGTERM) == 0


@ONCE
@pytest.mark.skipif(not LINUX, reason="PR_SET_PDEATHSIG is Linux's")
def test_killed_supervisor_takes_its_parts_along(serve: Callable[..., Served]) -> None:
    served = serve(DEMO="0", DEBUG="1").ready()
    assert len(served.pids()) > 4
    served.end(signal.SIGKILL)
    assert eventually(lambda: not served.pids(), "no process left")


@ONCE
def test_stop_while_starting_is_heeded(serve: Callable[..., Served]) -> None:
    served = serve(DEMO="0", DEBUG="1")
    eventually((served.var / "backstride.sqlite3").exists, "the migration under way")
    assert served.end(signal.SIGTERM) == 0
    assert "is ready" not in served.said
    assert not is_open(served.port)


@ONCE
def test_taken_port_is_said_in_words(serve: Callable[..., Served]) -> None:
    first = serve(DEMO="0", DEBUG="1").ready()
    second = serve(DEMO="0", DEBUG="1", PORT=str(first.port))
    assert second.process.wait(30) == 1
    assert f"Port {first.port} is taken" in second.said
    assert first.page() == 200


@pytest.mark.django_db
def test_served_on_postgres_it_migrates_as_owner_and_works_as_the_app_role(serve: Callable[..., Served]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    at = connection.settings_dict
    given = {"host": at["HOST"], "port": at["PORT"] or 5432, "user": at["USER"], "password": at["PASSWORD"]}
    name = f"backstride_serve_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            owner = f"postgres://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{name}"
            as_app = {"DATABASE_URL": f"{owner}?assume_role=backstride_app", "OWNER_DATABASE_URL": owner}
            served = serve(DEMO="0", DEBUG="1", **as_app).ready()
            assert served.page("/readyz") == 200
            eventually(lambda: "deliver" not in served.red(), "a delivery completed by the worker")
            assert "starts again" not in served.said, served.said
            assert served.end(signal.SIGTERM) == 0
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
