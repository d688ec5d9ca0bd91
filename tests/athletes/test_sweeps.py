"""What time alone brings about, clinic by clinic."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from athletes import sweeps
from athletes.actions import alerts, athletes, doorbell, ledger, pain, sessions
from athletes.models import Alert, AlertEvent, Athlete, Block, DueSession, EscalationRule, Prescription
from athletes.sweeps import rehearse, sweep
from clinic.actions import members, messages
from clinic.ids import uuid7
from clinic.models import AuditEvent, Clinic, Heartbeat, Member, Message
from clinic.scope import in_clinic
from tests.cast import NOW, Cast, make_athlete
from tests.prescribing import DAILY, begin, block, make_exercise, per_week, publish, weekdays

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 25, 0, 1, tzinfo=UTC)  # Riverside's wall is UTC: the first window has just closed


def prescribe(athlete: Athlete, by: Member, *schedules: Any, now: datetime = NOW) -> list[Block]:
    """Publish a program with one block a schedule, from today."""
    with in_clinic(athlete.clinic_id):
        exercise = make_exercise(f"Squat {uuid7()}")
        blocks = [block(exercise, schedule=schedule) for schedule in schedules or (DAILY,)]
        version = publish(begin(athlete, by=by, now=now), *blocks, by=by, now=now, on=now.date())
        return list(version.blocks.all())


def log(athlete: Athlete, of: Block, *, now: datetime) -> None:
    """Log a whole session of today."""
    with in_clinic(athlete.clinic_id):
        lines = list(Prescription.objects.filter(block=of))
        told = tuple(sessions.Told(line.pk, "done") for line in lines)
        session = sessions.Session(client_id=uuid7(), performed_on=now.date(), told=told)
        sessions.log(athlete=athlete, block=of, lines=lines, session=session, source="page", by=athlete.member, now=now)


def nudges(clinic: Clinic) -> list[Message]:
    with in_clinic(clinic.pk):
        return list(Message.objects.filter(kind="nudge").select_related("recipient").order_by("due_at"))


@pytest.fixture
def ana(cast: Cast) -> Athlete:
    """Ana, with one block to do each day."""
    cast.ana.block = prescribe(cast.ana, cast.tess)[0]
    return cast.ana


def test_silent_window_becomes_one_nudge(cast: Cast, ana: Athlete) -> None:
    counts = sweep(now=MIDNIGHT)
    assert (counts["closed"], counts["nudges"]) == (1, 1)
    (nudge,) = nudges(cast.riverside)
    assert nudge.recipient == ana.member
    assert nudge.key == f"nudge:missed:{ana.pk}:2026-11-25"
    assert nudge.due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert nudge.expires_at == datetime(2026, 11, 25, 21, tzinfo=UTC)
    assert (nudge.path, nudge.delivery, nudge.state) == ("/me/", Message.Delivery.AT_MOST_ONCE, Message.State.DUE)
    with in_clinic(cast.riverside.pk):
        assert DueSession.objects.get(from_on="2026-11-24").state == DueSession.State.UNANSWERED
        assert AuditEvent.objects.get(verb="nudge.decided").subject_ids == [str(ana.pk)]


def test_sweeping_twice_adds_nothing(cast: Cast, ana: Athlete) -> None:
    sweep(now=MIDNIGHT)
    with in_clinic(cast.riverside.pk):
        before = {model: model.objects.count() for model in (Message, DueSession, Alert, AuditEvent)}
    for later in (timedelta(), timedelta(minutes=1), timedelta(hours=2)):
        counts = sweep(now=MIDNIGHT + later, full=True)
        assert not counts.get("nudges")
        assert not counts.get("extended")
    with in_clinic(cast.riverside.pk):
        assert {model: model.objects.count() for model in before} == before


def test_two_silent_blocks_are_one_nudge(cast: Cast) -> None:
    prescribe(cast.ana, cast.tess, DAILY, weekdays(1), per_week(7))
    counts = sweep(now=MIDNIGHT)
    assert (counts["closed"], counts["nudges"]) == (3, 1)


def test_same_key_is_decided_once(cast: Cast, ana: Athlete) -> None:
    """Two sweeps at once: the other one decided, and we had not seen it."""
    del ana
    sweep(now=MIDNIGHT)
    with in_clinic(cast.riverside.pk):
        DueSession.objects.filter(from_on="2026-11-24").update(state=DueSession.State.DUE)
        Message.objects.filter(kind="nudge").update(state=Message.State.SKIPPED)  # hides it from the caps
    assert not sweep(now=MIDNIGHT).get("nudges")
    assert len(nudges(cast.riverside)) == 1


@pytest.mark.parametrize(
    ("remind_at", "expected"),
    [(time(10), 10 * 60), (time(6), 8 * 60), (time(20, 45), 20 * 60 + 30), (time(13, 30), 810)],
)
def test_nudge_keeps_out_of_the_quiet_hours(cast: Cast, ana: Athlete, remind_at: time, expected: int) -> None:
    with in_clinic(cast.riverside.pk):
        Athlete.objects.filter(pk=ana.pk).update(remind_at=remind_at)
    sweep(now=MIDNIGHT)
    assert nudges(cast.riverside)[0].due_at == datetime(2026, 11, 25, tzinfo=UTC) + timedelta(minutes=expected)


def test_nudge_is_at_the_runners_own_ten_o_clock(cast: Cast) -> None:
    """Ben lives by New York's clock: his Tuesday ends at 05:00 UTC on Wednesday, and 10:00 there is 15:00 UTC."""
    prescribe(cast.ben, cast.hugo)
    assert "closed" not in sweep(now=datetime(2026, 11, 25, 4, 59, tzinfo=UTC))
    assert sweep(now=datetime(2026, 11, 25, 5, tzinfo=UTC))["nudges"] == 1
    assert nudges(cast.hilltop)[0].due_at == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_logged_session_is_not_nudged(cast: Cast, ana: Athlete) -> None:
    log(ana, ana.block, now=NOW)
    assert "closed" not in sweep(now=MIDNIGHT)
    assert nudges(cast.riverside) == []


