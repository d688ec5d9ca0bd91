"""Logging a session from the phone: one form, one POST."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from athletes.actions import alerts, athletes, drafts
from athletes.models import Alert, Block, SessionLog
from clinic.models import Clinic, Member, Message
from tests.cast import Cast
from tests.leaving_out import skip
from tests.prescribing import block as planned
from tests.prescribing import publish
from tests.telling import EACH_SIDE, log, prescribe

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
DOOR = 3


@pytest.fixture
def ana(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ana.member)


@pytest.fixture
def strength(cast: Cast, within: Within, now: datetime) -> Block:
    with within(cast.riverside):
        return prescribe(cast, now=now)


def path(block: Block) -> str:
    return reverse("athletes:log", args=[block.pk])


def form(exercises: int = 2, *, done: str = "done", **said: str) -> dict[str, str]:
    told = {f"done_{n}": done for n in range(exercises)}
    return {"client_id": str(uuid4()), "performed_on": TUESDAY.isoformat(), **told, **said}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_form_claims_nothing_before_it_is_touched(ana: Client, strength: Block) -> None:
    page = text(ana.get(path(strength)))
    assert page.count(" checked") == 1  # the day: today
    assert f'value="{TUESDAY.isoformat()}" checked' in page
    assert "Strength 1" in page
    assert "3 × 10" in page
    assert page.count("Not answered yet") == 2
    assert 'href="/me/wrong/"' in page


@pytest.mark.parametrize(("door", "word"), [("all", "done"), ("none", "skipped")])
def test_doors_answer_every_exercise_alike(ana: Client, strength: Block, door: str, word: str) -> None:
    page = text(ana.get(path(strength), {door: "1"}))
    assert page.count(f'value="{word}" checked') == 2
    assert ("Not today? That is useful to know." in page) == (door == "none")


def test_every_page_has_its_own_client_id(ana: Client, strength: Block) -> None:
    ids = {ana.get(path(strength)).context["form"]["client_id"].value() for _ in range(2)}
    assert len(ids) == 2


def test_log_is_saved_with_everything(cast: Cast, ana: Client, within: Within, strength: Block, now: datetime) -> None:
    said = form(pain_during="3", pain_after="unsure", effort="4", note=" Left side. ", done_1="partly")
    response = ana.post(path(strength), said)
    with within(cast.riverside):
        row = SessionLog.objects.get()
        assert (row.pain_during, row.pain_after, row.effort, row.note) == (3, None, 4, "Left side.")
        assert (row.outcome, row.source, row.performed_on, row.stopped_for_pain) == ("partly", "page", TUESDAY, False)
        assert list(row.entries.values_list("done", flat=True)) == ["done", "partly"]
    assert (response.status_code, response["Location"]) == (303, f"/me/?saved={row.pk}")


def test_yesterday_can_be_logged(cast: Cast, ana: Client, within: Within, strength: Block) -> None:
    page = text(ana.get(path(strength), {"yesterday": "1"}))
    assert 'value="2026-11-23" checked' in page
    assert ana.post(path(strength), form(performed_on="2026-11-23")).status_code == 303
    with within(cast.riverside):
        assert SessionLog.objects.get().performed_on == TUESDAY - DAY


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"done_1": ""}, "Say whether you did it."),
        ({"done_1": "perhaps"}, "Select a valid choice"),
        ({"done_1": "skipped"}, "Choose a reason"),
        ({"performed_on": "2026-11-22"}, "Only today and yesterday can be logged."),
        ({"performed_on": "2026-11-25"}, "This time has not come yet."),
        ({"performed_on": ""}, "Choose the day."),
        ({"pain_during": "11"}, "Select a valid choice"),
        ({"effort": "9"}, "Select a valid choice"),
    ],
)
def test_missing_answer_is_422_and_keeps_the_rest(
    cast: Cast, ana: Client, within: Within, strength: Block, said: dict[str, str], message: str
) -> None:
    sent = form(**{"pain_after": "4", "note": "Keep me", **said})
    response = ana.post(path(strength), sent)
    page = text(response)
    assert response.status_code == 422
    assert message in page
    assert "Not saved yet." in page
    assert "Keep me" in page
    assert 'name="pain_after" value="4" checked' in page
    assert 'name="done_0" value="done" checked' in page
    assert sent["client_id"] in page
    with within(cast.riverside):
        assert not SessionLog.objects.exists()


def test_side_is_asked_of_partly_and_only_where_there_are_two(
    cast: Cast, ana: Client, within: Within, now: datetime
) -> None:
    with within(cast.riverside):
        sided = prescribe(cast, now=now, exercises=1, dose=EACH_SIDE)
    assert 'name="side_0"' in text(ana.get(path(sided)))
    assert "Choose the side." in text(ana.post(path(sided), form(1, done="partly")))
    assert ana.post(path(sided), form(1, done="partly", side_0="left")).status_code == 303
    with within(cast.riverside):
        assert SessionLog.objects.get().entries.get().side_done == "left"


def test_not_today_takes_one_reason_for_all(cast: Cast, ana: Client, within: Within, strength: Block) -> None:
    door = f"{path(strength)}?none=1"
    page = text(ana.post(door, form(done="skipped", why_all="")))
    assert page.count("Choose a reason") == 1
    assert ana.post(door, form(done="skipped", why_all="travelling", why_0="ill")).status_code == 303
    with within(cast.riverside):
        row = SessionLog.objects.get()
        assert row.outcome == "missed"
        assert list(row.entries.values_list("skipped_reason", flat=True)) == ["ill", "travelling"]


# ---- pain over the line ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ({"pain_during": "8"}, "Pain 8 with this session: Strength"),
        ({"pain_after": "6"}, "Pain 6 with this session: Strength"),
        ({"stopped_for_pain": "on", "pain_during": "2"}, "Stopped because of pain: Strength"),
        ({"stopped_for_pain": "on"}, "Stopped because of pain: Strength"),
    ],
)
def test_stop_card_is_in_the_same_response(
    cast: Cast, ana: Client, within: Within, strength: Block, said: dict[str, str], headline: str
) -> None:
    response = ana.post(path(strength), form(**said))
    page = text(response)
    assert response.status_code == 200
    assert headline in page
    assert "Stop this session for today" in page
    assert 'href="tel:112"' in page
    assert 'href="tel:+442079460134"' in page
    assert "Is any of this new, or getting worse?" in page
    assert "Nobody watches it around the clock" in page
    for never in ("injur", "disc", "tear your", "within the hour", "nothing serious", "diagnos"):
        assert never not in page.lower()
    with within(cast.riverside):
        alert = Alert.objects.get()
        assert alert.evidence["log"] == str(SessionLog.objects.get().pk)
        assert Message.objects.filter(kind="alert", recipient=cast.tess).count() == 1


def test_stop_card_shows_again_on_a_retry_and_alerts_once(
    cast: Cast, ana: Client, within: Within, strength: Block
) -> None:
    said = form(pain_during="8")
    assert [text(ana.post(path(strength), said)).count("Stop this session") for _ in range(2)] == [1, 1]
    with within(cast.riverside):
        assert SessionLog.objects.count() == Alert.objects.count() == Message.objects.filter(kind="alert").count() == 1


def test_skipping_as_too_painful_says_what_to_do_in_the_same_response(
    cast: Cast, ana: Client, sign_in: SignIn, within: Within, strength: Block
) -> None:
    said = form(done_1="skipped", why_1="too_painful")
    response = ana.post(path(strength), said)
    page = text(response)
    assert response.status_code == 200
    for shown in ("Leave out what is too painful", "Strength 2", "Leave it out until Riverside says otherwise"):
        assert shown in page
    assert "Strength 1" not in page
    assert "Stop this session" not in page
    assert 'href="tel:112"' in page
    assert "Is any of this new, or getting worse?" in page
    assert "Nobody watches it around the clock" in page
    with within(cast.riverside):
        alert = Alert.objects.get()
    page = text(sign_in(cast.tess).get(f"/alerts/{alert.pk}/"))
    for shown in ("Strength 2 skipped: too painful.", "Rule P3, version 1: 1 or more exercises", "too painful"):
        assert shown in page


LEAVE_OUT = "Leave it out until Riverside says otherwise."


@pytest.fixture
def too_painful(cast: Cast, within: Within, strength: Block, now: datetime) -> Block:
    """Ana skipped the second of two exercises as too painful; the alert is open."""
    with within(cast.riverside):
        skip(cast, strength, now=now, painful=["Strength 2"])
    return strength


def told_lines(page: str) -> dict[str, str]:
    """Cut a log's page into its exercises, by name."""
    parts = page.split('<h2 class="h3" id="told-')[1:]
    return {part[part.index(">") + 1 : part.index("</h2>")]: part.partition("How was it?")[0] for part in parts}


