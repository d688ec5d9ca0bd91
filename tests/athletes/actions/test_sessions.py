"""Logging: one bout, once, with what it calls for in the same transaction."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from athletes.actions import alerts, athletes, ledger, sessions
from athletes.actions.sessions import Told
from athletes.facts.lines import cards_of, lines_of
from athletes.models import Alert, AlertEvent, Athlete, Block, DueSession, Entry, EscalationRule, SessionLog
from clinic.actions import messages
from clinic.errors import ConflictError, DomainError
from clinic.models import AuditEvent, Message
from exercises.kinds import Measure, Side
from exercises.rules.dose import Dose
from tests.cast import Cast, make_athlete
from tests.prescribing import BEFORE_RUN, make_exercise, per_week, publish
from tests.prescribing import block as planned
from tests.telling import EACH_SIDE, log, prescribe, tell

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture
def strength(riverside: Cast, now: datetime) -> Block:
    return prescribe(riverside, now=now)


def states(**where: object) -> list[str]:
    return list(DueSession.objects.filter(**where).order_by("from_on", "slot").values_list("state", flat=True))


def test_log_fills_the_window_and_copies_the_dose(riverside: Cast, strength: Block, now: datetime) -> None:
    logged = log(riverside.ana, strength, now=now, pain_during=2, pain_after=1, effort=3, note="Fine.")
    row = SessionLog.objects.get()
    assert logged.log == row
    assert (row.outcome, row.due.from_on, row.due.state) == ("done", TUESDAY, "done")
    assert (row.pain_during, row.pain_after, row.effort, row.note) == (2, 1, 3, "Fine.")
    assert (row.performed_at, row.recorded_at, row.time_zone) == (now, now, "Europe/Lisbon")
    assert [(e.order, e.sets, e.reps, e.done, e.side_done) for e in row.entries.all()] == [
        (line.order, 3, 10, "done", "") for line in lines_of(riverside.ana, strength.pk)
    ]
    assert Athlete.objects.get(pk=riverside.ana.pk).last_logged_at == now
    assert AuditEvent.objects.filter(verb="session.logged", object_id=str(row.pk)).count() == 1


def test_log_copies_sets_one_by_one(riverside: Cast, now: datetime) -> None:
    dose = Dose(measure=Measure.HOLD, sets=3, reps_pattern=(6, 4, 2), hold_s=10, side=Side.EACH, rest_s=30)
    part = prescribe(riverside, now=now, exercises=1, dose=dose)
    assert [card.minutes for card in cards_of(riverside.ana, TUESDAY)] == [5]  # 2 x 12 holds, and rest
    row = log(riverside.ana, part, now=now).log
    assert [entry.dose for entry in row.entries.all()] == [dose]


def test_log_of_unknown_pain_stays_null(riverside: Cast, strength: Block, now: datetime) -> None:
    row = log(riverside.ana, strength, now=now).log
    row.refresh_from_db()
    assert (row.pain_during, row.pain_after, row.effort) == (None, None, None)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (("done", "done"), "done"),
        (("done", "partly"), "partly"),
        (("done", "skipped"), "partly"),
        (("partly", "skipped"), "partly"),
        (("skipped", "skipped"), "missed"),
    ],
)
def test_outcome_follows_the_exercises(
    riverside: Cast, strength: Block, now: datetime, said: tuple[str, str], outcome: str
) -> None:
    lines = lines_of(riverside.ana, strength.pk)
    told = tuple(
        Told(line.pk, done, skipped_reason="ill" if done == "skipped" else "")
        for line, done in zip(lines, said, strict=True)
    )
    logged = log(riverside.ana, strength, now=now, told=told)
    assert logged.log.outcome == outcome
    assert states(from_on=TUESDAY) == [outcome]


def test_log_of_fewer_exercises_than_prescribed_is_not_done(riverside: Cast, strength: Block, now: datetime) -> None:
    first = lines_of(riverside.ana, strength.pk)[0]
    logged = log(riverside.ana, strength, now=now, told=(Told(first.pk, "done"),))
    assert logged.log.outcome == "partly"


# ---- the same again ----------------------------------------------------------------------------------------------


def test_retry_answers_the_same_and_writes_nothing(riverside: Cast, strength: Block, now: datetime) -> None:
    session = tell(riverside.ana, strength, on=TUESDAY, pain_during=8)
    first = log(riverside.ana, strength, now=now, session=session)
    before = AuditEvent.objects.count(), Entry.objects.count(), AlertEvent.objects.count(), Message.objects.count()
    again = log(riverside.ana, strength, now=now + timedelta(minutes=2), session=session)
    assert again.repeated
    assert again.log == first.log
    assert again.findings == first.findings
    after = AuditEvent.objects.count(), Entry.objects.count(), AlertEvent.objects.count(), Message.objects.count()
    assert before == after
    assert SessionLog.objects.count() == 1


def test_retry_days_later_or_after_discharge_still_answers(riverside: Cast, strength: Block, now: datetime) -> None:
    session = tell(riverside.ana, strength, on=TUESDAY)
    first = log(riverside.ana, strength, now=now, session=session)
    later = now + 3 * DAY
    assert log(riverside.ana, strength, now=later, session=session).log == first.log
    athletes.discharge(athlete=riverside.ana, reason="Well", by=riverside.tess, now=later)
    assert log(riverside.ana, strength, now=later, session=session).repeated


def test_retry_with_the_exercises_in_another_order_is_the_same(riverside: Cast, strength: Block, now: datetime) -> None:
    session = tell(riverside.ana, strength, on=TUESDAY)
    first = log(riverside.ana, strength, now=now, session=session)
    again = log(riverside.ana, strength, now=now, session=replace(session, told=session.told[::-1]))
    assert again.log == first.log


@pytest.mark.parametrize("change", [{"pain_during": 3}, {"note": "Else"}, {"performed_on": TUESDAY - DAY}])
def test_same_id_with_another_body_keeps_both(
    riverside: Cast, strength: Block, now: datetime, change: dict[str, object]
) -> None:
    session = tell(riverside.ana, strength, on=TUESDAY)
    first = log(riverside.ana, strength, now=now, session=session)
    with pytest.raises(ConflictError, match="other_body") as caught:
        log(riverside.ana, strength, now=now, session=replace(session, **change))
    assert caught.value.params["kept"] == first.log
    assert SessionLog.objects.count() == 1


def test_same_id_from_two_athletes_are_two_logs(riverside: Cast, strength: Block, now: datetime) -> None:
    amy = make_athlete("Amy Ruiz", by=riverside.tess, clinic_slug="riverside")
    hers = prescribe(replace(riverside, ana=amy), now=now, title="Hers")
    shared = uuid4()
    first = log(riverside.ana, strength, now=now, client_id=shared)
    second = log(amy, hers, now=now, client_id=shared)
    assert first.log != second.log
    assert not second.repeated


# ---- which window ------------------------------------------------------------------------------------------------


def test_second_log_of_a_day_is_extra(riverside: Cast, strength: Block, now: datetime) -> None:
    log(riverside.ana, strength, now=now)
    assert log(riverside.ana, strength, now=now + timedelta(hours=1)).log.due is None
    assert states(from_on__lte=TUESDAY) == ["done"]


def test_yesterday_fills_the_window_that_closed_in_silence(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now - 2 * DAY)
    ledger.close(now=now)
    logged = log(riverside.ana, strength, now=now, on=TUESDAY - DAY)
    assert logged.log.due.from_on == TUESDAY - DAY
    assert logged.log.performed_at == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert states(from_on__lte=TUESDAY) == ["unanswered", "done", "due"]


def test_so_many_a_week_fill_the_weeks_windows_on_any_days(riverside: Cast, now: datetime) -> None:
    monday = now - DAY
    strength = prescribe(riverside, now=monday, schedule=per_week(3))  # Mon-Tue, Wed-Thu, Fri-Sun
    for at in (monday, now, now + timedelta(hours=3)):
        assert log(riverside.ana, strength, now=at).log.due is not None
    week = {"from_on__lte": date(2026, 11, 29)}
    assert states(**week) == ["done", "done", "done"]
    assert log(riverside.ana, strength, now=now + DAY).log.due is None  # a fourth is extra


def test_so_many_a_week_fill_the_open_window_before_one_that_closed(riverside: Cast, now: datetime) -> None:
    monday = now - DAY
    strength = prescribe(riverside, now=monday, schedule=per_week(3))
    thursday = now + 2 * DAY
    ledger.close(now=thursday)
    week = {"from_on__lte": date(2026, 11, 29)}
    for at, expected in (
        (thursday, ["unanswered", "done", "due"]),
        (thursday + timedelta(hours=1), ["unanswered", "done", "done"]),
        (thursday + timedelta(hours=2), ["done", "done", "done"]),
    ):
        log(riverside.ana, strength, now=at)
        assert states(**week) == expected


def test_so_many_a_week_never_fill_another_week(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now - DAY, schedule=per_week(1))
    log(riverside.ana, strength, now=now)
    assert log(riverside.ana, strength, now=now + DAY).log.due is None
    assert states()[:2] == ["done", "due"]


def test_block_tied_to_runs_has_no_window(riverside: Cast, now: datetime) -> None:
    warm_up = prescribe(riverside, now=now, schedule=BEFORE_RUN)
    assert log(riverside.ana, warm_up, now=now).log.due is None


def test_page_of_an_edition_that_was_replaced_fills_the_window_of_its_lineage(
    riverside: Cast, strength: Block, now: datetime
) -> None:
    moved = planned(make_exercise("Other"), lineage=strength.lineage)
    publish(strength.version.program, moved, by=riverside.tess, now=now, on=TUESDAY, reason="Easier")
    logged = log(riverside.ana, strength, now=now)
    assert logged.log.block == strength
    assert logged.log.due.block.lineage == strength.lineage
    assert states(from_on=TUESDAY, state="done") == ["done"]


# ---- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "code"), [(1, "in_the_future"), (-2, "too_long_ago"), (-400, "too_long_ago")])
def test_only_today_and_yesterday_can_be_logged(
    riverside: Cast, strength: Block, now: datetime, days: int, code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        log(riverside.ana, strength, now=now, on=TUESDAY + days * DAY)
    assert not SessionLog.objects.exists()


def test_today_is_the_athletes_own(riverside: Cast, strength: Block) -> None:
    riverside.ana.time_zone = "Pacific/Auckland"
    riverside.ana.save()
    late = datetime(2026, 11, 24, 13, tzinfo=UTC)  # 25 November, 02:00, in Auckland
    assert log(riverside.ana, strength, now=late, on=TUESDAY + DAY).log.performed_on == TUESDAY + DAY


def test_discharged_cannot_log_but_on_hold_can(riverside: Cast, strength: Block, now: datetime) -> None:
    athletes.hold(athlete=riverside.ana, reason="Flare", by=riverside.tess, now=now)
    assert log(riverside.ana, strength, now=now, on=TUESDAY - DAY).log.pk  # what was done was done
    athletes.discharge(athlete=riverside.ana, reason="Well", by=riverside.tess, now=now)
    with pytest.raises(DomainError, match="discharged"):
        log(riverside.ana, strength, now=now)


def test_only_prescribed_exercises_each_once(riverside: Cast, strength: Block, now: datetime) -> None:
    other = prescribe(riverside, now=now, title="Mobility")
    stranger = Told(lines_of(riverside.ana, other.pk)[0].pk, "done")
    own = Told(lines_of(riverside.ana, strength.pk)[0].pk, "done")
    for told in ((), (stranger,), (own, stranger), (own, own)):
        with pytest.raises(DomainError, match="not_prescribed"):
            log(riverside.ana, strength, now=now, told=told)


@pytest.mark.parametrize("score", [-1, 11])
@pytest.mark.parametrize("field", ["pain_during", "pain_after"])
def test_pain_off_the_scale_is_refused(riverside: Cast, strength: Block, now: datetime, field: str, score: int) -> None:
    with pytest.raises(DomainError, match="pain_out_of_range") as caught:
        log(riverside.ana, strength, now=now, **{field: score})
    assert caught.value.field == field


def test_skipped_needs_a_reason_and_keeps_only_its_own(riverside: Cast, strength: Block, now: datetime) -> None:
    with pytest.raises(DomainError, match="reason_missing"):
        log(riverside.ana, strength, now=now, done="skipped", skipped_reason="")
    done = log(riverside.ana, strength, now=now, done="done", skipped_reason="ill").log
    assert set(done.entries.values_list("skipped_reason", flat=True)) == {""}


def test_sides_follow_from_done_and_are_asked_of_partly(riverside: Cast, now: datetime) -> None:
    sided = prescribe(riverside, now=now, dose=EACH_SIDE, title="Sided")
    with pytest.raises(DomainError, match="side_missing"):
        log(riverside.ana, sided, now=now, done="partly")
    for done, said, kept in (("done", "", "both"), ("partly", "left", "left"), ("skipped", "left", "")):
        row = log(riverside.ana, sided, now=now, done=done, side_done=said).log
        assert set(row.entries.values_list("side_done", flat=True)) == {kept}


# ---- what pain calls for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ({"pain_during": 6}, 6),
        ({"pain_after": 6}, 6),
        ({"pain_during": 3, "pain_after": 9}, 9),
        ({"stopped_for_pain": True, "pain_during": 2}, 2),
        ({"stopped_for_pain": True}, None),
    ],
)
def test_pain_over_the_line_opens_one_alert(
    riverside: Cast, strength: Block, now: datetime, said: dict[str, int], score: int | None
) -> None:
    logged = log(riverside.ana, strength, now=now, **said)
    alert = Alert.objects.get()
    assert logged.alert == alert
    assert (alert.kind, alert.level, alert.owner) == ("P1", "P1", riverside.tess)
    assert alert.evidence["score"] == score
    assert alert.evidence["log"] == str(logged.log.pk)
    assert [finding.kind for finding in logged.findings] == ["P1"]
    assert Message.objects.filter(kind="alert", recipient=riverside.tess).count() == 1


@pytest.mark.parametrize("said", [{}, {"pain_during": 5, "pain_after": 5}, {"pain_during": 0}])
def test_pain_below_the_line_opens_none(riverside: Cast, strength: Block, now: datetime, said: dict[str, int]) -> None:
    assert log(riverside.ana, strength, now=now, **said).findings == ()
    assert not Alert.objects.exists()


def test_line_is_the_clinics_own(riverside: Cast, strength: Block, now: datetime) -> None:
    EscalationRule.objects.filter(kind="P1").update(thresholds={"pain_at_least": 4})
    assert log(riverside.ana, strength, now=now, pain_during=4).alert is not None
    EscalationRule.objects.filter(kind="P1").update(enabled=False)
    assert log(riverside.ana, strength, now=now, pain_during=10).findings == ()


def test_skipping_as_too_painful_opens_an_alert_for_days(riverside: Cast, strength: Block, now: datetime) -> None:
    session = tell(riverside.ana, strength, on=TUESDAY, done="skipped", skipped_reason="too_painful")
    logged, again = (log(riverside.ana, strength, now=now, session=session) for _ in range(2))
    alert = Alert.objects.get()
    assert logged.alert == alert
    assert (alert.kind, alert.level, alert.owner) == ("P3", "P3", riverside.tess)
    assert (alert.evidence["left_out"], alert.evidence["log"]) == (2, str(logged.log.pk))
    assert again.repeated
    assert again.findings == logged.findings
    for days, bells in ((1, 1), (6, 1), (7, 2)):
        later = now + days * DAY
        log(riverside.ana, strength, now=later, done="skipped", skipped_reason="too_painful")
        assert Message.objects.filter(kind="alert", recipient=riverside.tess).count() == bells
    lines = lines_of(riverside.ana, strength.pk)
    milder = tuple(Told(line.pk, "skipped", "", why) for line, why in zip(lines, ("too_painful", "ill"), strict=True))
    log(
        riverside.ana,
        strength,
        now=later,
        session=replace(session, client_id=uuid4(), performed_on=later.date(), told=milder),
    )
    alert.refresh_from_db()
    assert alert.events.filter(kind="finding").count() == 4
    assert alert.evidence["left_out"] == 2  # nobody has read the worst one yet


def test_other_reasons_to_skip_open_none(riverside: Cast, strength: Block, now: datetime) -> None:
    assert log(riverside.ana, strength, now=now, done="skipped", skipped_reason="too_tired").findings == ()
    EscalationRule.objects.filter(kind="P3").update(enabled=False)
    assert log(riverside.ana, strength, now=now, done="skipped", skipped_reason="too_painful").findings == ()
    assert not Alert.objects.exists()


def test_failing_alert_takes_the_log_with_it(
    riverside: Cast, strength: Block, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(alerts, "open_or_append", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        log(riverside.ana, strength, now=now, pain_during=8)
    assert not SessionLog.objects.exists()
    assert states(from_on=TUESDAY) == ["due"]


def test_log_takes_waiting_nudges_back(riverside: Cast, strength: Block, now: datetime) -> None:
    messages.enqueue(
        kind="nudge", key="n", to=riverside.ana.member, path="/me/", delivery="at_most_once", due_at=now, now=now
    )
    log(riverside.ana, strength, now=now)
    assert Message.objects.get(kind="nudge").state == Message.State.SKIPPED


# ---- corrections -------------------------------------------------------------------------------------------------


def test_correction_is_a_new_row_about_the_same_window(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now, pain_during=2).log
    later = now + 5 * DAY  # a correction may come late
    second = log(riverside.ana, strength, now=later, on=TUESDAY, done="partly", corrects=first.pk).log
    first.refresh_from_db()
    assert (first.outcome, first.pain_during, first.correction) == ("done", 2, second)
    assert (second.due, second.performed_at, second.recorded_at) == (first.due, first.performed_at, later)
    assert states(from_on=TUESDAY) == ["partly"]


def test_log_is_corrected_once_and_its_correction_again(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now).log
    second = log(riverside.ana, strength, now=now, corrects=first.pk, note="a").log
    with pytest.raises(ConflictError, match="already_corrected") as caught:
        log(riverside.ana, strength, now=now, corrects=first.pk, note="b")
    assert caught.value.params["kept"] == second
    assert log(riverside.ana, strength, now=now, corrects=second.pk, note="b").log.corrects == second


def test_correction_names_an_own_log_of_that_block_and_day(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now).log
    other = prescribe(riverside, now=now, title="Mobility")
    for part, on, corrects in (
        (strength, TUESDAY, uuid4()),
        (strength, TUESDAY - DAY, first.pk),
        (other, TUESDAY, first.pk),
    ):
        with pytest.raises(DomainError, match="nothing_to_correct"):
            log(riverside.ana, part, now=now, on=on, corrects=corrects)


def test_correction_rings_only_for_what_is_worse(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now, pain_during=7)
    alerts.acknowledge(alert=first.alert, by=riverside.tess, now=now)

    same = log(riverside.ana, strength, now=now, pain_during=7, note="Left side", corrects=first.log.pk)
    assert same.alert is None
    assert [finding.kind for finding in same.findings] == ["P1"]  # the stop card shows all the same
    assert Alert.objects.get().state == Alert.State.ACKNOWLEDGED
    assert AlertEvent.objects.filter(kind="corrected").count() == 1

    worse = log(riverside.ana, strength, now=now, pain_during=9, corrects=same.log.pk)
    assert worse.alert == first.alert
    assert Alert.objects.get().state == Alert.State.OPEN


def test_correction_tells_of_what_is_left_out_once(riverside: Cast, strength: Block, now: datetime) -> None:
    lines = lines_of(riverside.ana, strength.pk)

    def said(*reasons: str, **more: object) -> sessions.Session:
        told = tuple(Told(line.pk, "skipped", "", why) for line, why in zip(lines, reasons, strict=True))
        return sessions.Session(uuid4(), TUESDAY, told, **more)  # type: ignore[arg-type]

    one = log(riverside.ana, strength, now=now, session=said("too_painful", "ill"))
    two = log(riverside.ana, strength, now=now, session=said("too_painful", "ill", note="a", corrects=one.log.pk))
    assert (one.alert is not None, two.alert) == (True, None)
    three = log(riverside.ana, strength, now=now, session=said("too_painful", "too_painful", corrects=two.log.pk))
    assert three.alert == one.alert
    four = log(riverside.ana, strength, now=now, session=said("ill", "ill", pain_during=7, corrects=three.log.pk))
    assert four.alert is not None
    assert four.alert.kind == "P1"
    five = log(riverside.ana, strength, now=now, session=said("too_painful", "ill", corrects=four.log.pk))
    assert five.alert is None  # the P1 of the same session is on somebody's list


def test_correction_to_less_pain_leaves_the_alert_to_a_person(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now, pain_during=8)
    log(riverside.ana, strength, now=now, pain_during=1, corrects=first.log.pk)
    assert Alert.objects.get().state == Alert.State.OPEN


# ---- cost --------------------------------------------------------------------------------------------------------


def counted(block: Block, riverside: Cast, now: datetime) -> int:
    lines = lines_of(riverside.ana, block.pk)
    session = tell(riverside.ana, block, on=TUESDAY, pain_during=2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sessions.log(
            athlete=riverside.ana,
            block=block,
            lines=lines,
            session=session,
            source="page",
            by=riverside.ana.member,
            now=now,
        )
    return sum("SAVEPOINT" not in query["sql"] and query["sql"] not in {"BEGIN", "COMMIT"} for query in queries)


def test_log_costs_the_same_for_one_exercise_and_for_twelve(riverside: Cast, now: datetime) -> None:
    one = prescribe(riverside, now=now, exercises=1, title="Short")
    twelve = prescribe(riverside, now=now, exercises=12, title="Long")
    assert counted(one, riverside, now) == counted(twelve, riverside, now) == 9
