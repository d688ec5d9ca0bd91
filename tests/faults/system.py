"""A whole portal of the tests' own: database, broker, web, worker and beat, each a process that can be killed."""

import copy
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from celery import Celery
from django.conf import settings
from django.db import connections

from clinic.models import Heartbeat
from portal import parts
from portal.supervisor import Part
from tests.cast import NOW
from tests.faults import failpoints
from tests.faults.post import PostOffice

ROOT = Path(__file__).resolve().parent.parent.parent
LEASH = Path(__file__).with_name("leash.py")
BEGINS_AT = NOW + timedelta(days=1, hours=5)  # Wednesday noon in Lisbon: yesterday's silence is due since ten
PATIENCE = 120.0  # seconds, on a machine that is busy with something else
CSRF = "c" * 32


def eventually(holds: Callable[[], Any], what: str, *, within: float = PATIENCE) -> Any:
    """Wait until something holds and return it; fail saying what did not."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if result := holds():
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s: {what}")


class Database:
    """One of the tests' own, on the engine of this run. The processes get it by URL, the tests by the ORM."""

    def __init__(self, folder: Path) -> None:
        self.config: dict[str, Any] = copy.deepcopy(dict(connections["default"].settings_dict))
        self.is_postgres = "postgresql" in self.config["ENGINE"]
        self.config["NAME"] = f"backstride_faults_{os.getpid()}" if self.is_postgres else str(folder / "faults.sqlite3")
        if self.is_postgres:
            self.config["OPTIONS"]["assume_role"] = settings.APP_ROLE

    @property
    def owner_url(self) -> str:
        """The URL to migrate with."""
        if not self.is_postgres:
            return f"sqlite:///{self.config['NAME']}"
        user, password, host = (quote(self.config[key] or "", safe="") for key in ("USER", "PASSWORD", "HOST"))
        return f"postgres://{user}:{password}@{host}:{self.config['PORT'] or 5432}/{self.config['NAME']}"

    @property
    def url(self) -> str:
        """The URL to serve with: on PostgreSQL as the app role."""
        return f"{self.owner_url}?assume_role={settings.APP_ROLE}" if self.is_postgres else self.owner_url

    def create(self) -> None:
        """Make it, empty."""
        self._as_admin(f'DROP DATABASE IF EXISTS "{self.config["NAME"]}" WITH (FORCE)')
        self._as_admin(f'CREATE DATABASE "{self.config["NAME"]}"')

    def drop(self) -> None:
        """Forget it."""
        self._as_admin(f'DROP DATABASE IF EXISTS "{self.config["NAME"]}" WITH (FORCE)')

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Let the ORM of this process speak to it."""
        kept = connections["default"]
        ours = type(kept)(copy.deepcopy(self.config), alias="default")
        connections["default"] = ours
        try:
            yield
        finally:
            ours.close()
            connections["default"] = kept

    def _as_admin(self, sql: str) -> None:
        if self.is_postgres:
            keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
            given = {key: self.config[name] or None for key, name in keys.items()}
            with psycopg.connect(dbname="postgres", autocommit=True, **given) as admin:
                admin.execute(sql)


@dataclass(frozen=True)
class Answer:
    """What the web said."""

    status: int
    body: str


class System:
    """The processes. `of` starts one unless it runs already; every one is ended by `stop`."""

    def __init__(self, folder: Path, blocker: Any) -> None:
        self.folder, self._blocker = folder, blocker
        self.database = Database(folder)
        self.post = PostOffice()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.web_port, self.broker_port = parts.free_port(), parts.free_port()
        self._ahead = BEGINS_AT - datetime.now(UTC)
        self._brokers = 0
        self._doorbell = Celery("doorbell", broker=self.broker_url, set_as_current=False)

    # ---- time --------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """What the processes' clock says."""
        return datetime.now(UTC) + self._ahead

    def pass_time(self, **how_much: float) -> None:
        """Move the processes' clock forward."""
        self._ahead += timedelta(**how_much)
        fresh = self.folder / "clock.new"
        fresh.write_text(str(self._ahead.total_seconds()))
        fresh.replace(self.folder / "clock")

    # ---- processes ---------------------------------------------------------------------------------------------

    @property
    def broker_url(self) -> str:
        """Where the doorbell hangs."""
        return f"redis://127.0.0.1:{self.broker_port}/0"

    @property
    def env(self) -> dict[str, str]:
        """The environment of every process."""
        ours = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEMO": "1",  # its clock can be moved
            "DEBUG": "0",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": self.database.url,
            "OWNER_DATABASE_URL": "",
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.post.port}",
            "VAR_DIR": str(self.folder),
            "PORT": str(self.web_port),
            "SITE_URL": f"http://127.0.0.1:{self.web_port}",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            "HEALTH_TOKEN": "",
        }
        return {**os.environ, **ours}

    def begin(self) -> None:
        """Make the database and open the post office."""
        self.post.start()
        self.pass_time(seconds=0)
        self.database.create()
        self.manage("migrate", "--verbosity", "0", url=self.database.owner_url)

    def manage(self, *arguments: str, url: str = "") -> None:
        """Run a management command."""
        env = self.env | ({"DATABASE_URL": url} if url else {})
        argv = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(argv, env=env, cwd=ROOT, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def rush(self, name: str, count: int) -> list[dict[str, int]]:
        """Let `count` processes do the same round at the same moment; return what each counted."""
        argv = [sys.executable, "-m", "tests.faults.rush", name, str(count)]
        done = subprocess.run(argv, env=self.env, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        counts: list[dict[str, int]] = json.loads(done.stdout)
        return counts

    def start(self, *names: str) -> None:
        """Start parts, each unless it is there, and wait until they answer."""
        fresh = {name: self._part(name) for name in names if not self.is_alive(name)}
        for name, part in fresh.items():
            with (self.folder / f"{name}.log").open("ab") as output:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-IS", str(LEASH), *_absolute(part)],
                    env=dict(part.env),
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
        for name, part in fresh.items():
            try:
                eventually(lambda part=part, name=name: self._answers(name, part), f"{name} answers")
            except AssertionError as error:
                raise AssertionError(f"{error}\n{self.words(name)}") from error

    def is_alive(self, name: str) -> bool:
        """Whether a part that we started still runs."""
        return name in self.running and self.running[name].poll() is None

    def kill(self, *names: str) -> None:
        """SIGKILL parts with all their children, in one go."""
        for name in names:
            with suppress(ProcessLookupError):
                os.killpg(self.running[name].pid, signal.SIGKILL)
        for name in names:
            self.running.pop(name).wait()

    def died(self, name: str) -> None:
        """Wait for a part that is about to kill itself."""
        code = self.running[name].wait(PATIENCE)
        assert code == -signal.SIGKILL, f"{name} ended with {code}\n{self.words(name)}"
        self.kill(name)

    def stop(self) -> None:
        """End everything that we started."""
        self.kill(*self.running)
        self._doorbell.close()
        self.post.release()
        self.post.stop()
        self.database.drop()

    def words(self, name: str) -> str:
        """Return the last that a part said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def _part(self, name: str) -> Part:
        env: Mapping[str, str] = self.env
        if name == "broker":
            self._brokers += 1  # a new folder: it comes back empty
            return parts.broker(port=self.broker_port, folder=self.folder / f"valkey{self._brokers}", env=env)
        if name == "web":
            return parts.web(host="127.0.0.1", port=self.web_port, env=env)
        if name == "worker":
            return parts.worker(env=env)
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return parts.beat(folder=folder, env=env)

    def _answers(self, name: str, part: Part) -> bool:
        assert self.is_alive(name), f"{name} died"  # else a neighbour might answer in its place
        return part.answers()

    # ---- doors -------------------------------------------------------------------------------------------------

    def ring(self, task: str) -> None:
        """Ring for a task, and wait until it has gone all the way."""
        since = self.now
        self.ring_only(task)

        def rang() -> bool:
            with self.database_open():
                return Heartbeat.objects.filter(name=task, at__gte=since).exists()

        try:
            eventually(rang, f"{task} is done")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.words('worker')}") from error

    def ring_only(self, task: str) -> None:
        """Ring for a task."""
        with self._doorbell.connection_for_write() as link:
            self._doorbell.send_task(f"portal.tasks.{task}", connection=link, ignore_result=True)

    @contextmanager
    def database_open(self) -> Iterator[None]:
        """Read and write the database from here."""
        with self._blocker.unblock(), self.database.connected():
            yield

    def send(
        self, method: str, path: str, *, session: str = "", form: Mapping[str, str] | None = None, data: Any = None
    ) -> Answer:
        """Ask the web, as a browser that is signed in. Raises OSError or HTTPException when the line breaks."""
        headers = {"Cookie": f"session={session}; csrf={CSRF}", "X-CSRFToken": CSRF}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        if data is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(data)
        link = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=PATIENCE)
        try:
            link.request(method, path, body=body, headers=headers)
            response = link.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            link.close()

    def arm(self, point: str, *, clinic_id: int, kind: str = "", whole_group: bool = False) -> None:
        """Let the next process that gets to a point die there."""
        failpoints.arm(self.folder, point, clinic_id=clinic_id, kind=kind, whole_group=whole_group)

    def quiet(self) -> None:
        """Leave no fault behind for the next test, and nothing that acts by itself."""
        self.post.release()
        failpoints.disarm(self.folder)
        if beats := [name for name in self.running if name.startswith("beat")]:
            # What they rang for must not run in the next test: its own ring would be taken for answered.
            self.kill(*beats, *(name for name in ("worker",) if self.is_alive(name)))
            if self.is_alive("broker"):
                with self._doorbell.connection_for_write() as link:
                    self._doorbell.control.purge(connection=link)


def _absolute(part: Part) -> list[str]:
    program = shutil.which(part.argv[0])
    assert program, part.argv[0]
    return [program, *part.argv[1:]]