def test_line_says_to_leave_it_out_until_a_person_resolves_the_alert(
    cast: Cast, ana: Client, within: Within, too_painful: Block, now: datetime
) -> None:
    def marked() -> list[str]:
        return [name for name, line in told_lines(text(ana.get(path(too_painful)))).items() if LEAVE_OUT in line]

    assert marked() == ["Strength 2"]
    with within(cast.riverside):
        alerts.acknowledge(alert=Alert.objects.get(), by=cast.tess, now=now)
    assert marked() == ["Strength 2"]
    with within(cast.riverside):
        alerts.resolve(alert=Alert.objects.get(), outcome="talked", note="", by=cast.tess, now=now)
    assert marked() == []


def test_new_edition_with_the_same_exercise_says_so_too(
    cast: Cast, ana: Client, within: Within, too_painful: Block, now: datetime
) -> None:
    with within(cast.riverside):
        first, second = (line.exercise for line in too_painful.prescriptions.all())
        plan = planned(second, first, lineage=too_painful.lineage)
        edition = publish(too_painful.version.program, plan, by=cast.tess, now=now, on=TUESDAY)
        anew = edition.blocks.get()
    lines = told_lines(text(ana.get(path(anew))))
    assert {name: LEAVE_OUT in line for name, line in lines.items()} == {"Strength 2": True, "Strength 1": False}


