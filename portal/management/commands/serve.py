"""`manage.py serve`: the whole portal under one supervising process."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from portal import assets, parts, terminal
from portal.supervisor import Part, Supervisor


class Command(BaseCommand):
    """Start web, worker, beat, a broker unless REDIS_URL names one, and in the demo a post office."""

    help = "Run the whole portal: web, worker, beat, and a broker unless REDIS_URL is set."
    requires_system_checks = []  # the web process checks itself; a warm start is to be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")

    def handle(self, *, host: str, **_: Any) -> None:
        if parts.is_open(settings.PORT):
            raise CommandError(f"Port {settings.PORT} is taken. Choose another: PORT=8765 make demo")
        with terminal.ours_alone():
            self._serve(host)

    def _serve(self, host: str) -> None:
        self.supervisor = Supervisor(say=self._say)
        self.supervisor.heed_signals()
        try:
            if self._prepare() and self._start(host):
                self._say(self._welcome())
                self.supervisor.watch()
            failed = not self.supervisor.stopping
        finally:
            self.supervisor.stop()
        if failed:
            raise CommandError("A part did not start; its words are above.")
        self._say("Backstride has ended.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _prepare(self) -> bool:
        """Bring database, demo data and static files up to date. False if told to stop meanwhile."""
        if settings.OWNER_DATABASE_URL:  # only the owner may alter tables; nothing but its URL makes us the owner
            owner = {**os.environ, "DATABASE_URL": settings.OWNER_DATABASE_URL}
            argv = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--no-input", "--verbosity", "0"]
            subprocess.run(argv, env=owner, check=True, start_new_session=True)
        else:
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO and not self.supervisor.stopping:
            call_command("demo")
        if not settings.DEBUG and not self.supervisor.stopping:
            assets.collect()
        connections.close_all()
        return not self.supervisor.stopping

    def _start(self, host: str) -> bool:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        return all(self.supervisor.start(part) for part in self._parts(host, env))

    def _parts(self, host: str, env: dict[str, str]) -> list[Part]:
        chosen = []
        if "REDIS_URL" not in os.environ:
            port = parts.free_port()
            env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
            chosen.append(parts.broker(port=port, folder=settings.VAR_DIR / "valkey", env=env))
        if settings.DEMO and "EMAIL_URL" not in os.environ:
            port = parts.free_port()
            env["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
            chosen.append(parts.sink(port=port, folder=settings.VAR_DIR / "mail", env=env))
        if settings.DEMO:
            env.setdefault("LOG_LEVEL", "WARNING")
        chosen.append(parts.web(host=host, port=settings.PORT, env=env))
        return [*chosen, parts.worker(env=env), parts.beat(folder=settings.VAR_DIR, env=env)]

    def _welcome(self) -> str:
        lines = [f"Backstride is ready at http://localhost:{settings.PORT}/"]
        if settings.DEMO:
            from portal.demo import people, stories  # production never reads them

            lines += ["", f"Sign in as one of these; the password is: {stories.PASSWORD}"]
            lines += [f"  {line}" for line in people.accounts()]
            lines += [
                "",
                f"Its mail: http://localhost:{settings.PORT}/demo/mailbox/ · its clock: /demo/ · Ctrl-C ends it.",
            ]
        return "\n".join(lines)
