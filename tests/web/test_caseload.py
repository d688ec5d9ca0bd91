"""The caseload: who needs a person, why, and what an assistant does not see."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from athletes.actions import alerts, athletes, care
from athletes.facts import thresholds
from athletes.models import Alert, Athlete, CareTie, DueSession, Pause
from athletes.rules.findings import Finding
from clinic.models import AuditEvent, Clinic, Member
from tests.cast import Cast, make_athlete
from tests.telling import log, morning, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
URL = "/athletes/"
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture
def page(cast: Cast, sign_in: SignIn) -> Callable[..., HttpResponse]:
    """Open the caseload as someone of the cast."""

    def opened(who: str = "tess", **asked: str) -> HttpResponse:
        return sign_in(getattr(cast, who)).get(URL, asked)

    return opened


Page = Callable[..., HttpResponse]


def rows(response: HttpResponse) -> dict[str, str]:
    """Return each runner's row of the page as plain text, by first name, in order."""
    body = response.content.decode()
    found = re.findall(r'<tr class="a[^"]*">(.*?)</tr>', body, flags=re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]
    return {text.split()[0]: text for text in texts}


def groups(response: HttpResponse) -> dict[str, list[str]]:
    return {
        str(section.name): [line.row.athlete.member.first_name for line in section.lines]
        for section in response.context["sections"]
    }


def counts(response: HttpResponse) -> dict[str, int]:
    return {name: n for name, _, n in response.context["filters"]}


def closed(athlete: Athlete, first: date, states: str) -> None:
    """Put windows of one day into the ledger: d done, p partly, m missed, u unanswered, e excused."""
    names = {"d": "done", "p": "partly", "m": "missed", "u": "unanswered", "e": "excused"}
    block = DueSession.objects.filter(athlete=athlete).first().block
    DueSession.objects.filter(athlete=athlete, from_on__lt=TODAY).delete()
    for n, letter in enumerate(states):
        on = first + n * DAY
        opens = datetime.combine(on, datetime.min.time(), tzinfo=ZoneInfo(athlete.time_zone))
        DueSession.objects.create(
            athlete=athlete,
            block=block,
            from_on=on,
            until_on=on,
            opens_at=opens,
            closes_at=opens + DAY,
            state=names[letter],
        )


@pytest.mark.parametrize("who", ["olive", "tess", "theo", "finn"])
def test_caseload_is_open_to_everyone_who_works_here(page: Page, who: str) -> None:
    response = page(who)
    assert response.status_code == 200
    assert "Ana" in rows(response)
    assert "Ben" not in response.content.decode()


def test_caseload_is_closed_to_runners_and_strangers(cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.ana.member).get(URL).status_code == 403
    assert client.get(URL)["Location"].startswith("/account/login/")


def test_other_clinics_runners_are_not_there(page: Page) -> None:
    body = page("hugo", whose="clinic").content.decode()
    assert "Ben" in body
    assert "Ana" not in body


def test_alert_makes_the_headline_and_says_why(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now)
        log(cast.ana, block, now=now, pain_during=8, stopped_for_pain=True)
    clock(now + timedelta(minutes=42))
    response = page()
    assert "One runner needs you today" in response.content.decode()
    assert groups(response) == {"Needs you": ["Ana"]}
    row = rows(response)["Ana"]
    assert "Pain 8 in a session. Stopped because of pain." in row
    assert "P1 42 min" in row
    assert "today 07:00" in row


def test_alert_that_someone_has_is_watched_until_it_is_resolved(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
        alerts.acknowledge(alert=Alert.objects.get(), by=cast.theo, now=now)
    response = page()
    assert "Nobody needs you today" in response.content.decode()
    assert groups(response) == {"Watch": ["Ana"]}
    assert "Theo has it" in rows(response)["Ana"]
    with within(cast.riverside):
        alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=cast.theo, now=now)
    assert "P1" not in rows(page())["Ana"]