def test_log_after_the_nudge_was_decided_takes_it_back(cast: Cast, ana: Athlete) -> None:
    sweep(now=MIDNIGHT)
    log(ana, ana.block, now=MIDNIGHT + timedelta(hours=8))
    assert [nudge.state for nudge in nudges(cast.riverside)] == [Message.State.SKIPPED]


def test_log_before_a_late_sweep_prevents_the_nudge(cast: Cast, ana: Athlete) -> None:
    log(ana, ana.block, now=MIDNIGHT + timedelta(hours=7))  # of Wednesday, while Tuesday's window had not been closed
    counts = sweep(now=MIDNIGHT + timedelta(hours=8))
    assert (counts["closed"], counts["held_back_logged"]) == (1, 1)
    assert nudges(cast.riverside) == []


def hold(cast: Cast) -> None:
    athletes.hold(athlete=cast.ana, reason="flare", by=cast.tess, now=NOW)


def discharge(cast: Cast) -> None:
    athletes.discharge(athlete=cast.ana, reason="done", by=cast.tess, now=NOW)


def pause_from_tomorrow(cast: Cast) -> None:
    tomorrow = date(2026, 11, 25)
    athletes.pause(athlete=cast.ana, from_on=tomorrow, until_on=None, reason="holiday", by=cast.tess, now=NOW)


def opt_out(cast: Cast) -> None:
    messages.suppress(member=cast.ana.member, kind="nudge", reason="unsubscribed", by=None, now=NOW)


def bounce(cast: Cast) -> None:
    messages.suppress(member=cast.ana.member, kind="nudge", reason="bounced", by=None, now=NOW)


def hurt(cast: Cast) -> None:
    answer = pain.Answer(client_id=uuid7(), context="rest_now", score=8, about_on=NOW.date())
    pain.report(athlete=cast.ana, answer=answer, by=cast.ana.member, now=NOW)


def wake_up_sore(cast: Cast) -> None:
    cast.ana.baseline_morning = 1
    answer = pain.Answer(client_id=uuid7(), context="next_morning", score=4, about_on=NOW.date())
    pain.report(athlete=cast.ana, answer=answer, by=cast.ana.member, now=NOW)


def switch_rule_off(cast: Cast) -> None:
    del cast
    EscalationRule.objects.filter(kind="N1").update(enabled=False)


