"""A runner's way through the clinic: enrolled, away, on hold, discharged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from athletes.actions import care, ledger
from athletes.models import Athlete, CareTie, Pause, Program
from athletes.rules.windows import local_date
from clinic.actions import audit, invitations, messages
from clinic.errors import DomainError
from clinic.models import Member
from clinic.roles import Role


@dataclass(frozen=True)
class NewRunner:
    """What the desk knows of a runner on the first day."""

    name: str
    email: str
    complaint: str = "Low back"
    phone: str = ""
    birth_on: date | None = None
    time_zone: str = ""  # blank: the clinic's
    baseline_morning: int | None = None


@transaction.atomic
def enrol(*, runner: NewRunner, by: Member, now: datetime, lead: Member | None = None) -> Athlete:
    """Take a runner into the clinic, into the lead's care, and invite them. Raises DomainError `already_member`."""
    member = invitations.invite(name=runner.name, email=runner.email, role=Role.ATHLETE, by=by, now=now)
    zone = runner.time_zone or member.clinic.time_zone
    athlete = Athlete.objects.create(
        member=member,
        complaint=runner.complaint,
        phone=runner.phone,
        birth_on=runner.birth_on,
        time_zone=zone,
        language=member.clinic.language,
        baseline_morning=runner.baseline_morning,
        started_on=local_date(now, zone),
    )
    if lead is not None:
        CareTie.objects.create(athlete=athlete, member=lead, part=CareTie.Part.LEAD, from_on=athlete.started_on)
    audit.record("athlete.enrolled", by=by, now=now, about=athlete, subjects=[athlete.pk])
    return athlete


@transaction.atomic
def pause(*, athlete: Athlete, from_on: date, until_on: date | None, reason: str, by: Member, now: datetime) -> Pause:
    """Excuse the days of a holiday, an illness or a race. Both days included; without an end until resumed.

    The same days again change nothing. Raises DomainError `until_before_from` or `discharged`.
    """
    if until_on is not None and until_on < from_on:
        raise DomainError("until_before_from", field="until_on")
    if athlete.state == Athlete.State.DISCHARGED:
        raise DomainError("discharged")
    if there := Pause.objects.filter(athlete=athlete, from_on=from_on, until_on=until_on).first():
        return there
    row = Pause.objects.create(athlete=athlete, from_on=from_on, until_on=until_on, reason=reason, made_by=by)
    ledger.apply_pauses(athlete=athlete, now=now)
    if _holds(row, local_date(now, athlete.time_zone)):
        _stop_nudges(athlete, "paused")
    audit.record("athlete.paused", by=by, now=now, about=row, subjects=[athlete.pk])
    return row


@transaction.atomic
def end_pauses(*, athlete: Athlete, by: Member, now: datetime) -> None:
    """Resume today: pauses that hold end yesterday, those that began today go. One still ahead stays."""
    today = local_date(now, athlete.time_zone)
    for row in Pause.objects.filter(athlete=athlete):
        if _holds(row, today):
            end_pause(pause=row, by=by, now=now)


@transaction.atomic
def end_pause(*, pause: Pause, by: Member, now: datetime) -> None:
    """End one pause: yesterday was its last day; one that began today or is still ahead goes altogether.

    A pause that is over stays as it is.
    """
    athlete, today = pause.athlete, local_date(now, pause.athlete.time_zone)
    if pause.until_on is not None and pause.until_on < today:
        return
    audit.record("athlete.pause_ended", by=by, now=now, about=pause, subjects=[athlete.pk])
    if pause.from_on >= today:
        pause.delete()
    else:
        pause.until_on = today - timedelta(days=1)
        pause.save(update_fields=["until_on"])
    ledger.apply_pauses(athlete=athlete, now=now)


@transaction.atomic
def hold(*, athlete: Athlete, reason: str, by: Member, now: datetime) -> Athlete:
    """Put the whole plan on hold: nothing is due, reminders stop at once. Only a clinician resumes it."""
    athlete = _change(athlete, Athlete.State.ON_HOLD, reason, by, now)
    _stop_nudges(athlete, Athlete.State.ON_HOLD)
    return athlete


@transaction.atomic
def resume(*, athlete: Athlete, reason: str, by: Member, now: datetime) -> Athlete:
    """End a hold, with a reason. What is due from today on is in the ledger at once, however long it lasted."""
    athlete = _change(athlete, Athlete.State.ACTIVE, reason, by, now)
    ledger.extend(athletes=[athlete], now=now)
    return athlete


@transaction.atomic
def discharge(*, athlete: Athlete, reason: str, by: Member, now: datetime) -> Athlete:
    """End the care: programs stop, nothing more is due or sent. The record stays."""
    athlete = _change(athlete, Athlete.State.DISCHARGED, reason, by, now)
    ledger.lock(athletes=[athlete])
    programs = Program.objects.filter(athlete=athlete, state=Program.State.ACTIVE)
    ledger.drop_open(programs=list(programs), now=now)
    programs.update(state=Program.State.ENDED, ended_on=local_date(now, athlete.time_zone))
    _stop_nudges(athlete, Athlete.State.DISCHARGED)
    return athlete


def _change(athlete: Athlete, state: str, reason: str, by: Member, now: datetime) -> Athlete:
    """Move an athlete to a state, once. A discharge is final: raises DomainError `discharged`."""
    care.require_tie(athlete, by, now)
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    others = Athlete.objects.filter(pk=athlete.pk).exclude(state__in=(state, Athlete.State.DISCHARGED))
    resumed = {"resumed_on": local_date(now, athlete.time_zone)} if state == Athlete.State.ACTIVE else {}
    changed = others.update(state=state, state_reason=reason.strip(), **resumed)
    athlete.refresh_from_db(fields=["state", "state_reason", "resumed_on"])
    if not changed and athlete.state != state:
        raise DomainError("discharged")
    if not changed:
        return athlete
    audit.record(f"athlete.{state}", by=by, now=now, about=athlete, subjects=[athlete.pk])
    return athlete


def _stop_nudges(athlete: Athlete, reason: str) -> None:
    """Take back what waits, last of all: the sweep, too, locks the ledger before the member."""
    messages.lock(to=[athlete.member_id])
    messages.withdraw(to=athlete.member, kind="nudge", reason=reason)


def _holds(pause: Pause, today: date) -> bool:
    return pause.from_on <= today and (pause.until_on is None or today <= pause.until_on)