def test_did_it_all_says_nothing_of_what_is_to_be_left_out(
    cast: Cast, ana: Client, within: Within, too_painful: Block
) -> None:
    lines = told_lines(text(ana.get(path(too_painful), {"all": "1"})))
    assert {name: 'value="done" checked' in line for name, line in lines.items()} == {
        "Strength 1": True,
        "Strength 2": False,
    }
    unsaid = ana.post(path(too_painful), form(1))
    assert unsaid.status_code == 422
    assert LEAVE_OUT in told_lines(text(unsaid))["Strength 2"]
    assert ana.post(path(too_painful), form()).status_code == 303  # done on their own judgement: kept, not barred
    with within(cast.riverside):
        newest = SessionLog.objects.latest("recorded_at", "pk")
        assert list(newest.entries.values_list("done", flat=True)) == ["done", "done"]


def test_log_leads_to_an_exercise_and_back(ana: Client, strength: Block) -> None:
    assert f"?back={quote(path(strength))}%3Fall%3D1" in text(ana.get(path(strength), {"all": "1"}))


def test_five_is_below_the_line(ana: Client, strength: Block) -> None:
    assert ana.post(path(strength), form(pain_during="5")).status_code == 303


# ---- the same again ----------------------------------------------------------------------------------------------


def test_retry_answers_the_same(cast: Cast, ana: Client, within: Within, strength: Block) -> None:
    said = form(pain_during="3")
    first, again = ana.post(path(strength), said), ana.post(path(strength), said)
    assert first["Location"] == again["Location"]
    with within(cast.riverside):
        assert SessionLog.objects.count() == 1


def test_conflict_shows_both_and_can_become_a_correction(
    cast: Cast, ana: Client, within: Within, strength: Block
) -> None:
    said = form(pain_during="1", note="First")
    ana.post(path(strength), said)
    response = ana.post(path(strength), {**said, "pain_during": "5", "note": "Second"})
    page = text(response)
    assert response.status_code == 409
    assert all(f"<dd>{value}</dd>" in page for value in ("1", "First", "5", "Second"))
    with within(cast.riverside):
        kept = SessionLog.objects.get()
    correct = reverse("athletes:correct", args=[kept.pk])
    assert f'action="{correct}"' in page
    again = dict(response.context["again"])
    assert again["client_id"] != said["client_id"]
    assert ana.post(correct, again).status_code == 303
    with within(cast.riverside):
        assert SessionLog.objects.get(corrects=kept).note == "Second"


