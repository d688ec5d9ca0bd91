"""One runner's record: all of it for a clinician, contact and adherence for an assistant, nothing for anyone else."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from athletes.actions import alerts, athletes, care, pain
from athletes.actions.pain import Answer
from athletes.models import Alert, Athlete, DueSession, Pause, SessionLog
from clinic.actions import messages
from clinic.models import AuditEvent, Clinic, Member
from tests.cast import Cast
from tests.prescribing import block as planned
from tests.prescribing import make_exercise, publish
from tests.telling import EACH_SIDE, log, morning, prescribe, tell

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
Page = Callable[..., HttpResponse]
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NEVER = UUID("01900000-0000-7000-8000-000000000000")


@pytest.fixture
def page(cast: Cast, sign_in: SignIn) -> Page:
    """Open Ana's record as someone of the cast."""

    def opened(who: str = "tess", **asked: str) -> HttpResponse:
        return sign_in(getattr(cast, who)).get(f"/athletes/{cast.ana.pk}/", asked)

    return opened


def text(response: HttpResponse) -> str:
    """Return the page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("who", ["olive", "tess", "theo", "finn"])
def test_record_is_open_to_everyone_who_works_here(page: Page, who: str) -> None:
    response = page(who)
    assert response.status_code == 200
    assert "Ana Duarte" in text(response)
    assert "Week 1 in care" in text(response) or "Low back · week 1" in text(response)


def test_record_is_closed_to_runners_even_their_own(cast: Cast, sign_in: SignIn, client: Client) -> None:
    url = f"/athletes/{cast.ana.pk}/"
    assert sign_in(cast.ana.member).get(url).status_code == 403
    assert client.get(url)["Location"].startswith("/account/login/")


def test_other_clinics_record_is_the_404_of_one_that_never_existed(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.hugo)
    theirs, nowhere = browser.get(f"/athletes/{cast.ana.pk}/"), browser.get(f"/athletes/{NEVER}/")
    assert theirs.status_code == nowhere.status_code == 404
    assert unmarked(theirs) == unmarked(nowhere)
    assert browser.get(f"/athletes/{cast.ben.pk}/").status_code == 200


def unmarked(response: HttpResponse) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def test_opening_is_audited_once(cast: Cast, page: Page, within: Within) -> None:
    page("theo")
    with within(cast.riverside):
        event = AuditEvent.objects.get(verb="athlete.opened")
    assert (event.actor_id, event.subject_ids) == (cast.theo.pk, [str(cast.ana.pk)])


def test_log_tells_doses_sides_pain_effort_reason_and_note(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now, dose=EACH_SIDE, title="Core")
        log(
            cast.ana,
            block,
            now=now,
            done="partly",
            side_done="left",
            pain_during=4,
            effort=3,
            note="Easier <b>lying</b>",
        )
        log(cast.ana, block, now=now + HOUR, done="skipped", skipped_reason="too_painful")
    body = text(page())
    assert "Core 1 2 × 8 each side Partly, Left only" in body
    assert "effort moderate" in body
    assert "Easier &lt;b&gt;lying&lt;/b&gt;" in page().content.decode()
    assert "Skipped: Too painful" in body
    told = re.search(r"during(.*?)effort", page().content.decode(), flags=re.DOTALL).group(1)
    assert "pain-watch" in told  # 4 during
    assert "pain-none" in told  # after: never told, so neither zero nor green
    assert "pain-calm" not in told


def test_corrected_log_stays_readable_beside_its_correction(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        first = log(cast.ana, block, now=now, pain_during=3, note="Said three").log
        mended = tell(cast.ana, block, on=TODAY, pain_during=5, note="Meant five", corrects=first.pk)
        log(cast.ana, block, now=now + HOUR, session=mended)
    body = text(page())
    assert "Said three" in body
    assert "Meant five" in body
    assert "this is what was first logged" in body
    assert page().context["found"].as_written == (2, 2)  # the corrected one is not counted again


def test_alert_leads_to_its_page_with_the_target(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
        alert = Alert.objects.get()
    response = page()
    assert "Pain 8 in a session. Acknowledge by today 17:00." in text(response)
    assert f'href="/alerts/{alert.pk}/"' in response.content.decode()
    with within(cast.riverside):
        alerts.resolve(alert=alert, outcome="talked", note="", by=cast.tess, now=now)
    assert "Acknowledge by" not in text(page())
    assert "Resolved by Tess Lindqvist: Talked, no change" in text(page())


def test_programs_show_the_edition_in_force_what_comes_and_what_was(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        made = prescribe(cast, now=now, title="Core")
        program = made.version.program
        squat = make_exercise("Squat")
        later = planned(squat, title="Core", lineage=made.lineage)
        publish(program, later, by=cast.tess, now=now, on=TODAY + 3 * DAY, reason="Ready for more")
    body = text(page())
    assert "v1 since 24 Nov" in body
    assert "Core 1" in body
    assert "v2 takes over on Fri 27 Nov" in body
    assert "2 versions" in body
    assert "Ready for more" in body
    clock(now + 3 * DAY)
    assert "v2 since 27 Nov" in text(page())
    assert "Squat" in text(page())


def test_chart_flags_no_edition_that_never_came(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        made = prescribe(cast, now=now, title="Core")
        for name, ahead in (("Squat", 6), ("Plank", 1)):
            later = planned(make_exercise(name), title="Core", lineage=made.lineage)
            publish(made.version.program, later, by=cast.tess, now=now, on=TODAY + ahead * DAY)
    clock(now + 9 * DAY)
    chart = page().context["chart"]
    assert [name in chart for name in ("v1", "v2", "v3")] == [True, False, True]


def test_nothing_prescribed_says_so(page: Page) -> None:
    assert "Nothing is prescribed yet." in text(page())


def test_rates_are_two_numbers_with_counts_and_a_dash_when_unknown(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        log(cast.ana, block, now=now)
        DueSession.objects.filter(from_on=TODAY + DAY).update(state="unanswered")
    clock(now + 2 * DAY)
    assert "50 / 50 % 1 of 2, 1 unknown" in text(page())
    with within(cast.riverside):
        DueSession.objects.filter(from_on=TODAY).update(state="unanswered")
    assert "– / – % 0 of 2, 2 unknown" in text(page())


def test_chart_of_a_runner_without_a_word_is_never_green(page: Page) -> None:
    chart = page().context["chart"]
    assert not re.search(r'class="p-(calm|watch|stop)|class="morning"', chart)
    assert "next mornings unknown" in chart


def test_chart_draws_mornings_peaks_editions_and_only_asked_silence(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        log(cast.ana, block, now=now, pain_during=7)  # asks for tomorrow morning
        morning(cast.ana, 2, now=now)
    clock(now + 4 * DAY)
    with within(cast.riverside):
        morning(cast.ana, 3, now=now + 4 * DAY)
    chart = page().context["chart"]
    assert chart.count('class="morning"') == 2
    assert "p-stop" in chart
    assert ">v1</text>" in chart
    assert chart.count('fill="url(#hatch)"') == 1  # the one morning that was asked for and not told
    assert chart.count('class="gap-line"') == 1
    assert "next morning rose from 2 to 3" in chart
    assert [days for days, _ in page().context["spans"]] == [28, 56, 182]
    assert page(span="28").context["span"] == 28
    assert page(span="9999999").context["span"] == 56


def test_story_is_cut_and_goes_on(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        for n in range(16):
            log(cast.ana, block, now=now + n * HOUR / 4, note=f"Bout {n:02}.")
    assert "Bout 15." in text(page())
    assert "Bout 00." not in text(page())
    assert "shown=60" in page().content.decode()
    assert "Bout 00." in text(page(shown="60"))


def test_states_are_told_with_their_reason(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        athletes.hold(athlete=cast.ana, reason="MRI first", by=cast.tess, now=now)
        Pause.objects.create(athlete=cast.ana, from_on=TODAY, until_on=TODAY + DAY, reason="Fever")
        Pause.objects.create(athlete=cast.ana, from_on=TODAY + 9 * DAY, until_on=None, reason="Holiday")
    body = text(page())
    assert "On hold. MRI first Nothing is due" in body
    assert "Paused until Wed 25 Nov. Fever" in body
    assert "Thu 3 Dec – until resumed Holiday" in body
    with within(cast.riverside):
        athletes.discharge(athlete=cast.ana, reason="Moved away", by=cast.tess, now=now)
    body = text(page())
    assert "Discharged. Moved away Programs have ended." in body
    assert "New program" not in body


def test_messages_say_what_became_of_them(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        nudge = {"kind": "nudge", "to": cast.ana.member, "path": "/me/", "delivery": "at_most_once"}
        messages.enqueue(key="n1", due_at=now, now=now, **nudge)
        messages.withdraw(to=cast.ana.member, kind="nudge", reason="logged")
        messages.enqueue(key="n2", due_at=now + 3 * HOUR, now=now + HOUR, **nudge)
    body = text(page())
    assert "Reminder due planned: today 10:00" in body
    assert "Reminder not sent today 07:00 · already logged" in body
    assert "Invitation" in body


def nudge_not_sent(cast: Cast, reason: str, now: datetime) -> None:
    """Let one wait, and take it back."""
    messages.enqueue(
        key="n", kind="nudge", to=cast.ana.member, path="/me/", delivery="at_most_once", due_at=now, now=now
    )
    messages.withdraw(to=cast.ana.member, kind="nudge", reason=reason)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("suppressed", "reminders are switched off"),
        ("inactive", "no longer a member"),
        ("program_ended", "the program has ended"),
        ("lost_in_data", "may or may not have arrived"),
        ("not_written", "could not be written"),
        ("not_tried", "the mail server did not answer"),
        ("rcpt_550", "the mail server refused it (550)"),
        ("mail_421", "the mail server refused it (421)"),
        ("data_554", "the mail server refused it (554)"),
        ("SMTPServerDisconnected", "not delivered (SMTPServerDisconnected)"),
    ],
)
def test_messages_say_why_in_words(
    cast: Cast, page: Page, within: Within, now: datetime, reason: str, said: str
) -> None:
    with within(cast.riverside):
        nudge_not_sent(cast, reason, now)
    assert f" · {said}" in text(page())


@pytest.mark.parametrize(("reason", "said"), [("alert_open", "an alert is open"), ("logged", "already logged")])
def test_assistant_cannot_tell_that_a_reminder_made_way_for_an_alert(
    cast: Cast, page: Page, within: Within, now: datetime, reason: str, said: str
) -> None:
    with within(cast.riverside):
        nudge_not_sent(cast, reason, now)
    assert f"Reminder not sent today 07:00 · {said}" in text(page("tess"))
    reduced = text(page("finn"))
    assert "Reminder not sent today 07:00" in reduced
    assert said not in reduced, "were it only the alert that is left out, its absence would tell"


def test_writers_are_offered_to_the_care_team_and_joining_to_others(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    body = page("tess").content.decode()
    assert f"/athletes/{cast.ana.pk}/hold/" in body
    assert "Join care" not in body
    body = page("olive").content.decode()
    assert f"/athletes/{cast.ana.pk}/join/" in body
    assert "/hold/" not in body
    assert "/programs/new/" not in body
    with within(cast.riverside):
        care.join(athlete=cast.ana, by=cast.olive, now=now)
    assert "/hold/" in page("olive").content.decode()


def test_assistant_reads_contact_and_adherence_only(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        Athlete.objects.update(complaint="Sacral stress")
        block = prescribe(cast, now=now, title="Core")
        log(cast.ana, block, now=now, pain_during=8, note="Sharp")
        wrong = Answer(NEVER, "rest_now", 4, TODAY, note="Numb")
        pain.feels_wrong(athlete=cast.ana, answer=wrong, by=cast.ana.member, now=now)
        athletes.hold(athlete=cast.ana, reason="MRI first", by=cast.tess, now=now)
        Pause.objects.create(athlete=cast.ana, from_on=TODAY, until_on=TODAY, reason="Fever")
    clinical, reduced = page("tess").content.decode(), page("finn").content.decode()
    secrets = ("Sacral stress", "Pain 8", "Sharp", "Numb", "Core 1", "MRI first", "Fever", 'class="chart"', "/alerts/")
    for word in secrets:
        assert word in clinical, word  # what could leak is there
        assert word not in reduced, word
    body = text(page("finn"))
    assert "+351 555 0142" in body
    assert "1 of 1" in body
    assert "Lead Tess Lindqvist" in body
    assert "/hold/" not in reduced
    assert "/join/" not in reduced


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        ("", "Reminders not before 10:00"),
        ("setting", "Reminders off"),
        ("bounced", "Reminders off: mail to the address came back"),
        ("hold", "Reminders none now"),
    ],
)
def test_record_says_whether_reminders_are_sent(
    cast: Cast, page: Page, within: Within, now: datetime, stopped: str, said: str
) -> None:
    with within(cast.riverside):
        if stopped == "hold":
            athletes.hold(athlete=cast.ana, reason="MRI first", by=cast.tess, now=now)
        elif stopped:
            messages.suppress(member=cast.ana.member, kind="nudge", reason=stopped, by=None, now=now)
    assert f"{said} In care since" in text(page())


def test_query_count_is_the_same_for_one_and_thirty(
    cast: Cast, page: Page, sign_in: SignIn, within: Within, now: datetime
) -> None:
    browser = sign_in(cast.tess)
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        first = log(cast.ana, block, now=now, pain_during=8).log
        morning(cast.ana, 2, now=now)
        mended = tell(cast.ana, block, on=TODAY, pain_during=7, corrects=first.pk)
        log(cast.ana, block, now=now, session=mended)
    few = measure(browser, cast)
    with within(cast.riverside):
        for n in range(29):
            log(cast.ana, block, now=now + n * HOUR / 8, pain_during=2)
            alert = Alert.objects.get(kind="P1", state__in=Alert.LIVE)
            alerts.resolve(alert=alert, outcome="talked", note="", by=cast.tess, now=now)
            log(cast.ana, block, now=now + n * HOUR / 8, pain_during=9)
        prescribe(cast, now=now, title="Hip")
        prescribe(cast, now=now, title="Calf")
        assert SessionLog.objects.count() == 60
    many = measure(browser, cast)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= 27, "\n".join(many)


def measure(browser: Client, cast: Cast) -> list[str]:
    url = f"/athletes/{cast.ana.pk}/?shown=200"
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not re.match(r"SAVEPOINT|RELEASE|BEGIN|COMMIT|SELECT set_config", query["sql"].strip())
    ]
