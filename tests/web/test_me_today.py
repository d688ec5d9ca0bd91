"""The runner's first page: what it shows, to whom, at what cost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from athletes.actions import alerts, athletes
from athletes.models import Alert, PainReport
from clinic.models import Clinic, Member
from tests.cast import Cast
from tests.leaving_out import skip
from tests.prescribing import BEFORE_RUN, per_week
from tests.telling import log, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
Clock = Callable[[datetime], None]
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
TODAY, MORNING = "/me/", "/me/morning/"
DOOR = 3  # session, user, member; on PostgreSQL the scope is told as well


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ana.member)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("tess", 403), ("olive", 403), ("finn", 403)])
def test_today_is_the_runners(cast: Cast, sign_in: SignIn, who: str, status: int) -> None:
    person = getattr(cast, who)
    assert sign_in(getattr(person, "member", person)).get(TODAY).status_code == status


def test_today_sends_strangers_to_the_door(cast: Cast) -> None:
    response = Client().get(TODAY)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_today_puts_the_first_due_block_first(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        strength = prescribe(cast, now=now - DAY, exercises=4, schedule=per_week(3))
        prescribe(cast, now=now, title="Mobility")
        prescribe(cast, now=now, schedule=BEFORE_RUN, title="Warm-up")
    page = text(ana.get(TODAY))
    hero = page[page.index('class="hero"') : page.index("</section>", page.index('class="hero"'))]
    assert "Strength, 1 of 3 this week" in hero
    assert "4 exercises, 6 minutes" in hero
    assert f'href="{reverse("athletes:log", args=[strength.pk])}"' in hero
    assert "Morning, Ana" in page
    assert "If you run today" in page
    assert page.index("Mobility") < page.index("If you run today")


def test_today_greets_by_the_runners_clock(
    cast: Cast, ana: Client, within: Within, now: datetime, clock: Clock
) -> None:
    for hour, greeting in ((11, "Morning"), (12, "Afternoon"), (18, "Evening")):
        clock(now.replace(hour=hour))
        assert f"{greeting}, Ana" in text(ana.get(TODAY))


def test_today_offers_no_start_until_the_clinic_answered_for_the_pain(
    cast: Cast, ana: Client, within: Within, now: datetime, clock: Clock
) -> None:
    with within(cast.riverside):
        strength = prescribe(cast, now=now)
        prescribe(cast, now=now, schedule=BEFORE_RUN, title="Warm-up")
        log(cast.ana, strength, now=now, pain_during=8)
    clock(now + DAY)
    page = text(ana.get(TODAY))
    assert "What you told us on Tuesday 24 November is on Riverside’s list." in page
    assert "btn-start" not in page
    assert "If you run today" not in page
    assert f'href="{reverse("athletes:log", args=[strength.pk])}"' in page


def test_today_says_what_to_leave_out_until_the_clinic_answers(
    cast: Cast, ana: Client, within: Within, now: datetime, clock: Clock
) -> None:
    with within(cast.riverside):
        skip(cast, prescribe(cast, now=now, exercises=3), now=now, painful=["Strength 1", "Strength 3"])
        prescribe(cast, now=now, title="Mobility")
    says = "Strength 1 and Strength 3: leave them out until Riverside says otherwise."
    clock(now + DAY)
    page = text(ana.get(TODAY))
    hero = page[page.index('class="hero"') : page.index("</section>", page.index('class="hero"'))]
    assert says in hero
    assert page.count("until Riverside says otherwise") == 1, "nothing of Mobility was too painful"
    with within(cast.riverside):
        alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=cast.tess, now=now)
    assert "says otherwise" not in text(ana.get(TODAY))


def test_today_says_it_of_sessions_on_any_day_and_before_a_run(
    cast: Cast, ana: Client, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        for schedule, title in ((per_week(3), "Core"), (BEFORE_RUN, "Warm-up")):
            part = prescribe(cast, now=now - DAY, schedule=schedule, title=title, exercises=1)
            skip(cast, part, now=now, painful=[f"{title} 1"])
    page = text(ana.get(TODAY))
    for title in ("Core", "Warm-up"):
        assert f"{title} 1: leave it out until Riverside says otherwise." in page
    assert "Warm-up 1 first" not in page


def test_today_says_of_any_day_no_day(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now - DAY, schedule=per_week(3), title="Core"), now=now)
    page = text(ana.get(TODAY))
    assert "Nothing more is due today" in page
    assert "2 of 3 this week, on any day" in page
    assert "Next: Core, on any day this week." in page
    assert "tomorrow" not in page


@pytest.mark.parametrize(
    ("change", "says"),
    [("hold", "Your program is on hold"), ("discharge", "Your care at Riverside has ended")],
)
def test_today_offers_no_start_on_hold_or_after_discharge(
    cast: Cast, ana: Client, within: Within, now: datetime, change: str, says: str
) -> None:
    with within(cast.riverside):
        prescribe(cast, now=now)
        getattr(athletes, change)(athlete=cast.ana, reason="So", by=cast.tess, now=now)
    page = text(ana.get(TODAY))
    assert says in page
    assert "btn-start" not in page
    assert "+44 20 7946 0134" in page
    assert "Something feels wrong" in page


def test_today_says_when_there_is_nothing(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    assert "No program yet" in text(ana.get(TODAY))
    with within(cast.riverside):
        prescribe(cast, now=now, on=TUESDAY + DAY)
    page = text(ana.get(TODAY))
    assert "Nothing is due today" in page
    assert "Next: Strength, tomorrow." in page
    with within(cast.riverside):
        athletes.pause(athlete=cast.ana, from_on=TUESDAY, until_on=TUESDAY + DAY, reason="", by=cast.tess, now=now)
    assert "Paused until 25 November" in text(ana.get(TODAY))


def test_today_confirms_a_log_of_ones_own_only(cast: Cast, ana: Client, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        logged = log(cast.ana, prescribe(cast, now=now), now=now).log
    assert "Strength is saved." in text(ana.get(TODAY, {"saved": str(logged.pk)}))
    for other in (str(uuid4()), "<script>", ""):
        page = text(ana.get(TODAY, {"saved": other}))
        assert "is saved." not in page
        assert "<script>" not in page


def test_today_names_who_read_the_log_and_not_who_opened_the_draft(
    cast: Cast, ana: Client, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        strength = prescribe(cast, now=now)
        log(cast.ana, strength, now=now)
    tess = sign_in(cast.tess)
    assert tess.get(reverse("athletes:draft", args=[cast.ana.pk, strength.version.program_id])).status_code == 200
    assert "Tess read" not in text(ana.get(TODAY))
    assert tess.get(reverse("athletes:athlete", args=[cast.ana.pk])).status_code == 200
    assert "Tess read today’s log." in text(ana.get(TODAY))


# ---- the next-morning question -----------------------------------------------------------------------------------


@pytest.fixture
def wednesday(cast: Cast, within: Within, now: datetime, clock: Clock) -> datetime:
    """The morning after a session, 07:00 in Lisbon. Ana's usual morning is 2."""
    with within(cast.riverside):
        log(cast.ana, prescribe(cast, now=now), now=now)
    clock(now + DAY)
    return now + DAY