# ---- whose ---------------------------------------------------------------------------------------------------------


def test_blocks_of_others_and_of_drafts_do_not_exist(
    cast: Cast, ana: Client, sign_in: SignIn, within: Within, strength: Block, now: datetime
) -> None:
    ben = sign_in(cast.ben.member)
    never = ben.get(reverse("athletes:log", args=[uuid4()]))
    for method in ("get", "post"):
        response = getattr(ben, method)(path(strength))
        assert (response.status_code, len(response.content)) == (404, len(never.content))
    with within(cast.riverside):
        draft = drafts.open_draft(program=strength.version.program, by=cast.tess, now=now).blocks.get()
    assert ana.get(path(strength)).status_code == 200
    assert ana.get(path(draft)).status_code == 404


def test_on_hold_can_still_tell_what_was_done(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        athletes.hold(athlete=cast.ana, reason="Flare", by=cast.tess, now=now)
    assert "Your program is on hold." in text(ana.get(path(strength)))
    assert ana.post(path(strength), form(pain_during="7")).status_code == 200


def test_discharged_is_told_so_and_keeps_the_text(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        athletes.discharge(athlete=cast.ana, reason="Well", by=cast.tess, now=now)
    response = ana.post(path(strength), form(note="Keep me"))
    assert response.status_code == 422
    assert "Keep me" in text(response)


# ---- corrections -------------------------------------------------------------------------------------------------


def test_correction_is_prefilled_and_posts_a_new_row(
    cast: Cast, ana: Client, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        first = log(
            cast.ana, strength, now=now - timedelta(hours=8), on=TUESDAY - DAY, pain_during=4, effort=2, note="Was"
        ).log
    correct = reverse("athletes:correct", args=[first.pk])
    page = text(ana.get(correct))
    for kept in ('name="done_0" value="done" checked', 'name="pain_during" value="4" checked', "Was"):
        assert kept in page
    assert 'name="pain_after" value="unsure" checked' not in page
    said = form(performed_on="2026-11-23", done="partly", pain_during="2")
    assert ana.post(correct, said).status_code == 303
    with within(cast.riverside):
        second = SessionLog.objects.get(corrects=first)
        assert (second.outcome, second.pain_during, second.due_id) == ("partly", 2, first.due_id)
        assert SessionLog.objects.get(pk=first.pk).pain_during == 4
    assert ana.get(correct)["Location"] == reverse("athletes:correct", args=[second.pk])
    late = ana.post(correct, form(performed_on="2026-11-23"))
    assert late.status_code == 409


def test_correction_of_anothers_log_does_not_exist(
    cast: Cast, sign_in: SignIn, within: Within, strength: Block, now: datetime
) -> None:
    with within(cast.riverside):
        first = log(cast.ana, strength, now=now).log
    ben = sign_in(cast.ben.member)
    assert ben.get(reverse("athletes:correct", args=[first.pk])).status_code == 404
    assert ben.post(reverse("athletes:correct", args=[first.pk]), form()).status_code == 404


# ---- cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercises", [1, 8])
def test_log_costs_ten_of_its_own_queries_and_a_retry_six(
    cast: Cast, ana: Client, within: Within, now: datetime, exercises: int
) -> None:
    with within(cast.riverside):
        block = prescribe(cast, now=now, exercises=exercises)
    said = form(exercises, pain_during="2", pain_after="1", effort="3", note="Fine")
    ana.get(path(block))
    for most in (10, 6):
        with CaptureQueriesContext(connection) as queries:
            assert ana.post(path(block), said).status_code == 303
        own = [
            q["sql"] for q in queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLL"))
        ]
        assert len([sql for sql in own if "set_config" not in sql]) <= DOOR + most
