"""The alert inbox: evidence first, then an answer by someone on the care team."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from athletes.actions import alerts, care, doorbell, pain
from athletes.actions.pain import Answer
from athletes.facts import thresholds
from athletes.models import Alert, AlertEvent, Athlete
from athletes.rules.findings import Finding
from athletes.sweeps import sweep
from clinic.actions import members
from clinic.models import AuditEvent, Clinic, Member, Message
from tests.cast import Cast, make_athlete
from tests.telling import log, morning, prescribe, tell

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
URL = "/alerts/"
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NEVER = UUID("01900000-0000-7000-8000-000000000000")
RESOLVED = {"outcome": "talked", "note": "Rang her."}


@pytest.fixture
def alert(cast: Cast, within: Within, now: datetime) -> Alert:
    """Ana stopped at 8, and said so."""
    with within(cast.riverside):
        block = prescribe(cast, now=now, title="Core")
        log(cast.ana, block, now=now, pain_during=8, stopped_for_pain=True, note="Sharp on the <left>.")
        return Alert.objects.get()


def text(response: HttpResponse) -> str:
    """Return the page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def raise_one(athlete: Athlete, now: datetime, kind: str = "P2", level: str = "P2", **said: Any) -> Alert:
    said = said or {"context": "next_morning", "score": 5, "usual": 2.0, "rise_at_least": 2}
    rule = thresholds.rules_in_force()[kind]
    return alerts.open_or_append(athlete=athlete, finding=Finding(kind, level, said), rule=rule, by=None, now=now)


def url(alert: Alert, answer: str = "") -> str:
    return f"/alerts/{alert.pk}/{answer}"


def listed(response: HttpResponse) -> list[str]:
    return [found.athlete.member.first_name for found in response.context["found"].alerts]


# Who may


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("tess", 200), ("theo", 200), ("finn", 403)])
def test_inbox_and_alert_are_open_to_clinicians(
    cast: Cast, alert: Alert, sign_in: SignIn, who: str, status: int
) -> None:
    browser = sign_in(getattr(cast, who))
    assert browser.get(URL).status_code == status
    assert browser.get(url(alert)).status_code == status


def test_inbox_is_closed_to_runners_and_strangers(cast: Cast, alert: Alert, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.ana.member).get(URL).status_code == 403
    assert sign_in(cast.ana.member).get(url(alert)).status_code == 403
    assert client.get(url(alert))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("answer", ["", "acknowledge/", "assign/", "resolve/"])
def test_other_clinics_alert_is_the_404_of_one_that_never_existed(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, answer: str
) -> None:
    browser = sign_in(cast.hugo)
    ask = browser.post if answer else browser.get
    theirs, nowhere = ask(url(alert, answer), RESOLVED), ask(f"/alerts/{NEVER}/{answer}", RESOLVED)
    assert theirs.status_code == nowhere.status_code == 404
    token = rb'name="csrfmiddlewaretoken" value="\w+"'
    assert re.sub(token, b"", theirs.content) == re.sub(token, b"", nowhere.content)
    assert "Ana" not in text(browser.get(URL))
    with within(cast.riverside):
        assert Alert.objects.get().state == "open"


@pytest.mark.parametrize("answer", ["acknowledge/", "assign/", "resolve/"])
def test_answers_are_posts(cast: Cast, alert: Alert, sign_in: SignIn, answer: str) -> None:
    assert sign_in(cast.tess).get(url(alert, answer)).status_code == 405


@pytest.mark.parametrize("answer", ["acknowledge/", "assign/", "resolve/"])
def test_clinician_outside_the_team_is_refused_and_offered_to_join(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, answer: str
) -> None:
    browser = sign_in(cast.olive)
    said = RESOLVED | {"to": str(cast.tess.pk)}
    refused = browser.post(url(alert, answer), said)
    assert refused.status_code == 403
    assert f'action="/athletes/{cast.ana.pk}/join/"' in refused.content.decode()
    with within(cast.riverside):
        assert Alert.objects.get().state == "open"
        assert AlertEvent.objects.count() == 2
    page = browser.get(url(alert)).content.decode()
    assert "Join care" in page
    assert "/acknowledge/" not in page
    joined = browser.post(f"/athletes/{cast.ana.pk}/join/", {"next": url(alert)})
    assert joined["Location"] == url(alert)
    assert browser.post(url(alert, answer), said).status_code == 302


