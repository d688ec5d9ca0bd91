"""A runner's way through the clinic: enrolled, away, on hold, discharged."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from athletes.actions import athletes, care, ledger
from athletes.actions.athletes import NewRunner, enrol
from athletes.models import Athlete, CareTie, DueSession, Pause, Program
from clinic.actions import messages
from clinic.errors import DomainError, RefusedError
from clinic.models import AuditEvent, Invitation, Member, Message
from tests.cast import Cast
from tests.telling import log, prescribe

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
Change = Callable[..., Athlete]


def states() -> dict[date, str]:
    return dict(DueSession.objects.order_by("from_on").values_list("from_on", "state"))


def days(state: str) -> list[date]:
    return [on for on, found in states().items() if found == state]


def nudge(athlete: Athlete, now: datetime) -> None:
    messages.enqueue(
        kind="nudge", key="nudge:1", to=athlete.member, path="/me/", delivery="at_most_once", due_at=now, now=now
    )


def nudge_is() -> tuple[str, str]:
    return Message.objects.filter(key="nudge:1").values_list("state", "reason").get()


def pause(cast: Cast, first: date, last: date | None, now: datetime) -> Pause:
    return athletes.pause(athlete=cast.ana, from_on=first, until_on=last, reason="Race", by=cast.tess, now=now)


def test_enrolling_invites_and_ties_to_the_lead(riverside: Cast, now: datetime) -> None:
    runner = NewRunner(name=" Noor Haddad ", email="Noor@Riverside.example", baseline_morning=3)
    athlete = enrol(runner=runner, by=riverside.finn, lead=riverside.theo, now=now)
    assert (athlete.name, athlete.member.email, athlete.member.user) == ("Noor Haddad", "noor@riverside.example", None)
    assert (athlete.time_zone, athlete.started_on, athlete.state) == ("Europe/Lisbon", TODAY, "active")
    assert CareTie.objects.get(athlete=athlete).member == riverside.theo
    assert Invitation.objects.get(member=athlete.member).is_open(now)
    assert Message.objects.get(recipient=athlete.member).kind == "invitation"
    assert AuditEvent.objects.get(verb="athlete.enrolled", object_id=str(athlete.pk)).actor_id == riverside.finn.pk


def test_enrolling_the_same_address_twice_adds_nobody(riverside: Cast, now: datetime) -> None:
    before = Member.objects.count()
    with pytest.raises(DomainError, match="already_member"):
        enrol(runner=NewRunner(name="Ana", email="ANA@riverside.example"), by=riverside.tess, now=now)
    assert Member.objects.count() == before


def test_runner_abroad_starts_on_their_own_day(riverside: Cast) -> None:
    runner = NewRunner(name="Kiri", email="kiri@riverside.example", time_zone="Pacific/Auckland")
    athlete = enrol(runner=runner, by=riverside.tess, now=datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert athlete.started_on == TODAY + DAY


def test_pause_excuses_its_days_and_no_other(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    pause(riverside, TODAY + DAY, TODAY + 3 * DAY, now)
    assert days("excused") == [TODAY + n * DAY for n in (1, 2, 3)]
    assert TODAY in days("due")


def test_pause_without_an_end_holds_until_ended(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    pause(riverside, TODAY, None, now)
    assert days("due") == []
    later = now + 4 * DAY
    athletes.end_pauses(athlete=riverside.ana, by=riverside.tess, now=later)
    assert Pause.objects.get().until_on == TODAY + 3 * DAY
    assert days("due")[0] == TODAY + 4 * DAY
    assert days("excused") == [TODAY + n * DAY for n in range(4)]  # those days stay excused


def test_pause_that_holds_takes_back_the_nudge_one_ahead_does_not(riverside: Cast, now: datetime) -> None:
    nudge(riverside.ana, now)
    pause(riverside, TODAY + DAY, None, now)
    assert nudge_is() == ("due", "")
    pause(riverside, TODAY, TODAY, now)
    assert nudge_is() == ("skipped", "paused")


def test_same_pause_twice_is_one(riverside: Cast, now: datetime) -> None:
    assert pause(riverside, TODAY, TODAY + DAY, now) == pause(riverside, TODAY, TODAY + DAY, now)
    assert AuditEvent.objects.filter(verb="athlete.paused").count() == 1


def test_pause_that_ends_before_it_begins_is_refused(riverside: Cast, now: datetime) -> None:
    with pytest.raises(DomainError, match="until_before_from") as refused:
        pause(riverside, TODAY, TODAY - DAY, now)
    assert refused.value.field == "until_on"
    assert not Pause.objects.exists()


def test_ending_an_illness_leaves_the_holiday_ahead(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    pause(riverside, TODAY - 2 * DAY, TODAY + 2 * DAY, now)
    holiday = pause(riverside, TODAY + 7 * DAY, TODAY + 9 * DAY, now)
    athletes.end_pauses(athlete=riverside.ana, by=riverside.tess, now=now)
    assert list(Pause.objects.order_by("from_on").values_list("until_on", flat=True)) == [
        TODAY - DAY,
        TODAY + 9 * DAY,
    ]
    assert days("excused") == [TODAY + n * DAY for n in (7, 8, 9)]
    athletes.end_pause(pause=holiday, by=riverside.tess, now=now)
    assert days("excused") == []


def test_pause_that_began_today_and_ends_today_never_was(riverside: Cast, now: datetime) -> None:
    row = pause(riverside, TODAY, None, now)
    athletes.end_pause(pause=row, by=riverside.tess, now=now)
    assert not Pause.objects.exists()
    assert AuditEvent.objects.filter(verb="athlete.pause_ended").count() == 1


def test_pause_that_is_over_stays_as_it_was(riverside: Cast, now: datetime) -> None:
    row = pause(riverside, TODAY - 5 * DAY, TODAY - DAY, now)
    athletes.end_pause(pause=row, by=riverside.tess, now=now)
    row.refresh_from_db()
    assert row.until_on == TODAY - DAY
    assert not AuditEvent.objects.filter(verb="athlete.pause_ended").exists()


def test_hold_stops_reminders_and_resume_needs_a_reason(riverside: Cast, now: datetime) -> None:
    nudge(riverside.ana, now)
    athletes.hold(athlete=riverside.ana, reason=" MRI first ", by=riverside.tess, now=now)
    assert (riverside.ana.state, riverside.ana.state_reason) == ("on_hold", "MRI first")
    assert nudge_is() == ("skipped", "on_hold")
    with pytest.raises(DomainError, match="reason_missing"):
        athletes.resume(athlete=riverside.ana, reason="  ", by=riverside.tess, now=now)
    athletes.resume(athlete=riverside.ana, reason="Clear", by=riverside.tess, now=now)
    assert Athlete.objects.get(pk=riverside.ana.pk).state == "active"
    assert list(AuditEvent.objects.filter(verb__startswith="athlete.").order_by("pk").values_list("verb", flat=True))[
        -2:
    ] == ["athlete.on_hold", "athlete.active"]


def test_windows_that_close_on_hold_are_excused(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    athletes.hold(athlete=riverside.ana, reason="MRI", by=riverside.tess, now=now)
    assert ledger.close(now=now + 3 * DAY) == []
    assert days("excused") == [TODAY, TODAY + DAY, TODAY + 2 * DAY]


def test_same_change_twice_is_one(riverside: Cast, now: datetime) -> None:
    for reason in ("MRI", "MRI again"):
        athletes.hold(athlete=riverside.ana, reason=reason, by=riverside.tess, now=now)
    assert riverside.ana.state_reason == "MRI"
    assert AuditEvent.objects.filter(verb="athlete.on_hold").count() == 1


def test_discharge_ends_programs_and_what_is_still_open(riverside: Cast, now: datetime) -> None:
    block = prescribe(riverside, now=now)
    log(riverside.ana, block, now=now)
    nudge(riverside.ana, now)
    athletes.discharge(athlete=riverside.ana, reason="Goal met", by=riverside.tess, now=now)
    assert riverside.ana.state == "discharged"
    program = Program.objects.get()
    assert (program.state, program.ended_on) == ("ended", TODAY)
    assert states() == {TODAY: "done"}  # what was done stays
    assert nudge_is() == ("skipped", "discharged")
    ledger.extend(athletes=[riverside.ana], now=now + DAY)
    assert states() == {TODAY: "done"}


def test_resuming_after_a_long_hold_asks_for_todays_session(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    athletes.hold(athlete=riverside.ana, reason="Flare", by=riverside.tess, now=now)
    athletes.resume(athlete=riverside.ana, reason="Clear", by=riverside.tess, now=now + 20 * DAY)
    assert TODAY + 20 * DAY in days("due")


@pytest.mark.parametrize("change", [athletes.hold, athletes.resume])
def test_discharge_is_final(riverside: Cast, now: datetime, change: Change) -> None:
    athletes.discharge(athlete=riverside.ana, reason="Done", by=riverside.tess, now=now)
    athletes.discharge(athlete=riverside.ana, reason="Done again", by=riverside.tess, now=now)
    assert AuditEvent.objects.filter(verb="athlete.discharged").count() == 1
    with pytest.raises(DomainError, match="discharged"):
        change(athlete=riverside.ana, reason="Oops", by=riverside.tess, now=now)
    with pytest.raises(DomainError, match="discharged"):
        pause(riverside, TODAY, None, now)
    assert Athlete.objects.get(pk=riverside.ana.pk).state_reason == "Done"


@pytest.mark.parametrize("change", [athletes.hold, athletes.resume, athletes.discharge])
def test_only_the_care_team_changes_the_plan(riverside: Cast, now: datetime, change: Change) -> None:
    prescribe(riverside, now=now)
    with pytest.raises(RefusedError):
        change(athlete=riverside.ana, reason="Because", by=riverside.olive, now=now)
    assert Program.objects.get().state == "active"
    care.join(athlete=riverside.ana, by=riverside.olive, now=now)
    change(athlete=riverside.ana, reason="Because", by=riverside.olive, now=now)
