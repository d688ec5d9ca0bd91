"""Fills the bench database: one clinic, a therapist, and runners with eight exercises and thirty days of logs.

Many log, in turn, a handful of sessions a day; one opens today, straight after logging.
"""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from athletes.actions import admissions, drafts, ledger, policies, programs, sessions  # noqa: E402
from athletes.actions.athletes import NewRunner  # noqa: E402
from athletes.models import Athlete, Block, DueSession, Entry, SessionLog  # noqa: E402
from athletes.rules.localtime import local_date  # noqa: E402
from athletes.rules.plan import Plan, PlannedBlock, PlannedLine  # noqa: E402
from clinic.actions import clinics  # noqa: E402
from clinic.ids import uuid7  # noqa: E402
from clinic.models import Member, User  # noqa: E402
from clinic.roles import Role  # noqa: E402
from clinic.scope import in_clinic  # noqa: E402
from exercises.actions import catalogue  # noqa: E402
from exercises.kinds import Pattern  # noqa: E402
from exercises.models import Exercise  # noqa: E402
from exercises.rules.schedule import Schedule  # noqa: E402
from portal import clock  # noqa: E402

EXERCISES = 8
LIBRARY = 50  # exercises of the clinic whose library is listed
RUNNERS = 30  # who log in turn
SLOTS = 8  # open windows of each on the day: every measured POST finds one to fill


def load() -> dict[str, Any]:
    """Make the rows; return what the client needs to know."""
    now = clock.now()
    began = now - timedelta(days=30)
    clinic, _owner = clinics.create(
        name="Bench", owner_email="owner@bench.example", owner_name="Olive Hart", now=began, time_zone="Europe/Lisbon"
    )
    with in_clinic(clinic.pk):
        catalogue.adopt(clinic=clinic, by=None, now=began)
        policies.adopt_defaults(by=None, now=began)
        tess = Member.objects.create(
            role=Role.THERAPIST, name="Tess Lindqvist", email="tess@bench.example", active_from=began.date()
        )
        loggers = [_runner(f"Ana{n} Duarte", tess, now) for n in range(RUNNERS)]
        for athlete, block, _ in loggers:
            _slots(athlete, block)
        bea, hers, bea_session = _runner("Bea Lind", tess, now)
        _log(bea, hers, now)
        users = list(User.objects.filter(email__startswith="ana"))
    library, reader = _library(now)
    plain = "django.contrib.auth.backends.ModelBackend"
    return {
        "bare": [_sign_in(user, clinic.pk, plain) for user in users],
        "loggers": [[session, str(block.pk)] for _, block, session in loggers],
        "today": bea_session,
        "library": _sign_in(reader, library),
        "library_clinic": library,
        "on": local_date(now, clinic.time_zone).isoformat(),
    }


def _library(now: datetime) -> tuple[int, User]:
    """Make a clinic with so many exercises, and a therapist who reads them."""
    clinic, _owner = clinics.create(
        name="Library", owner_email="library@bench.example", owner_name="Hanna Lund", now=now, time_zone="Europe/Lisbon"
    )
    with in_clinic(clinic.pk):
        catalogue.adopt(clinic=clinic, by=None, now=now)
        rest = Exercise.objects.order_by("code").values_list("pk", flat=True)[LIBRARY:]
        Exercise.objects.filter(pk__in=list(rest)).update(retired_at=now)
        hugo = Member.objects.create(
            role=Role.THERAPIST,
            name="Hugo Brandt",
            email="hugo@bench.example",
            active_from=now.date(),
            user=User.objects.create_user("hugo@bench.example"),
        )
    return clinic.pk, hugo.user


def _runner(name: str, tess: Member, now: datetime) -> tuple[Athlete, Block, str]:
    """Admit, prescribe to, let log and sign in a runner."""
    began = now - timedelta(days=30)
    email = f"{name.split(maxsplit=1)[0].lower()}@bench.example"
    runner = NewRunner(name=name, email=email, baseline_morning=2)
    athlete = admissions.admit(
        runner=runner, lead=tess, protocol=None, starts_on=began.date(), by=tess, now=began
    ).athlete
    user = User.objects.create_user(email)
    athlete.member.user = user
    athlete.member.save()
    block = _prescribe(athlete, tess, began)
    for days in range(29, 0, -1):
        ledger.extend(athletes=[athlete], now=now - timedelta(days=days))
        _log(athlete, block, now - timedelta(days=days))
    ledger.extend(athletes=[athlete], now=now)
    return athlete, block, _sign_in(user, athlete.clinic_id)


def _prescribe(ana: Athlete, tess: Member, began: datetime) -> Block:
    draft = programs.start(athlete=ana, title="Back", protocol=None, by=tess, now=began)
    exercises = Exercise.objects.filter(measure="reps").order_by("code")[:EXERCISES]
    lines = tuple(PlannedLine(exercise=e.pk, dose=replace(e.dose, rest_s=30)) for e in exercises)
    daily = Schedule(pattern=Pattern.DAILY)
    plan = Plan((PlannedBlock(lineage=uuid7(), title="Strength", schedule=daily, lines=lines),))
    edition = drafts.publish(
        program=draft.program,
        plan=plan,
        seen=drafts.seen_now(draft.program),
        effective_on=began.date(),
        reason="",
        by=tess,
        now=began,
    )
    block: Block = edition.blocks.get()
    assert block.prescriptions.count() == EXERCISES, "the bench needs eight exercises"  # noqa: S101
    return block


def _log(athlete: Athlete, block: Block, then: datetime) -> None:
    lines = list(block.prescriptions.all())
    told = tuple(sessions.Told(line.pk, Entry.Done.DONE) for line in lines)
    session = sessions.Session(client_id=uuid4(), performed_on=then.date(), told=told, pain_during=2, pain_after=1)
    sessions.log(
        athlete=athlete,
        block=block,
        lines=lines,
        session=session,
        source=SessionLog.Source.PAGE,
        by=athlete.member,
        now=then,
    )


def _slots(athlete: Athlete, block: Block) -> None:
    """Expect more sessions of the day, each open to a log."""
    row = DueSession.objects.get(athlete=athlete, from_on=local_date(clock.now(), athlete.time_zone))
    DueSession.objects.bulk_create(
        DueSession(
            athlete=athlete,
            block=block,
            slot=slot,
            from_on=row.from_on,
            until_on=row.until_on,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
        )
        for slot in range(2, SLOTS + 1)
    )


def _sign_in(user: User, clinic_id: int | None, backend: str = settings.AUTHENTICATION_BACKENDS[-1]) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["clinic_id"] = clinic_id
    store.create()
    return store.session_key or ""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(load()))