def test_assistant_answers_nothing_even_with_a_tie(cast: Cast, alert: Alert, sign_in: SignIn, within: Within) -> None:
    with within(cast.riverside):
        cast.ana.care_ties.create(member=cast.finn, part="cover", from_on=TODAY)
    assert sign_in(cast.finn).post(url(alert, "acknowledge/")).status_code == 403


# What is shown


def test_alert_shows_evidence_rule_owner_target_note_and_history(cast: Cast, alert: Alert, sign_in: SignIn) -> None:
    response = sign_in(cast.tess).get(url(alert))
    body = text(response)
    assert "Pain 8 in a session. Stopped because of pain." in body
    assert "Rule P1, version 1: pain of 6 or more, or stopped because of pain." in body
    assert "Owner Tess Lindqvist" in body
    assert "Acknowledge by today 17:00" in body
    assert "then Theo Marsh, tomorrow 09:00" in body
    assert "Sharp on the &lt;left&gt;." in response.content.decode()
    assert "Ana’s note, today 07:00" in body
    assert "Core 1 3 × 10 Done" in body
    assert body.index("Opened by rule P1, version 1.") < body.index("Mail to Tess Lindqvist")
    assert ">8 today</text>" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "level", "said", "words"),
    [
        ("P1", "P1", {"context": "during_run", "score": 6, "stopped": False}, "Pain 6 during a run."),
        ("P1", "P1", {"context": "session", "score": None, "stopped": True}, "Stopped because of pain."),
        ("P2", "P2", {"context": "next_morning", "score": 5, "usual": 2.5}, "Next morning 5, usual 2.5."),
        ("N5", "P4", {"silent_days": 15, "silent_days_at_least": 14}, "No log for 15 days."),
        (
            "N4",
            "P4",
            {"silent_days": 2, "silent_days_at_least": 7, "done": 1, "due": 6, "rate_below": 50, "window_days": 14},
            "1 of 6 sessions done in 14 days.",
        ),
        ("feels_wrong", "P1", {"score": None}, "Says that something feels wrong."),
        ("feels_wrong", "P1", {"score": 4}, "Says that something feels wrong. Pain 4."),
    ],
)
def test_each_finding_has_its_sentence(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime, kind: str, level: str, said: dict[str, Any], words: str
) -> None:
    with within(cast.riverside):
        found = raise_one(cast.ana, now, kind, level, **said)
    browser = sign_in(cast.tess)
    assert words in text(browser.get(url(found)))
    assert words in text(browser.get("/athletes/"))
    assert "%(" not in text(browser.get(url(found)))


