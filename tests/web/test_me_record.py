"""History, program and reminders: what the runner reads, and the one thing they set."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from athletes.actions import alerts, athletes
from athletes.models import Alert, Athlete, Block
from clinic.actions import messages
from clinic.models import AuditEvent, Clinic, Member, Message, Suppression
from tests.cast import Cast
from tests.leaving_out import skip
from tests.prescribing import TEN, block, make_exercise, per_week, publish
from tests.telling import log, morning, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
HISTORY, PROGRAM, REMINDERS = "/me/history/", "/me/program/", "/me/reminders/"
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ana.member)


@pytest.fixture
def strength(cast: Cast, within: Within, now: datetime) -> Block:
    with within(cast.riverside):
        return prescribe(cast, now=now)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def queries_of(ana: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert ana.get(path).status_code == 200
    return len(queries)


# ---- history -----------------------------------------------------------------------------------------------------


def test_history_shows_what_was_told(cast: Cast, ana: Client, within: Within, strength: Block, now: datetime) -> None:
    assert "Nothing logged yet." in text(ana.get(HISTORY))
    with within(cast.riverside):
        log(cast.ana, strength, now=now, done="skipped", skipped_reason="too_painful", pain_during=7, note="Left side")
        morning(cast.ana, 3, now=now)
    page = text(ana.get(HISTORY))
    for shown in ("Today", "Strength 1: skipped, too painful", "Left side", "Next morning", "0 of 2"):
        assert shown in page
    assert 'class="pain pain-stop"' in page  # 7, by shape as well
    assert 'class="pain pain-watch"' in page  # 3
    assert 'class="pain pain-none"' in page  # pain after was not told: unknown, not zero


def test_history_strikes_a_corrected_log_through(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        first = log(cast.ana, strength, now=now, pain_during=4).log
        second = log(cast.ana, strength, now=now, pain_during=2, corrects=first.pk).log
    page = text(ana.get(HISTORY))
    assert page.count("is-corrected") == 1
    assert reverse("athletes:correct", args=[second.pk]) in page
    assert reverse("athletes:correct", args=[first.pk]) not in page


def test_history_costs_the_same_for_one_day_and_thirty(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    def fill(first: int, last: int) -> None:
        with within(cast.riverside):
            for n in range(first, last):
                log(cast.ana, strength, now=now + n * DAY, pain_during=n % 6)
                morning(cast.ana, n % 4, now=now + n * DAY)

    fill(0, 1)
    ana.get(HISTORY)
    one = queries_of(ana, HISTORY)
    fill(1, 30)
    assert queries_of(ana, HISTORY) == one
    fill(30, 32)
    page = text(ana.get(HISTORY))
    assert 'href="?page=2"' in page
    assert 'href="?page=1"' in text(ana.get(HISTORY, {"page": "2"}))


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "99999999999"])
def test_history_has_no_such_page(ana: Client, page: str) -> None:
    assert ana.get(HISTORY, {"page": page}).status_code == 404


def test_history_is_ones_own(cast: Cast, sign_in: SignIn, within: Within, strength: Block, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, strength, now=now, note="Secret words")
    assert "Secret words" not in text(sign_in(cast.ben.member).get(HISTORY))


# ---- program -----------------------------------------------------------------------------------------------------


def test_program_reads_as_phrases(ana: Client, strength: Block) -> None:
    page = text(ana.get(PROGRAM))
    assert "every day" in page
    assert "3 × 10" in page
    assert "Version 1, from 24 November, by Tess Lindqvist" in page
    assert "What changed" not in page


def test_program_says_what_changed_and_why(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        program, other = strength.version.program, make_exercise("Plank")
        first = strength.prescriptions.first().exercise
        changed = replace(
            block(first, other, lineage=strength.lineage, dose=replace(TEN, sets=2)), schedule=per_week(3)
        )
        publish(program, changed, by=cast.tess, now=now, on=TUESDAY, reason="Sore mornings")
    page = text(ana.get(PROGRAM))
    for shown in ("Version 2", "Sore mornings", "3 times a week, any days", "Plank", "instead of"):
        assert shown in page
    assert "<del>every day</del>" in page
    assert '<del class="inline">Strength 2</del>' in page
    assert "<ins>2 × 10</ins> <del>3 × 10</del>" in page


def test_program_tells_of_an_edition_ahead(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        later = block(make_exercise("Plank"), lineage=strength.lineage)
        publish(strength.version.program, later, by=cast.tess, now=now, on=TUESDAY + 3 * DAY, reason="Stronger")
    page = text(ana.get(PROGRAM))
    assert "A new version takes over on Friday 27 November." in page
    assert "Plank" not in page
    assert "Version 1" in page


def test_program_says_nothing_of_an_edition_that_never_came(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime, clock: Clock
) -> None:
    with within(cast.riverside):
        first = strength.prescriptions.first().exercise
        for name, on in (("Plank", TUESDAY + 6 * DAY), ("Bridge", TUESDAY + DAY)):
            later = block(first, make_exercise(name), lineage=strength.lineage)
            publish(strength.version.program, later, by=cast.tess, now=now, on=on)
    page = text(ana.get(PROGRAM))
    assert "A new version takes over on Wednesday 25 November." in page
    clock(now + DAY)
    page = text(ana.get(PROGRAM))
    assert "A new version takes over" not in page
    assert '<b>Bridge</b> instead of <del class="inline">Strength 2</del>' in page


def test_program_says_what_to_leave_out_until_the_clinic_answers(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        skip(cast, strength, now=now, painful=["Strength 2"])
        first, second = (line.exercise for line in strength.prescriptions.all())
        anew = block(second, first, lineage=strength.lineage)
        publish(strength.version.program, anew, by=cast.tess, now=now, on=TUESDAY)
    page = text(ana.get(PROGRAM))
    lines = page[page.rindex('class="block-head"') :].split('class="due"')[1:]
    assert ["Leave it out until Riverside says otherwise." in line for line in lines] == [True, False]
    with within(cast.riverside):
        alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=cast.tess, now=now)
    assert "says otherwise" not in text(ana.get(PROGRAM))


def test_program_leads_to_an_exercise_and_back(cast: Cast, ana: Client, within: Within, strength: Block) -> None:
    with within(cast.riverside):
        exercise = reverse("exercises:exercise", args=[strength.prescriptions.all()[0].exercise_id])
    assert f'href="{exercise}?back=/me/program/"' in text(ana.get(PROGRAM))


def test_program_that_begins_later_says_when(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    assert "No program is running." in text(ana.get(PROGRAM))
    with within(cast.riverside):
        prescribe(cast, now=now, on=TUESDAY + 3 * DAY)
    assert "Begins on Friday 27 November." in text(ana.get(PROGRAM))


def test_program_costs_the_same_for_one_program_and_three(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    ana.get(PROGRAM)
    one = queries_of(ana, PROGRAM)
    with within(cast.riverside):
        for title in ("Calf", "Hip"):
            prescribe(cast, now=now, title=title, exercises=6)
    assert queries_of(ana, PROGRAM) == one


# ---- reminders ---------------------------------------------------------------------------------------------------


def test_reminders_can_be_moved_and_stopped(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    page = text(ana.get(REMINDERS))
    assert 'value="yes" checked' in page
    assert '<option value="10:00" selected>' in page
    with within(cast.riverside):
        messages.enqueue(
            kind="nudge", key="n", to=cast.ana.member, path="/me/", delivery="at_most_once", due_at=now, now=now
        )
    response = ana.post(REMINDERS, {"wanted": "no", "remind_at": "18:30"})
    assert (response.status_code, response["Location"]) == (303, "/me/reminders/?saved")
    page = text(ana.get(response["Location"]))
    assert "Saved." in page
    assert 'value="no" checked' in page
    assert '<option value="18:30" selected>' in page
    with within(cast.riverside):
        assert Athlete.objects.get(pk=cast.ana.pk).remind_at == time(18, 30)
        assert Suppression.objects.get().reason == "setting"
        assert Message.objects.get(kind="nudge").state == Message.State.SKIPPED
        assert AuditEvent.objects.filter(verb="athlete.reminders_set").count() == 1
    ana.post(REMINDERS, {"wanted": "yes", "remind_at": "18:30"})
    with within(cast.riverside):
        assert not Suppression.objects.exists()
        assert AuditEvent.objects.filter(verb="athlete.reminders_set").count() == 1


@pytest.mark.parametrize(
    "said", [{"wanted": "no", "remind_at": "07:30"}, {"wanted": "no", "remind_at": "21:00"}, {"remind_at": "10:00"}]
)
def test_reminders_stay_within_the_clinics_hours(cast: Cast, ana: Client, within: Within, said: dict[str, str]) -> None:
    assert ana.post(REMINDERS, said).status_code == 422
    with within(cast.riverside):
        assert Athlete.objects.get(pk=cast.ana.pk).remind_at == time(10)
        assert not Suppression.objects.exists()


def test_reminders_tell_why_they_stopped(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        messages.suppress(member=cast.ana.member, kind="nudge", reason="bounced", by=None, now=now)
    page = text(ana.get(REMINDERS))
    assert "Mail to ana@riverside.example came back" in page
    assert "Ask Riverside" in page


def test_reminders_open_in_every_state(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        athletes.discharge(athlete=cast.ana, reason="Well", by=cast.tess, now=now)
    assert ana.get(REMINDERS).status_code == 200