def answer(score: str, **said: str) -> dict[str, str]:
    return {"client_id": str(uuid4()), "about_on": "2026-11-25", "score": score, **said}


def test_morning_is_asked_and_starts_unset(ana: Client, wednesday: datetime) -> None:
    page = text(ana.get(TODAY))
    assert "Your back this morning?" in page
    assert "The morning after yesterday’s session: Strength" in page
    assert " checked" not in page
    assert "Below the lines" not in page, "a morning is judged against the usual one"
    assert 'name="client_id"' in page


def test_morning_is_asked_once(cast: Cast, ana: Client, within: Within, wednesday: datetime) -> None:
    response = ana.post(MORNING, answer("2"))
    assert (response.status_code, response["Location"]) == (303, "/me/?answered")
    page = text(ana.get(response["Location"]))
    assert "Your back this morning?" not in page
    assert "Your answer about this morning is saved." in page
    with within(cast.riverside):
        assert PainReport.objects.get().score == 2


def test_morning_not_sure_is_kept_as_unknown(cast: Cast, ana: Client, within: Within, wednesday: datetime) -> None:
    assert ana.post(MORNING, answer("unsure")).status_code == 303
    with within(cast.riverside):
        assert PainReport.objects.get().score is None


@pytest.mark.parametrize("score", ["", "11", "-1", "x"])
def test_morning_without_an_answer_is_asked_again(
    cast: Cast, ana: Client, within: Within, wednesday: datetime, score: str
) -> None:
    response = ana.post(MORNING, answer(score))
    assert response.status_code == 422
    assert "field-error" in text(response)
    with within(cast.riverside):
        assert not PainReport.objects.exists()


def test_morning_over_usual_shows_the_stop_card_at_once(
    cast: Cast, ana: Client, within: Within, wednesday: datetime
) -> None:
    response = ana.post(MORNING, answer("4"))
    page = text(response)
    assert response.status_code == 200
    assert "Pain 4 this morning, usual 2" in page
    assert "No session and no run today" in page
    assert 'href="tel:112"' in page
    assert 'href="tel:+442079460134"' in page
    with within(cast.riverside):
        assert Alert.objects.get().kind == "P2"
    assert "Stopped for today" in text(ana.get(TODAY))


def test_morning_worse_than_first_told_is_taken_and_stops(
    cast: Cast, ana: Client, within: Within, wednesday: datetime
) -> None:
    said = answer("1")
    for _ in range(2):  # a double tap is one answer
        assert ana.post(MORNING, said).status_code == 303
    page = text(ana.post(MORNING, {**said, "score": "7"}))  # gone back to, and tapped anew
    assert "Pain 7 this morning" in page
    with within(cast.riverside):
        assert list(PainReport.objects.order_by("recorded_at", "pk").values_list("score", flat=True)) == [1, 7]
        assert set(Alert.objects.values_list("kind", flat=True)) == {"P1", "P2"}


def test_morning_offers_a_correction(ana: Client, wednesday: datetime) -> None:
    page = text(ana.get(ana.post(MORNING, answer("1"))["Location"]))
    assert 'href="/me/?correct"' in page
    assert "Your back this morning?" in text(ana.get(TODAY, {"correct": ""}))
    assert "field-error" in text(ana.post(MORNING, answer("")))


def test_morning_reloaded_leads_home(ana: Client, wednesday: datetime) -> None:
    assert ana.get(MORNING)["Location"] == "/me/"


# ---- cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercises", [1, 12])
def test_today_costs_five_of_its_own_queries(
    cast: Cast, ana: Client, within: Within, now: datetime, clock: Clock, exercises: int
) -> None:
    with within(cast.riverside):
        for title in ("Strength", "Mobility"):
            log(cast.ana, prescribe(cast, now=now, exercises=exercises, title=title), now=now)
    clock(now + DAY)
    with CaptureQueriesContext(connection) as queries:
        assert "Your back this morning?" in text(ana.get(TODAY))
    own = [q["sql"] for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len([sql for sql in own if "set_config" not in sql]) == DOOR + 5


def test_morning_of_a_day_before_all_days_is_refused(cast: Cast, sign_in: Any) -> None:
    said = {"client_id": str(uuid4()), "about_on": "0001-01-03", "score": "3"}
    assert sign_in(cast.ana.member).post("/me/morning/", said).status_code == 422