def test_silence_is_told_in_days_of_now(
    cast: Cast, sign_in: SignIn, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        Athlete.objects.update(last_logged_at=now - 7 * DAY)
        found = raise_one(cast.ana, now, "N4", "P4", silent_days=7, silent_days_at_least=7)
    clock(now + 3 * DAY)
    browser = sign_in(cast.tess)
    assert "No log for 10 days." in text(browser.get(URL))
    with within(cast.riverside):
        alerts.resolve(alert=found, outcome="talked", note="", by=cast.tess, now=now + 3 * DAY)
    assert "No log for 7 days." in text(browser.get(url(found)))  # what the finding said, once it is history


def test_silence_after_a_hold_is_told_in_its_own_days(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        Athlete.objects.update(last_logged_at=now - 30 * DAY, resumed_on=TODAY - 7 * DAY)
        raise_one(cast.ana, now, "N4", "P4", silent_days=7, silent_days_at_least=7)
    assert "No log for 7 days." in text(sign_in(cast.tess).get(URL))


def test_button_alert_carries_the_report_and_its_note(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        said = Answer(uuid4(), "rest_now", 4, TODAY, note="Numb toes.")
        pain.feels_wrong(athlete=cast.ana, answer=said, by=cast.ana.member, now=now)
        found = Alert.objects.get()
    body = text(sign_in(cast.tess).get(url(found)))
    assert "Numb toes." in body
    assert "Rule “Something feels wrong”, version 1" in body


def test_history_keeps_what_each_report_said(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        for minutes, score, note in ((0, 8, "Numb, cannot pee."), (1, None, ""), (2, 8, "Still so.")):
            said = Answer(uuid4(), "rest_now", score, TODAY, note=note)
            at = now + timedelta(minutes=minutes)
            pain.feels_wrong(athlete=cast.ana, answer=said, by=cast.ana.member, now=at)
        found = Alert.objects.get()
    page = text(sign_in(cast.tess).get(url(found)))
    assert page.count("Numb, cannot pee.") == page.count("Still so.") == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("due", "Mail to Tess Lindqvist is waiting to be sent."),
        ("sent", "Mail to Tess Lindqvist. It names nobody."),
        ("failed", "Mail to Tess Lindqvist was refused."),
        ("skipped", "Mail to Tess Lindqvist was not sent."),
    ],
)
def test_history_says_what_became_of_the_mail(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, state: str, words: str
) -> None:
    with within(cast.riverside):
        Message.objects.filter(kind="alert").update(state=state)
    assert words in text(sign_in(cast.tess).get(url(alert)))


def test_evidence_survives_a_log_that_is_gone_from_the_finding(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        found = raise_one(cast.ana, now, "P1", "P1", context="session", score=7, stopped=False, log=str(NEVER))
    response = sign_in(cast.tess).get(url(found))
    assert response.status_code == 200
    assert response.context["evidence"].log is None


def test_correction_and_escalation_are_in_the_history(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        doorbell.escalate(alert=alert, now=now + DAY)
        first = cast.ana.logs.get()
        mended = tell(cast.ana, first.block, on=TODAY, pain_during=2, corrects=first.pk)
        log(cast.ana, first.block, now=now + HOUR, session=mended)
    body = text(sign_in(cast.tess).get(url(alert)))
    assert "Nobody acknowledged in time: Theo Marsh was told as well." in body
    assert "The log behind it was corrected." in body
    with within(cast.riverside):
        doorbell.escalate(alert=alert, now=now + DAY, unheard=True)
    assert "The mail did not arrive: Olive Hart was told as well." in text(sign_in(cast.tess).get(url(alert)))


def test_late_alert_says_so(cast: Cast, alert: Alert, sign_in: SignIn, clock: Clock) -> None:
    assert " late " not in text(sign_in(cast.tess).get(url(alert)))
    clock(datetime(2026, 11, 24, 18, tzinfo=UTC))
    assert " late " in text(sign_in(cast.tess).get(url(alert)))


def test_closed_alert_shows_the_days_before_its_end(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, clock: Clock, now: datetime
) -> None:
    with within(cast.riverside):
        alerts.resolve(alert=alert, by=cast.tess, now=now, **RESOLVED)
    clock(now + 30 * DAY)
    chart = sign_in(cast.tess).get(url(alert)).context["chart"]
    assert ">8 24 Nov</text>" in chart
    assert "today" not in chart


def test_filters_count_and_keep(cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        cleo = make_athlete("Cleo Park", by=cast.theo, clinic_slug="riverside")
        alerts.acknowledge(alert=raise_one(cleo, now), by=cast.theo, now=now)
        dora = make_athlete("Dora Vale", by=cast.theo, clinic_slug="riverside")
        alerts.resolve(alert=raise_one(dora, now), by=cast.theo, now=now, **RESOLVED)
    browser = sign_in(cast.theo)
    response = browser.get(URL)
    assert {name: n for name, _, n in response.context["filters"]} == {
        "open": 1,
        "mine": 1,
        "acknowledged": 1,
        "resolved": 1,
    }
    assert listed(response) == ["Ana"]
    assert listed(browser.get(URL, {"show": "mine"})) == ["Cleo"]
    assert listed(browser.get(URL, {"show": "acknowledged"})) == ["Cleo"]
    assert listed(browser.get(URL, {"show": "resolved"})) == ["Dora"]
    assert listed(browser.get(URL, {"show": "nonsense", "page": "-1"})) == ["Ana"]
    nav = browser.get("/library/").context["shell"]["nav"]
    assert [entry.count for entry in nav if entry.url == URL] == [1]


def test_most_urgent_comes_first_then_the_oldest(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        names = ("Cleo Park", "Dora Vale", "Evan Moss")
        cleo, dora, evan = (make_athlete(name, by=cast.tess, clinic_slug="riverside") for name in names)
        raise_one(cleo, now - HOUR, "N4", "P4", silent_days=7, silent_days_at_least=7)
        raise_one(dora, now)
        raise_one(evan, now - 2 * HOUR)
        raise_one(cast.ana, now, "P1", "P1", context="session", score=7, stopped=False)
    response = sign_in(cast.tess).get(URL)
    assert listed(response) == ["Ana", "Evan", "Dora", "Cleo"]
    assert response.context["alert"].athlete == cast.ana


def test_empty_inbox_says_who_resolved_the_last(cast: Cast, alert: Alert, sign_in: SignIn, within: Within) -> None:
    with within(cast.riverside):
        alerts.resolve(alert=alert, by=cast.theo, now=alert.opened_at, **RESOLVED)
    assert "No open alerts. The last one was resolved today 07:00 by Theo." in text(sign_in(cast.tess).get(URL))
    assert "No open alerts. None was ever resolved." in text(sign_in(cast.hugo).get(URL))


# What is answered


def test_acknowledging_once_or_twice(cast: Cast, alert: Alert, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    for _ in range(2):
        response = browser.post(url(alert, "acknowledge/"))
        assert (response.status_code, response["Location"]) == (302, url(alert))
    with within(cast.riverside):
        assert Alert.objects.get().acknowledged_by == cast.tess
        assert AlertEvent.objects.filter(kind="acknowledged").count() == 1
    body = browser.get(url(alert))
    assert "Tess Lindqvist has it since today 07:00" in text(body)
    assert "/acknowledge/" not in body.content.decode()


def test_assigning_rings_the_other(cast: Cast, alert: Alert, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    assert browser.post(url(alert, "assign/"), {"to": str(cast.theo.pk)}).status_code == 302
    assert "Tess Lindqvist gave it to Theo Marsh." in text(browser.get(url(alert)))
    with within(cast.riverside):
        assert Message.objects.filter(kind="alert", recipient=cast.theo).count() == 1


@pytest.mark.parametrize("who", ["finn", "hugo", "ana", ""])
def test_assigning_to_someone_who_may_not_is_422(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, who: str
) -> None:
    person = getattr(cast, who) if who else None
    to = str(getattr(person, "member", person).pk) if person else ""
    response = sign_in(cast.tess).post(url(alert, "assign/"), {"to": to})
    assert response.status_code == 422
    assert response.context["assign_form"].errors
    with within(cast.riverside):
        assert Alert.objects.get().owner == cast.tess


def test_resolving_needs_an_outcome_and_keeps_what_was_typed(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within
) -> None:
    browser = sign_in(cast.tess)
    response = browser.post(url(alert, "resolve/"), {"note": "Half a thought"})
    assert response.status_code == 422
    assert "Choose what came of it." in text(response)
    assert "Half a thought" in text(response)
    with within(cast.riverside):
        assert Alert.objects.get().state == "open"


def test_resolving_once_or_twice_and_too_late(cast: Cast, alert: Alert, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(cast.tess)
    for _ in range(2):
        assert browser.post(url(alert, "resolve/"), RESOLVED).status_code == 302
    body = text(browser.get(url(alert)))
    assert "Tess Lindqvist resolved it: Talked, no change." in body
    assert "Rang her." in body
    late = sign_in(cast.theo).post(url(alert, "resolve/"), {"outcome": "referred", "note": "Mine was better."})
    assert late.status_code == 409
    assert "Tess Lindqvist resolved it, today 07:00: Talked, no change." in text(late)
    assert "Mine was better." in text(late)  # not lost
    for answer, said in (("acknowledge/", {}), ("assign/", {"to": str(cast.theo.pk)})):
        assert browser.post(url(alert, answer), said).status_code == 409
    with within(cast.riverside):
        assert Alert.objects.get().outcome == "talked"
        assert AlertEvent.objects.filter(kind="resolved").count() == 1


def seen(browser: Client, alert: Alert) -> str:
    """Return what a page that is open now sends with an answer."""
    return re.search(r'name="seen" value="([^"]+)"', browser.get(url(alert)).content.decode())[1]


@pytest.mark.parametrize(("answer", "said"), [("acknowledge/", {}), ("resolve/", RESOLVED)])
def test_answer_to_a_page_that_lacks_the_newest_finding_is_422(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime, answer: str, said: dict[str, str]
) -> None:
    browser = sign_in(cast.tess)
    read = seen(browser, alert)
    with within(cast.riverside):
        log(cast.ana, cast.ana.logs.get().block, now=now + HOUR / 2, pain_during=9)
    response = browser.post(url(alert, answer), said | {"seen": read})
    assert response.status_code == 422
    assert "Something was added while you were reading. Read it, then answer." in text(response)
    assert "Pain 9 in a session." in text(response)
    for kept in said.values():
        assert kept in response.content.decode()
    with within(cast.riverside):
        assert Alert.objects.get().state == "open"
    assert browser.post(url(alert, answer), said | {"seen": seen(browser, alert)}).status_code == 302


# What is kept


def test_reading_is_audited_once_a_page(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        cleo = make_athlete("Cleo Park", by=cast.tess, clinic_slug="riverside")
        raise_one(cleo, now)
    browser = sign_in(cast.olive)
    browser.get(URL)
    browser.get(url(alert))
    with within(cast.riverside):
        both = AuditEvent.objects.filter(actor_id=cast.olive.pk).order_by("pk")
        assert [event.verb for event in both] == ["alerts.listed", "alert.read"]
        assert all(set(event.subject_ids) == {str(cast.ana.pk), str(cleo.pk)} for event in both)
        assert both[1].object_id == str(alert.pk)


@pytest.mark.parametrize(("page", "at_most"), [("inbox", 19), ("alert", 19)])
def test_query_count_is_the_same_for_one_and_thirty(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime, page: str, at_most: int
) -> None:
    browser = sign_in(cast.tess)
    where = URL if page == "inbox" else url(alert)
    few = measure(browser, where)
    with within(cast.riverside):
        for n in range(29):
            runner = make_athlete(f"R{n:02} Runner", by=cast.tess, clinic_slug="riverside", with_user=False)
            raise_one(runner, now)
            block = cast.ana.logs.first().block
            log(cast.ana, block, now=now + n * HOUR / 8, pain_during=9)
            care.join(athlete=runner, by=cast.theo, now=now)
        morning(cast.ana, 2, now=now)
    many = measure(browser, where)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= at_most, "\n".join(many)


def measure(browser: Client, where: str) -> list[str]:
    browser.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(where).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not re.match(r"SAVEPOINT|RELEASE|BEGIN|COMMIT|SELECT set_config", query["sql"].strip())
    ]


def test_history_says_why_an_alert_changed_hands_by_itself(
    cast: Cast, alert: Alert, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        members.end(member=cast.tess, by=cast.olive, now=now)
    sweep(now=now, full=True)
    page = sign_in(cast.theo).get(f"{URL}{alert.pk}/").content.decode()
    assert "Whoever had it has left the clinic. Theo Marsh has to answer now." in page