def test_each_reason_has_its_group_and_its_words(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        assert groups(page()) == {"Watch": ["Ana"]}
        assert "No program yet." in rows(page())["Ana"]
        prescribe(cast, now=now)
        assert groups(page()) == {"Nothing raised": ["Ana"]}
        assert "First week. What is usual is still forming." in rows(page())["Ana"]
        morning(cast.ana, 3, now=now)
        assert "Next morning 3, usual 2." in rows(page())["Ana"]
        athletes.hold(athlete=cast.ana, reason="MRI first", by=cast.tess, now=now)
        assert counts(page())["hold"] == 1
        assert "Next morning 3, usual 2." in rows(page())["Ana"]  # pain is the first reason that holds
    assert groups(page()) == {"Watch": ["Ana"]}


def test_pain_to_watch_is_worded_as_it_was_told(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now + timedelta(hours=2), pain_during=4)
    clock(now + DAY)
    assert "Pain 4 in the last two days, usual 2." in rows(page())["Ana"]
    clock(now + 2 * DAY)  # under 48 hours, and two mornings on: nobody stopped anything
    assert counts(page()).get("pain") is None
    assert "Stopped" not in rows(page())["Ana"]


def test_pain_that_was_corrected_counts_as_corrected(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        morning(cast.ana, 3, now=now)
        morning(cast.ana, 1, now=now + timedelta(minutes=1))
    assert "Next morning" not in rows(page())["Ana"]


def test_session_that_was_stopped_is_said_to_be(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=1, stopped_for_pain=True)
        alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=cast.theo, now=now)
    assert "Pain 1 in the last two days, usual 2. Stopped a session because of pain." in rows(page())["Ana"]


def test_hold_says_its_reason(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        athletes.hold(athlete=cast.ana, reason="MRI first", by=cast.tess, now=now)
    assert "On hold: MRI first" in rows(page())["Ana"]


def test_runner_who_has_not_signed_in_is_watched(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        Member.objects.filter(pk=cast.ana.member_id).update(user=None)
    assert "Has not accepted the invitation yet." in rows(page())["Ana"]


def test_silence_is_counted_worded_and_never_green(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now - 30 * DAY)
        Athlete.objects.update(started_on=TODAY - 30 * DAY, last_logged_at=now - 9 * DAY)
        closed(cast.ana, TODAY - 9 * DAY, "uuuuuuuuu")
    response = page()
    assert counts(response)["silent"] == 1
    assert "1 silent for 7 days or more" in response.context["summary"]
    row = rows(response)["Ana"]
    assert "No log for 9 days." in row
    assert "– / – %" in row  # nothing known: no number, and not zero
    assert "unknown" in row
    strip = re.search(r'<svg class="strip".*?</svg>', response.content.decode(), flags=re.DOTALL).group()
    assert strip.count("g-unk") == 9
    assert "g-done" not in strip
    assert not re.search(r"p-(calm|watch|stop)", response.content.decode())


@pytest.mark.parametrize(
    ("plan", "away", "change", "days"),
    [
        (30, 0, {}, 9),
        (30, 0, {"resumed_on": TODAY - 8 * DAY}, 8),
        (30, 0, {"resumed_on": TODAY - 6 * DAY}, None),
        (30, 0, {"last_logged_at": None, "started_on": TODAY - 8 * DAY}, 8),
        (7, 0, {"last_logged_at": None}, 7),
        (6, 0, {"last_logged_at": None}, None),
        (30, 2, {}, 7),
        (30, 3, {}, None),
    ],
)
def test_silence_counts_as_its_rule_does(
    cast: Cast,
    page: Page,
    within: Within,
    now: datetime,
    plan: int,
    away: int,
    change: dict[str, Any],
    days: int | None,
) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now - plan * DAY)
        Athlete.objects.update(**{"started_on": TODAY - 30 * DAY, "last_logged_at": now - 9 * DAY} | change)
        closed(cast.ana, TODAY - 9 * DAY, "uuuuuuuuu")
        if away:
            Pause.objects.create(athlete=cast.ana, from_on=TODAY - 5 * DAY, until_on=TODAY - (6 - away) * DAY)
    response = page()
    assert counts(response)["silent"] == (days is not None)
    assert (f"No log for {days} days." in rows(response)["Ana"]) == (days is not None)


def test_paused_runner_is_not_silent(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now - 30 * DAY)
        Athlete.objects.update(started_on=TODAY - 30 * DAY, last_logged_at=now - 9 * DAY)
        closed(cast.ana, TODAY - 9 * DAY, "uuuuuuuuu")
        athletes.pause(
            athlete=cast.ana, from_on=TODAY, until_on=TODAY + 6 * DAY, reason="race week", by=cast.tess, now=now
        )
    response = page()
    assert (counts(response)["silent"], counts(response)["paused"]) == (0, 1)
    assert "Paused until Mon 30 Nov: race week" in rows(response)["Ana"]
    assert groups(response) == {"Nothing raised": ["Ana"]}


def test_rates_and_strip_show_what_the_ledger_holds(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        closed(cast.ana, TODAY - 12 * DAY, "ddmdudddmpud")
    row = rows(page())["Ana"]
    assert "67 / 67 %" in row  # 4 of 6 done since Wednesday, 8 of 12 in 28 days
    assert "4 of 6, 1 unknown" in row


def test_newest_pain_is_a_dash_after_two_days_without_a_word(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        morning(cast.ana, 1, now=now)
    assert page().context["sections"][0].lines[0].newest == 1
    clock(now + DAY)
    assert page().context["sections"][0].lines[0].newest == 1
    clock(now + 2 * DAY)
    line = page().context["sections"][0].lines[0]
    assert line.newest is None
    assert line.row.pain.trend == "unknown"


def test_trend_has_no_word_when_most_days_were_asked_in_vain(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        for ago in (13, 12, 11, 0):
            morning(cast.ana, 0, now=now - ago * DAY)
        closed(cast.ana, TODAY - 10 * DAY, "uuuuuuuuuu")
    browser = sign_in(cast.tess)
    assert browser.get(URL).context["sections"][0].lines[0].row.pain.trend == "unknown"
    assert browser.get(f"{URL}{cast.ana.pk}/").context["found"].trend == "unknown"


def test_therapist_sees_own_runners_first_and_all_when_asked(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        make_athlete("Cleo Park", by=cast.theo, clinic_slug="riverside")
    assert list(rows(page("tess"))) == ["Ana"]
    assert list(rows(page("tess", whose="clinic"))) == ["Ana", "Cleo"]
    assert list(rows(page("olive"))) == ["Ana", "Cleo"]
    assert rows(page("olive", whose="mine")) == {}
    assert list(rows(page("finn", whose="mine"))) == ["Ana", "Cleo"]
    with within(cast.riverside):
        CareTie.objects.filter(member=cast.tess).update(from_on=TODAY - 9 * DAY, until_on=TODAY - DAY)
    assert rows(page("tess")) == {}
    assert "No runners are in your care yet." in page("tess").content.decode()


def test_therapist_sees_whom_an_alert_of_theirs_is_about(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
        CareTie.objects.filter(member=cast.theo).delete()
        alert = Alert.objects.get()
        alerts.assign(alert=alert, to=cast.theo, by=cast.tess, now=now)
    assert "One runner needs you today" in page("theo").content.decode()
    with within(cast.riverside):
        alerts.resolve(alert=alert, outcome="talked", note="", by=cast.tess, now=now)
    assert rows(page("theo")) == {}


def test_therapist_sees_a_runner_abroad_as_soon_as_they_joined(
    cast: Cast, page: Page, within: Within, clock: Clock, now: datetime
) -> None:
    evening = now + timedelta(hours=11)  # tomorrow already, in Tokyo
    clock(evening)
    with within(cast.riverside):
        CareTie.objects.filter(member=cast.theo).delete()
        cast.ana.time_zone = "Asia/Tokyo"
        cast.ana.save()
        care.join(athlete=cast.ana, by=cast.theo, now=evening)
    assert list(rows(page("theo"))) == ["Ana"]


def test_filters_and_search_keep_what_they_say(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
        cleo = make_athlete("Cleo Park", by=cast.tess, clinic_slug="riverside")
        athletes.discharge(athlete=cleo, reason="Goal met", by=cast.tess, now=now)
    assert list(rows(page())) == ["Ana"]
    assert counts(page()) == {"all": 1, "alert": 1, "pain": 1, "silent": 0, "paused": 0, "discharged": 1}
    assert list(rows(page(show="alert"))) == ["Ana"]
    assert list(rows(page(show="discharged"))) == ["Cleo"]
    assert rows(page(show="paused")) == {}
    assert "Nobody is in this list." in page(show="paused").content.decode()
    assert list(rows(page(q="duart"))) == ["Ana"]
    assert "No runner here is called “Zoë”." in page(q="Zoë").content.decode()
    assert list(rows(page(show="nonsense", whose="nonsense", page="nonsense"))) == ["Ana"]


def test_assistant_sees_contact_and_adherence_and_no_pain(
    cast: Cast, page: Page, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        Athlete.objects.update(complaint="Sacral stress")
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8, stopped_for_pain=True, note="Sharp")
        Pause.objects.create(athlete=cast.ana, from_on=TODAY, until_on=TODAY, reason="Fever")
    clinical, reduced = page("tess").content.decode(), page("finn").content.decode()
    for word in ("Pain 8", "<b>P1</b>", "Sacral stress", 'class="spark"', ">Alert <", "/alerts/"):
        assert word in clinical, word  # what could leak is there
        assert word not in reduced, word
    assert "Fever" not in reduced
    assert "needs you" not in reduced
    row = rows(page("finn"))["Ana"]
    assert "+351 555 0142" in row
    assert "ana@riverside.example" in row
    assert "100 / 100 %" in row
    assert list(counts(page("finn", show="alert"))) == ["all", "silent", "paused"]
    assert list(rows(page("finn", show="alert"))) == ["Ana"]  # a filter that is not offered keeps all


def test_pages_of_fifty_keep_the_order(cast: Cast, page: Page, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        for n in range(60):
            make_athlete(f"R{n:02} Runner", by=cast.tess, clinic_slug="riverside", with_user=False)
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
    first, second = page(), page(page="2")
    assert len(rows(first)) == 50
    assert next(iter(rows(first))) == "Ana"
    assert len(rows(second)) == 11
    assert not set(rows(first)) & set(rows(second))
    assert list(rows(page(page="99"))) == list(rows(second))
    watch = [section for section in second.context["sections"] if str(section.name) == "Watch"]
    assert [section.count for section in watch] == [60]  # of all pages


def test_list_writes_one_audit_event_with_the_ids(cast: Cast, page: Page, within: Within) -> None:
    with within(cast.riverside):
        cleo = make_athlete("Cleo Park", by=cast.tess, clinic_slug="riverside")
    page()
    with within(cast.riverside):
        event = AuditEvent.objects.get(verb="caseload.listed")
    assert event.actor_id == cast.tess.pk
    assert set(event.subject_ids) == {str(cast.ana.pk), str(cleo.pk)}


@pytest.mark.parametrize(("who", "queries"), [("tess", 3 + 8 + 1), ("finn", 3 + 6)])  # who asks, the list, open alerts
def test_query_count_is_the_same_for_one_and_thirty(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime, who: str, queries: int
) -> None:
    browser = sign_in(getattr(cast, who))
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now, pain_during=8)
    few = measure(browser)
    with within(cast.riverside):
        for n in range(29):
            runner = make_athlete(f"R{n:02} Runner", by=cast.tess, clinic_slug="riverside", with_user=False)
            Athlete.objects.filter(pk=runner.pk).update(last_logged_at=now)
            raise_alert(runner, now)
            Pause.objects.create(athlete=runner, from_on=TODAY, until_on=None)
    many = measure(browser)
    assert len(few) == len(many) == queries, "\n".join(many)


def measure(browser: Client) -> list[str]:
    browser.get(URL)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(URL).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not re.match(r"SAVEPOINT|RELEASE|BEGIN|COMMIT|SELECT set_config", query["sql"].strip())
    ]


def raise_alert(athlete: Athlete, now: datetime) -> None:
    said = {"context": "next_morning", "score": 5, "usual": 2.0, "rise_at_least": 2}
    alerts.open_or_append(
        athlete=athlete, finding=Finding("P2", "P2", said), rule=thresholds.rules_in_force()["P2"], by=None, now=now
    )