@pytest.mark.parametrize(
    ("change", "closed", "why"),
    [
        (hold, 0, ""),
        (discharge, 0, ""),
        (pause_from_tomorrow, 1, "paused"),
        (opt_out, 1, "opted_out"),
        (bounce, 1, "bounced"),
        (hurt, 1, "alert_open"),
        (wake_up_sore, 1, "alert_open"),
        (switch_rule_off, 1, ""),
    ],
)
def test_no_nudge_while(cast: Cast, ana: Athlete, change: Callable[[Cast], None], closed: int, why: str) -> None:
    del ana
    with in_clinic(cast.riverside.pk):
        change(cast)
    counts = sweep(now=MIDNIGHT)
    assert counts.get("closed", 0) == closed
    assert nudges(cast.riverside) == []
    if why:
        assert counts[f"held_back_{why}"] == 1


def sent(clinic: Clinic, *, state: str = Message.State.SENT) -> None:
    """Say that the waiting nudges went out, or what became of them."""
    with in_clinic(clinic.pk):
        Message.objects.filter(kind="nudge", state=Message.State.DUE).update(state=state)


def test_three_unanswered_nudges_are_the_last(cast: Cast, ana: Athlete) -> None:
    """Weeks of silence: three nudges, at most one a day; a log starts the count anew."""
    for n in range(22):
        sweep(now=MIDNIGHT + n * DAY, full=True)
        sent(cast.riverside)
    days = [nudge.due_at.date() for nudge in nudges(cast.riverside)]
    assert days == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]
    log(ana, ana.block, now=MIDNIGHT + 22 * DAY)
    for n in range(23, 26):
        sweep(now=MIDNIGHT + n * DAY, full=False)
        sent(cast.riverside)
    assert len(nudges(cast.riverside)) == 5, "about the two days after the log"


def test_log_starts_the_count_of_unanswered_nudges_anew(cast: Cast, ana: Athlete) -> None:
    for n in range(8):
        sweep(now=MIDNIGHT + n * DAY, full=False)
        sent(cast.riverside)
    log(ana, ana.block, now=MIDNIGHT + 8 * DAY)
    for n in range(9, 11):
        sweep(now=MIDNIGHT + n * DAY, full=False)
    assert [nudge.due_at.day for nudge in nudges(cast.riverside)] == [25, 26, 27, 5], "and on 5 December"


@pytest.mark.parametrize(("state", "expected"), [("failed", 6), ("skipped", 6), ("unknown", 3), ("sent", 3)])
def test_only_nudges_that_may_have_been_read_count(cast: Cast, ana: Athlete, state: str, expected: int) -> None:
    del ana
    for n in range(6):
        sweep(now=MIDNIGHT + n * DAY, full=False)
        sent(cast.riverside, state=state)
    assert len(nudges(cast.riverside)) == expected


def test_no_more_than_three_a_week(cast: Cast, ana: Athlete) -> None:
    """Logging between the nudges lets them go on, up to the week's cap."""
    reasons: list[str] = []
    for n in range(7):
        counts = sweep(now=MIDNIGHT + n * DAY, full=False)
        reasons += [name for name in counts if name.startswith("held_back")]
        sent(cast.riverside)
        with in_clinic(cast.riverside.pk):
            Athlete.objects.filter(pk=ana.pk).update(last_logged_at=MIDNIGHT + n * DAY + timedelta(hours=22))
    assert len(nudges(cast.riverside)) == 3
    assert reasons == ["held_back_week_cap"] * 4


