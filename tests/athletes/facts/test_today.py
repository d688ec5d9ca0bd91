"""The facts of the runner's first page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from athletes.actions import alerts, athletes, ledger
from athletes.facts.left_out import left_out
from athletes.facts.lines import cards_of
from athletes.facts.today import Today, today
from athletes.models import Alert
from clinic.actions import audit
from tests.cast import Cast, make_athlete
from tests.leaving_out import skip
from tests.prescribing import BEFORE_RUN, TEN, block, make_exercise, per_week, publish
from tests.telling import log, morning, prescribe

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def facts(cast: Cast, now: datetime) -> Today:
    cast.ana.refresh_from_db()
    return today(cast.ana, now=now)


def titles(cards: list[object]) -> list[str]:
    return [card.title for card in cards]  # type: ignore[attr-defined]


def test_due_block_says_what_it_takes(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now, exercises=4)
    card = facts(riverside, now).due[0]
    seconds = 4 * TEN.seconds()
    assert (card.title, card.exercises, card.minutes, card.first) == ("Strength", 4, round(seconds / 60), "Strength 1")


def test_logged_block_is_no_longer_due(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    prescribe(riverside, now=now, title="Mobility")
    log(riverside.ana, strength, now=now, done="partly")
    page = facts(riverside, now)
    assert titles(page.due) == ["Mobility"]
    assert [(bout.title, bout.outcome) for bout in page.done] == [("Strength", "partly")]
    assert page.next.title == "Strength"
    assert page.next.from_on == TUESDAY + DAY


def test_blocks_tied_to_runs_are_beside_what_is_due(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now, schedule=BEFORE_RUN, title="Warm-up")
    page = facts(riverside, now)
    assert (page.state, page.due, titles(page.occasional)) == ("ready", [], ["Warm-up"])


def test_only_the_edition_in_force_is_shown(riverside: Cast, now: datetime) -> None:
    first = prescribe(riverside, now=now)
    program = first.version.program
    other = make_exercise("Other")
    publish(
        program, block(other, lineage=first.lineage, title="Tomorrow's"), by=riverside.tess, now=now, on=TUESDAY + DAY
    )
    assert titles(facts(riverside, now).due) == ["Strength"]
    assert titles(facts(riverside, now + DAY).due) == ["Tomorrow's"]
    sooner = block(other, lineage=first.lineage, title="Today's")
    publish(program, sooner, by=riverside.tess, now=now, on=TUESDAY)
    assert titles(cards_of(riverside.ana, TUESDAY)) == ["Today's"]
    assert titles(cards_of(riverside.ana, TUESDAY + DAY)) == ["Today's"]  # a later edition replaces the one ahead


def test_draft_and_ended_programs_are_not_shown(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    program = strength.version.program
    program.state, program.ended_on = "ended", TUESDAY
    program.save()
    assert cards_of(riverside.ana, TUESDAY) == []


def test_program_that_begins_later_is_ready_with_nothing_due(riverside: Cast, now: datetime) -> None:
    assert facts(riverside, now).state == "no_program"
    prescribe(riverside, now=now, on=TUESDAY + 3 * DAY)
    page = facts(riverside, now)
    assert (page.state, page.due, page.next.from_on) == ("ready", [], TUESDAY + 3 * DAY)


def test_states_that_ask_for_nothing(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    until = TUESDAY + 2 * DAY
    athletes.pause(athlete=riverside.ana, from_on=TUESDAY, until_on=until, reason="Race", by=riverside.tess, now=now)
    page = facts(riverside, now)
    assert (page.state, page.due, page.paused_until) == ("paused", [], until)
    assert facts(riverside, now + 3 * DAY).state == "ready"

    athletes.hold(athlete=riverside.ana, reason="Flare", by=riverside.tess, now=now)
    assert (facts(riverside, now).state, facts(riverside, now).due) == ("on_hold", [])
    athletes.discharge(athlete=riverside.ana, reason="Well", by=riverside.tess, now=now)
    page = facts(riverside, now)
    assert (page.state, page.due, page.yesterday, page.morning) == ("discharged", [], [], None)


def test_pause_without_an_end_has_none(riverside: Cast, now: datetime) -> None:
    prescribe(riverside, now=now)
    athletes.pause(athlete=riverside.ana, from_on=TUESDAY, until_on=None, reason="", by=riverside.tess, now=now)
    assert (facts(riverside, now).state, facts(riverside, now).paused_until) == ("paused", None)


def test_silent_session_of_yesterday_can_still_be_told(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now - DAY)
    ledger.close(now=now)
    assert [expected.block for expected in facts(riverside, now).yesterday] == [strength.pk]
    log(riverside.ana, strength, now=now, on=TUESDAY - DAY)
    assert facts(riverside, now).yesterday == []


def test_morning_is_asked_once_after_a_session(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    log(riverside.ana, strength, now=now)
    assert facts(riverside, now).morning is None  # not on the day itself
    wednesday = now + DAY
    assert facts(riverside, wednesday).morning.title == "Strength"
    assert facts(riverside, wednesday.replace(hour=5, minute=59)).morning is None
    assert facts(riverside, wednesday.replace(hour=12)).morning is None
    morning(riverside.ana, None, now=wednesday)  # "not sure" is an answer
    assert facts(riverside, wednesday).morning is None


def test_morning_follows_the_runners_clock(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    riverside.ana.time_zone = "America/New_York"
    riverside.ana.save()
    log(riverside.ana, strength, now=now.replace(hour=20))
    wednesday = now + DAY
    assert facts(riverside, wednesday).morning is None  # 02:00 in New York
    assert facts(riverside, wednesday.replace(hour=12)).morning is not None


def test_morning_is_not_asked_after_a_missed_session(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    log(riverside.ana, strength, now=now, done="skipped")
    assert facts(riverside, now + DAY).morning is None


def test_correction_tells_the_day_once(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    first = log(riverside.ana, strength, now=now).log
    second = log(riverside.ana, strength, now=now, done="skipped", corrects=first.pk).log
    page = facts(riverside, now)
    assert [bout.pk for bout in page.done] == [second.pk]
    assert {day.on: day.glyph for day in page.week}[TUESDAY] == "missed"


def test_week_draws_each_day(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now - DAY)
    ledger.close(now=now)
    log(riverside.ana, strength, now=now)
    page = facts(riverside, now)
    assert [day.glyph for day in page.week] == ["unknown", "done", "free", "free", "free", "free", "free"]
    assert page.comes == {TUESDAY + n * DAY for n in range(1, 6)}


def test_so_many_a_week_are_offered_on_any_day(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now - DAY, schedule=per_week(3))
    card = facts(riverside, now).due[0]
    assert (card.nth, card.of, card.span) == (1, 3, "week")
    log(riverside.ana, strength, now=now)
    page = facts(riverside, now + timedelta(hours=1))
    assert page.due == []
    assert [(card.nth, card.of) for card in page.any_day] == [(2, 3)]


def test_pain_over_the_line_puts_nothing_first_until_a_person_answers(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    prescribe(riverside, now=now, title="Mobility")
    prescribe(riverside, now=now, schedule=BEFORE_RUN, title="Warm-up")
    log(riverside.ana, strength, now=now, pain_during=8)
    page = facts(riverside, now)
    assert (page.stopped, page.pain_on, titles(page.rows), page.occasional) == (True, TUESDAY, ["Mobility"], [])
    wednesday = facts(riverside, now + DAY)
    assert (wednesday.stopped, wednesday.pain_on, wednesday.occasional) == (True, TUESDAY, [])
    assert titles(wednesday.rows) == ["Strength", "Mobility"]  # what was done all the same can be told
    alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=riverside.tess, now=now)
    wednesday = facts(riverside, now + DAY)
    assert (wednesday.stopped, titles(wednesday.occasional)) == (False, ["Warm-up"])


def test_reader_is_named_only_after_the_newest_log(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    opened = {"by": riverside.tess, "about": riverside.ana, "subjects": [riverside.ana.pk]}
    audit.record("athlete.opened", now=now - DAY, **opened)
    log(riverside.ana, strength, now=now)
    assert facts(riverside, now).read is None
    audit.record("athlete.opened", by=riverside.finn, now=now, about=riverside.ana)  # may not read logs
    audit.record("athlete.opened", by=riverside.theo, now=now, about=riverside.tess)  # someone else's record
    assert facts(riverside, now).read is None
    audit.record("athlete.opened", now=now + timedelta(hours=1), **opened)
    read = facts(riverside, now + timedelta(hours=2)).read
    assert (read.name, read.log_on) == ("Tess", TUESDAY)


@pytest.mark.parametrize("exercises", [1, 12])
def test_page_costs_five_queries_whatever_is_on_it(riverside: Cast, now: datetime, exercises: int) -> None:
    for title in ("Strength", "Mobility")[:exercises]:
        log(riverside.ana, prescribe(riverside, now=now, exercises=exercises, title=title), now=now)
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    with CaptureQueriesContext(connection) as queries:
        page = today(riverside.ana, now=at)
    assert page.morning is not None
    assert len(queries) == 5


def test_what_is_left_out_costs_one_query_more(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now, exercises=3)
    skip(riverside, strength, now=now, painful=["Strength 2", "Strength 3"])
    with CaptureQueriesContext(connection) as queries:
        page = today(riverside.ana, now=now + DAY)
    assert page.left_out == {strength.pk: ["Strength 2", "Strength 3"]}
    assert len(queries) == 6


def test_left_out_is_what_was_too_painful_since_the_alert_opened(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now, exercises=4)
    skip(riverside, strength, now=now, painful=["Strength 1"])
    alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=riverside.tess, now=now)
    now += HOUR
    first = skip(riverside, strength, now=now, painful=["Strength 2"]).log
    skip(riverside, strength, now=now, painful=["Strength 4"])
    assert facts(riverside, now).left_out == {strength.pk: ["Strength 2", "Strength 4"]}
    alerts.acknowledge(alert=Alert.objects.exclude(state="resolved").get(), by=riverside.tess, now=now)
    now += HOUR
    skip(riverside, strength, now=now, painful=["Strength 3"], corrects=first.pk)
    names = ["Strength 2", "Strength 3", "Strength 4"]  # a correction takes nothing back: only a person does
    assert facts(riverside, now).left_out == {strength.pk: names}
    assert left_out(riverside.ana) == {
        line.exercise_id for line in strength.prescriptions.all() if line.exercise.name in names
    }


def test_other_reasons_and_pain_over_the_line_leave_no_exercise_out(riverside: Cast, now: datetime) -> None:
    strength = prescribe(riverside, now=now)
    log(riverside.ana, strength, now=now, done="skipped", skipped_reason="too_tired", pain_during=8)
    assert (facts(riverside, now).left_out, left_out(riverside.ana)) == ({}, frozenset())


def test_another_runner_sees_nothing_of_it(riverside: Cast, now: datetime) -> None:
    log(riverside.ana, prescribe(riverside, now=now), now=now, pain_during=8)
    amy = make_athlete("Amy Ruiz", by=riverside.tess, clinic_slug="riverside")
    skip(riverside, prescribe(riverside, now=now, title="Hips"), now=now, painful=["Hips 1"])
    page = today(amy, now=now + DAY)
    assert (page.left_out, left_out(amy)) == ({}, frozenset())
    assert (page.state, page.recent, page.morning, page.pain_on, page.read) == ("no_program", [], None, None, None)
