"""A clinic for each test, in the one database: nobody else's rows or mails get in its way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from athletes.models import Alert, AlertEvent, Athlete, CareTie, DueSession, Entry, SessionLog
from clinic.models import AuditEvent, Clinic, Member, Message
from clinic.roles import Role
from clinic.scope import in_clinic
from exercises.models import Exercise
from tests.cast import NOW, make_athlete, make_clinic, make_member
from tests.faults.system import Answer, System
from tests.prescribing import begin, block, make_exercise, publish

DAY = timedelta(days=1)
_number = count(1)


@dataclass(frozen=True)
class Runner:
    """An athlete with a program, signed in on a phone."""

    athlete: Athlete
    block: UUID
    lines: tuple[UUID, ...]
    session: str

    @property
    def email(self) -> str:
        """Where nudges go."""
        return str(self.athlete.member.email)

    def form(self, client_id: UUID, *, pain: int, now: datetime) -> dict[str, str]:
        """Return what the log page sends."""
        done = {f"done_{n}": "done" for n in range(len(self.lines))}
        said = {"pain_during": str(pain), "pain_after": "2", "note": ""}
        return {**done, **said, "client_id": str(client_id), "performed_on": now.date().isoformat()}

    def body(self, client_id: UUID, *, pain: int, now: datetime) -> dict[str, Any]:
        """Return the same as the API takes it."""
        entries = [{"prescription": str(line), "done": "done"} for line in self.lines]
        said = {"pain_during": pain, "pain_after": 2, "entries": entries, "block": str(self.block)}
        return {**said, "client_id": str(client_id), "performed_on": now.date().isoformat()}


class World:
    """One clinic: therapist Tess, her backup Theo, and runners as a test wants them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.slug = f"clinic{next(_number)}"
        with system.database_open():
            self.clinic: Clinic = make_clinic(self.slug.title(), self.slug, "Europe/Lisbon")
            with in_clinic(self.clinic.pk):
                make_member("Olive Hart", Role.OWNER, clinic_slug=self.slug)
                self.tess: Member = make_member("Tess Lindqvist", Role.THERAPIST, clinic_slug=self.slug)
                self.theo: Member = make_member("Theo Marsh", Role.THERAPIST, clinic_slug=self.slug)
                self.exercises: list[Exercise] = [make_exercise("Bird dog"), make_exercise("Bridge")]

    @contextmanager
    def rows(self) -> Iterator[None]:
        """Read this clinic's rows."""
        with self.system.database_open(), in_clinic(self.clinic.pk):
            yield

    def runner(self, name: str, *, since: datetime = NOW) -> Runner:
        """Add a runner with a session a day since a day. NOW is yesterday: then one window has closed in silence."""
        with self.rows():
            athlete = make_athlete(name, by=self.tess, clinic_slug=self.slug)
            CareTie.objects.create(athlete=athlete, member=self.theo, part=CareTie.Part.BACKUP, from_on=NOW.date())
            program = begin(athlete, by=self.tess, now=since)
            edition = publish(program, block(*self.exercises), by=self.tess, now=since, on=since.date())
            told = edition.blocks.get()
            lines = tuple(told.prescriptions.order_by("order").values_list("pk", flat=True))
            return Runner(athlete, told.pk, lines, self._sign_in(athlete.member))

    def silent(self, name: str = "Silas Silent") -> Runner:
        """Add a runner who said nothing yesterday: the next sweep writes to him."""
        return self.runner(name)

    def hurting(self, name: str = "Hana Hurt") -> Runner:
        """Add a runner who began today, so that nothing is asked of her before her log."""
        return self.runner(name, since=NOW + DAY)

    def log(self, runner: Runner, client_id: UUID | None = None, *, pain: int = 8) -> Answer:
        """Post a log from the runner's page."""
        form = runner.form(client_id or uuid4(), pain=pain, now=self.system.now)
        return self.system.send("POST", f"/me/log/{runner.block}/", session=runner.session, form=form)

    def log_by_api(self, runner: Runner, client_id: UUID | None = None, *, pain: int = 8) -> Answer:
        """Post a log as an app would."""
        data = runner.body(client_id or uuid4(), pain=pain, now=self.system.now)
        return self.system.send("POST", "/api/v1/me/sessions/", session=runner.session, data=data)

    def message(self, kind: str) -> Message:
        """Return the clinic's one message of a kind."""
        with self.rows():
            return Message.objects.get(kind=kind)

    def state(self, kind: str) -> str:
        """Return how far that message is."""
        return str(self.message(kind).state)

    def copies(self, kind: str) -> int:
        """Return how often that message was accepted outside."""
        return self.system.post.copies_of(self.message(kind).pk)

    def tally(self, runner: Runner) -> dict[str, int]:
        """Count everything that a log of high pain leaves behind."""
        with self.rows():
            mine = {"athlete": runner.athlete}
            return {
                "logs": SessionLog.objects.filter(**mine).count(),
                "entries": Entry.objects.filter(log__athlete=runner.athlete).count(),
                "filled": DueSession.objects.filter(state=DueSession.State.DONE, **mine).count(),
                "alerts": Alert.objects.filter(**mine).count(),
                "doorbells": Message.objects.filter(kind="alert").count(),
                "rings": AlertEvent.objects.filter(alert__athlete=runner.athlete, kind="mailed").count(),
                "audited": AuditEvent.objects.filter(verb__in=["session.logged", "alert.opened"]).count(),
            }

    def _sign_in(self, member: Member) -> str:
        store = SessionStore()
        store[SESSION_KEY] = str(member.user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
        store["clinic_id"] = member.clinic_id
        store.create()
        return store.session_key or ""