def test_outage_is_not_caught_up(cast: Cast, ana: Athlete) -> None:
    """No sweep for three days and a half: one nudge at most, about the newest window, and none at night."""
    del ana
    counts = sweep(now=datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert (counts["closed"], counts["nudges"]) == (3, 1)
    (nudge,) = nudges(cast.riverside)
    assert nudge.key.endswith("2026-11-27")


def test_sweep_after_the_allowed_hours_writes_nothing(cast: Cast, ana: Athlete) -> None:
    del ana
    counts = sweep(now=datetime(2026, 11, 25, 21, tzinfo=UTC))
    assert counts["held_back_too_late"] == 1
    assert nudges(cast.riverside) == []


# ---- alerts that nobody answered ---------------------------------------------------------------------------------


def bells(clinic: Clinic) -> list[str]:
    with in_clinic(clinic.pk):
        rows = Message.objects.filter(kind="alert").select_related("recipient").order_by("created_at", "due_at")
        return [row.recipient.name for row in rows]


def test_unanswered_alert_goes_to_the_backup_then_to_the_owner(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
    assert bells(cast.riverside) == ["Tess Lindqvist"]
    assert "escalated" not in sweep(now=alert.escalate_at - timedelta(seconds=1), full=False)
    assert sweep(now=alert.escalate_at, full=False)["escalated"] == 1
    assert "escalated" not in sweep(now=alert.escalate_at + timedelta(minutes=1), full=False)
    assert bells(cast.riverside) == ["Tess Lindqvist", "Theo Marsh"]
    sweep(now=alert.escalate_at + 7 * DAY, full=False)
    assert bells(cast.riverside) == ["Tess Lindqvist", "Theo Marsh", "Olive Hart"]
    assert "escalated" not in sweep(now=alert.escalate_at + 60 * DAY, full=False)


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_alert_whose_mail_did_not_arrive_is_passed_on_at_once(cast: Cast, state: str) -> None:
    """And so on to the last; those whose mail is on its way wait their time."""
    with in_clinic(cast.riverside.pk):
        hurt(cast)
    for minutes, told in ((1, ["Tess"]), (2, ["Tess", "Theo"]), (3, ["Tess", "Theo", "Olive"])):
        sweep(now=NOW + timedelta(minutes=minutes), full=False)
        with in_clinic(cast.riverside.pk):
            mails = Message.objects.filter(kind="alert").order_by("created_at")
            assert [mail.recipient.first_name for mail in mails] == told
            Message.objects.filter(pk=mails.last().pk).update(state=state)
    sweep(now=NOW + timedelta(minutes=4), full=False)
    with in_clinic(cast.riverside.pk):
        passed = AlertEvent.objects.filter(kind=AlertEvent.Kind.ESCALATED)
        assert [event.detail for event in passed] == [{"unheard": True}] * 2


def test_acknowledged_alert_is_not_passed_on(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
        alerts.acknowledge(alert=alert, by=cast.tess, now=NOW)
    assert "escalated" not in sweep(now=NOW + 30 * DAY, full=False)
    assert bells(cast.riverside) == ["Tess Lindqvist"]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_alert_of_someone_who_left_gets_a_living_owner(cast: Cast, acknowledged: bool) -> None:
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
        if acknowledged:
            alerts.acknowledge(alert=alert, by=cast.tess, now=NOW)
        members.end(member=cast.tess, by=cast.olive, now=NOW)
    for minutes in (1, 2):
        sweep(now=NOW + timedelta(minutes=minutes), full=True)
    with in_clinic(cast.riverside.pk):
        alert.refresh_from_db()
        assert alert.owner == cast.theo
        assert (alert.state, alert.acknowledged_by) == ("open", None)  # nobody who is here has said "I have it"
        assert AlertEvent.objects.filter(alert=alert, kind="assigned").count() == 1
    assert bells(cast.riverside) == ["Tess Lindqvist", "Theo Marsh"]


def test_alert_of_someone_who_left_is_passed_on_to_the_owner_of_the_clinic(cast: Cast) -> None:
    """The chain is shorter now: counting on from where it was would skip whoever comes next."""
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
    sweep(now=alert.escalate_at, full=False)
    with in_clinic(cast.riverside.pk):
        members.end(member=cast.tess, by=cast.olive, now=alert.escalate_at)
    sweep(now=alert.escalate_at, full=True)
    sweep(now=alert.escalate_at + 7 * DAY, full=False)
    assert bells(cast.riverside)[-1] == "Olive Hart"


def test_alert_whose_acknowledger_left_is_open_again(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
        alerts.acknowledge(alert=alert, by=cast.theo, now=NOW)
        members.end(member=cast.theo, by=cast.olive, now=NOW)
    for _ in range(2):
        sweep(now=NOW, full=True)
    with in_clinic(cast.riverside.pk):
        alert.refresh_from_db()
        assert (alert.state, alert.owner) == ("open", cast.tess)
        assert alert.escalate_at is not None
    assert bells(cast.riverside) == ["Tess Lindqvist", "Tess Lindqvist"]


def test_alert_stays_acknowledged_while_whoever_has_it_is_here(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        hurt(cast)
        alert = Alert.objects.get(kind="P1")
        alerts.acknowledge(alert=alert, by=cast.theo, now=NOW)
        members.end(member=cast.tess, by=cast.olive, now=NOW)
    sweep(now=NOW, full=True)
    with in_clinic(cast.riverside.pk):
        alert.refresh_from_db()
        assert (alert.state, alert.owner, alert.acknowledged_by) == ("acknowledged", cast.theo, cast.theo)


# ---- silence -----------------------------------------------------------------------------------------------------


def silent_until(days: int) -> dict[str, int]:
    """Sweep fully each day for so many days, in the small hours; return the last counts."""
    counts: dict[str, int] = {}
    for n in range(days):
        counts = sweep(now=MIDNIGHT + n * DAY, full=True)
    return counts


def open_kinds(clinic: Clinic) -> list[str]:
    with in_clinic(clinic.pk):
        return sorted(Alert.objects.filter(state="open").values_list("kind", flat=True))


def test_little_done_and_silence_open_one_task_each(cast: Cast, ana: Athlete) -> None:
    """N4 once four sessions are due and none was done, N5 after fourteen days; each once, however often we look."""
    silent_until(3)
    assert open_kinds(cast.riverside) == []
    silent_until(4)
    assert open_kinds(cast.riverside) == ["N4"]
    silent_until(13)
    assert open_kinds(cast.riverside) == ["N4"]
    silent_until(16)
    assert open_kinds(cast.riverside) == ["N4", "N5"]
    with in_clinic(cast.riverside.pk):
        alert = Alert.objects.get(kind="N5")
        assert alert.evidence["silent_days"] == 14
        assert (alert.athlete_id, alert.owner_id) == (ana.pk, cast.tess.pk)


def test_silence_that_was_dealt_with_comes_back_after_two_weeks(cast: Cast, ana: Athlete) -> None:
    del ana
    silent_until(14)
    at = MIDNIGHT + 14 * DAY
    sweep(now=at, full=True)
    with in_clinic(cast.riverside.pk):
        for alert in Alert.objects.filter(state="open"):
            alerts.resolve(alert=alert, outcome="talked", note="", by=cast.tess, now=at)
    for n in (1, 7, 13):
        sweep(now=at + n * DAY, full=True)
        assert open_kinds(cast.riverside) == []
    sweep(now=at + 14 * DAY, full=True)
    assert open_kinds(cast.riverside) == ["N5"]


def test_lesser_finding_is_no_news_while_the_worse_is_known(cast: Cast, ana: Athlete) -> None:
    """Two weeks of silence are on the list; one log later little is done, which the clinic knows."""
    with in_clinic(cast.riverside.pk):
        EscalationRule.objects.filter(kind="N4").update(enabled=False)
    silent_until(15)
    assert open_kinds(cast.riverside) == ["N5"]
    with in_clinic(cast.riverside.pk):
        EscalationRule.objects.filter(kind="N4").update(enabled=True)
    log(ana, ana.block, now=MIDNIGHT + 15 * DAY)
    sweep(now=MIDNIGHT + 16 * DAY, full=True)
    assert open_kinds(cast.riverside) == ["N5"]
    with in_clinic(cast.riverside.pk):
        Alert.objects.all().delete()
    sweep(now=MIDNIGHT + 16 * DAY, full=True)
    assert open_kinds(cast.riverside) == ["N4"], "it would have been found"


def test_runner_on_holiday_is_not_silent(cast: Cast, ana: Athlete) -> None:
    del ana
    with in_clinic(cast.riverside.pk):
        pause_from_tomorrow(cast)
    silent_until(20)
    assert open_kinds(cast.riverside) == []


def test_hold_that_is_over_does_not_count_as_silence(cast: Cast, ana: Athlete) -> None:
    log(ana, ana.block, now=NOW)
    with in_clinic(cast.riverside.pk):
        hold(cast)
    silent_until(12)
    with in_clinic(cast.riverside.pk):
        athletes.resume(athlete=cast.ana, reason="better", by=cast.tess, now=MIDNIGHT + 12 * DAY)
    sweep(now=MIDNIGHT + 13 * DAY, full=True)
    assert open_kinds(cast.riverside) == []


def test_before_the_plan_begins_nobody_is_silent(cast: Cast) -> None:
    """Enrolled today, a plan from the day after the tenth."""
    begins = NOW + 10 * DAY
    with in_clinic(cast.riverside.pk):
        part = block(make_exercise("Squat"))
        publish(begin(cast.ana, by=cast.tess, now=NOW), part, by=cast.tess, now=NOW, on=begins.date())
    silent_until(11)
    assert open_kinds(cast.riverside) == []
    for n in range(11, 18):
        sweep(now=MIDNIGHT + n * DAY, full=True)
    with in_clinic(cast.riverside.pk):
        assert Alert.objects.get().evidence["silent_days"] < 10


def test_after_a_hold_silence_counts_from_the_day_of_resuming(cast: Cast) -> None:
    """Also over the days of the hold on which nothing would have been due."""
    prescribe(cast.ana, cast.tess, weekdays(0))  # Mondays
    with in_clinic(cast.riverside.pk):
        hold(cast)
    silent_until(18)
    with in_clinic(cast.riverside.pk):
        athletes.resume(athlete=cast.ana, reason="better", by=cast.tess, now=MIDNIGHT + 18 * DAY)  # a Sunday
    for n in range(18, 18 + 7):  # Monday is missed
        sweep(now=MIDNIGHT + n * DAY, full=True)
    assert open_kinds(cast.riverside) == []
    for n in range(18 + 7, 18 + 15):
        sweep(now=MIDNIGHT + n * DAY, full=True)
    assert open_kinds(cast.riverside) == ["N4", "N5"], "silent since then"


# ---- the machinery -----------------------------------------------------------------------------------------------


def test_full_sweep_keeps_the_ledger_fourteen_days_ahead(cast: Cast, ana: Athlete) -> None:
    del ana
    with in_clinic(cast.riverside.pk):
        last = DueSession.objects.order_by("-from_on")[0].from_on
    assert sweep(now=MIDNIGHT)["extended"] == 1
    with in_clinic(cast.riverside.pk):
        assert DueSession.objects.order_by("-from_on")[0].from_on == last + DAY


def test_full_sweep_runs_once_an_hour_and_after_a_jump(cast: Cast) -> None:
    del cast
    for at, expected in (
        (NOW, NOW),
        (NOW + timedelta(minutes=59), NOW),
        (NOW + timedelta(minutes=60), NOW + timedelta(minutes=60)),
        (NOW + 40 * DAY, NOW + 40 * DAY),
        (NOW, NOW),  # the clock was set back
    ):
        sweep(now=at)
        assert Heartbeat.objects.get(name="full_sweep").at == expected
        assert Heartbeat.objects.get(name="sweep").at == at


def test_full_sweep_that_failed_comes_again_after_ten_minutes(
    cast: Cast, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cast, ana
    tried: list[datetime] = []

    def broken(*, now: datetime, **more: Any) -> int:
        tried.append(now)
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "extend", broken)
        for minutes in range(21):
            sweep(now=NOW + timedelta(minutes=minutes))
    assert sorted(set(tried)) == [NOW, NOW + timedelta(minutes=10), NOW + timedelta(minutes=20)]
    assert not Heartbeat.objects.filter(name="full_sweep").exists()
    sweep(now=NOW + timedelta(minutes=30))
    assert Heartbeat.objects.get(name="full_sweep").at == NOW + timedelta(minutes=30)


def test_one_runners_bad_data_stops_nobody_else(cast: Cast, ana: Athlete, caplog: pytest.LogCaptureFixture) -> None:
    with in_clinic(cast.riverside.pk):
        eve = make_athlete("Eve Poison", by=cast.tess, clinic_slug="riverside")
    prescribe(eve, cast.tess)
    with in_clinic(cast.riverside.pk):
        Athlete.objects.filter(pk=eve.pk).update(time_zone="Nowhere/Land")
    counts = sweep(now=MIDNIGHT, full=True)
    assert counts["closed"] == 2
    assert [nudge.recipient for nudge in nudges(cast.riverside)] == [ana.member]
    assert counts["extended"] == 1, "the others' ledger grows"
    assert counts["failed"] == 3  # her nudge, her ledger, her silence
    assert not Heartbeat.objects.filter(name__in=("sweep", "full_sweep")).exists()
    assert str(eve.pk) in caplog.text
    assert "Eve" not in caplog.text


def test_alert_that_cannot_be_passed_on_stops_no_other(
    cast: Cast, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_clinic(cast.riverside.pk):
        other = make_athlete("Otto Second", by=cast.tess, clinic_slug="riverside")
        hurt(cast)
        answer = pain.Answer(client_id=uuid7(), context="rest_now", score=9, about_on=NOW.date())
        pain.report(athlete=other, answer=answer, by=other.member, now=NOW)
    real = doorbell.escalate

    def broken(*, alert: Alert, **more: Any) -> Alert:
        passed = real(alert=alert, **more)
        if alert.athlete_id == ana.pk:
            raise RuntimeError
        return passed

    monkeypatch.setattr(doorbell, "escalate", broken)
    counts = sweep(now=NOW + 3 * DAY, full=False)
    assert (counts["escalated"], counts["failed"]) == (1, 1)
    with in_clinic(cast.riverside.pk):
        assert Alert.objects.get(athlete=ana).escalations == 0, "what it had written is taken back"
        assert Alert.objects.get(athlete=other).escalations == 1


def test_clinic_that_fails_stops_no_other_and_no_heartbeat(
    cast: Cast, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ana
    prescribe(cast.ben, cast.hugo)
    real = ledger.close

    def broken(*, now: datetime) -> list[DueSession]:
        if Clinic.objects.filter(pk=cast.riverside.pk, name="Riverside").exists() and Athlete.objects.filter(
            pk=cast.ana.pk
        ):
            raise RuntimeError
        return real(now=now)

    monkeypatch.setattr(ledger, "close", broken)
    counts = sweep(now=MIDNIGHT + timedelta(hours=6), full=False)
    assert counts["clinics_failed"] == 1
    assert len(nudges(cast.hilltop)) == 1
    assert nudges(cast.riverside) == []
    assert not Heartbeat.objects.filter(name="sweep").exists()


def test_only_clinics_with_work_are_entered(cast: Cast, ana: Athlete, monkeypatch: pytest.MonkeyPatch) -> None:
    del ana
    entered: list[int] = []
    real = sweeps._sweep_clinic

    def noted(clinic_id: int, **more: Any) -> Any:
        entered.append(clinic_id)
        return real(clinic_id, **more)

    monkeypatch.setattr(sweeps, "_sweep_clinic", noted)
    sweep(now=MIDNIGHT, full=False)
    sweep(now=MIDNIGHT, full=False)
    assert entered == [cast.riverside.pk]


def test_rehearsal_tells_and_takes_back(cast: Cast, ana: Athlete) -> None:
    with in_clinic(cast.riverside.pk):
        before = {model: sorted(map(str, model.objects.values_list())) for model in (Message, DueSession, AuditEvent)}
    lines = rehearse(now=MIDNIGHT)
    assert f"riverside: close 2026-11-24 to 2026-11-24 of athlete {ana.pk}: unanswered" in lines
    assert f"riverside: write nudge:missed:{ana.pk}:2026-11-25, due 2026-11-25 10:00 UTC" in lines
    assert "riverside: add 1 windows to the ledger" in lines
    with in_clinic(cast.riverside.pk):
        assert {model: sorted(map(str, model.objects.values_list())) for model in before} == before
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("full", [False, True])
def test_queries_do_not_grow_with_the_runners(cast: Cast, full: bool) -> None:
    """One nudge or thirty: the same number of queries."""
    counts = []
    for n, day in ((1, 0), (29, 1)):
        for k in range(n):
            with in_clinic(cast.riverside.pk):
                runner = make_athlete(f"R{day}x{k} Runner", by=cast.tess, clinic_slug="riverside", with_user=False)
            prescribe(runner, cast.tess, now=NOW + day * DAY)
        with CaptureQueriesContext(connection) as queries:
            found = sweep(now=MIDNIGHT + day * DAY, full=full)
        assert found["nudges"] == (1 if day == 0 else 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]
