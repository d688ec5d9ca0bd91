"""The main job, end to end, by the people who do it: prescribe, log, hurt, answer; and a word when nothing comes."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Arrive, Portal, wait_for


def letters(portal: Portal, to: str, subject: str) -> list[Message]:
    """Return the mails to somebody with a subject."""
    mails: list[Any] = [message_from_bytes(path.read_bytes(), policy=default) for path in portal.letters()]
    return [mail for mail in mails if to in mail["To"] and subject in mail["Subject"]]


def answer_all(page: Page, word: str) -> None:
    """Say the same of every exercise on the log page."""
    for group in page.locator(".told-cells").all():
        group.get_by_text(word, exact=True).click()


def test_prescribe_log_hurt_and_answer(arrive: Arrive, portal: Portal) -> None:
    tess = arrive().sign_in("tess")
    desk = tess.go("/athletes/?whose=mine")
    desk.get_by_role("link", name="Ana Duarte").click()
    desk.get_by_role("link", name="New program").click()
    desk.get_by_label(re.compile("Calm and move")).check()
    desk.get_by_role("button", name="Make the draft").click()
    dose = desk.get_by_role("group", name="Dose of Cat-cow").first
    reps = dose.get_by_role("textbox").nth(1)
    reps.fill("7")
    desk.get_by_role("button", name="Publish v1").click()
    expect(desk.get_by_role("heading", name="Ana Duarte")).to_be_visible()

    ana = arrive(PHONE).sign_in("ana")
    phone = ana.go("/me/program/")
    expect(phone.locator("main")).to_contain_text("Cat-cow")
    expect(phone.locator("main")).to_contain_text(re.compile(r"1 × 7\b"))
    phone = ana.go("/me/")
    named = phone.get_by_role("link", name=re.compile("Morning mobility"))
    (named if named.count() else phone.get_by_role("link", name="Start")).first.click()  # what is first has no name
    answer_all(phone, "Done")
    phone.locator("fieldset", has_text="Most pain while you did it").get_by_text("8", exact=True).click()
    phone.locator("fieldset", has_text="Pain right after it").get_by_text("5", exact=True).click()
    phone.get_by_role("button", name="Save session").click()
    expect(phone.get_by_role("heading", name="Stop this session for today")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile("112")).first).to_have_attribute("href", "tel:112")
    assert ana.wrong() == []

    desk = tess.go("/alerts/")
    desk.get_by_role("link", name=re.compile("Ana Duarte")).click()
    expect(desk.locator("main")).to_contain_text("Pain 8")
    bell = wait_for(lambda: letters(portal, "tess@riverside.example", "1 item needs review"), 90)[-1]
    assert "Ana" not in bell.as_string()
    assert bell["Reply-To"] == "desk@riverside.example"
    desk.get_by_role("button", name="Acknowledge").click()
    desk.get_by_label("Talked, no change").check()
    desk.get_by_role("button", name="Resolve").click()
    desk = tess.go("/alerts/?show=resolved")
    expect(desk.locator("main")).to_contain_text("Ana Duarte")
    assert tess.wrong() == []


def test_too_painful_is_answered_and_reaches_the_desk(arrive: Arrive) -> None:
    yuki = arrive(PHONE, dark=True).sign_in("yuki")
    phone = yuki.go("/me/")
    phone.locator(".hero a.btn-start, a.due").first.click()
    answer_all(phone, "Done")
    painful = phone.locator(".told h2").last.inner_text()
    phone.locator(".told-cells").last.get_by_text("Skipped", exact=True).click()
    phone.get_by_label(re.compile("Why was it skipped")).last.select_option("too_painful")
    phone.get_by_role("button", name="Save session").click()
    expect(phone.get_by_role("heading", name="Leave out what is too painful")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile("112")).first).to_have_attribute("href", "tel:112")
    assert yuki.wrong() == []
    line = yuki.go("/me/program/").locator("a.due", has_text=painful).first
    expect(line).to_contain_text("Leave it out until Riverside says otherwise.")
    assert yuki.wrong() == []

    theo = arrive().sign_in("theo")
    desk = theo.go("/alerts/")
    desk.get_by_role("link", name=re.compile("Yuki Tanabe")).click()
    expect(desk.locator("main")).to_contain_text(f"{painful} skipped: too painful.")
    assert theo.wrong() == []


def test_new_runner_comes_in_by_mail(arrive: Arrive, portal: Portal) -> None:
    tess = arrive().sign_in("tess")
    desk = tess.go("/athletes/new/")
    desk.get_by_label("Name").fill("Nina Falk")
    desk.get_by_label("E-mail").fill("nina@riverside.example")
    desk.get_by_label("Program to start with").select_option(label="Calm and move: first two weeks")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.locator("main")).to_contain_text("Nina Falk")
    mail: Any = wait_for(lambda: letters(portal, "nina@riverside.example", "invitation"), 90)[0]
    link = re.search(r"https?://\S+/invitation/\S+/", mail.get_body(("plain",)).get_content())
    assert link is not None

    nina = arrive(PHONE)
    phone = nina.page
    phone.goto(link[0])
    expect(phone.get_by_role("heading", name="Welcome, Nina")).to_be_visible()
    assert nina.wrong() == []
    phone.locator("input[type=password]").first.fill("two laps around the lake")
    phone.get_by_role("button", name="Join Riverside").click()
    phone.wait_for_url("**/me/")
    expect(phone.get_by_role("link", name="Start")).to_be_visible()
    again = arrive(PHONE).page
    again.goto(link[0])
    expect(again.locator("input[type=password]")).to_have_count(0)


def test_silence_brings_one_reminder(arrive: Arrive, portal: Portal) -> None:
    visitor = arrive()
    clock = visitor.go("/demo/")
    today = clock.get_by_role("heading", level=1).inner_text().split(",")[0]
    while clock.get_by_role("heading", level=1).inner_text().split(",")[0] == today:
        clock.get_by_role("button", name="Next morning").click()  # before 07:00 it takes two
    before = len(letters(portal, "noor@riverside.example", "something to do"))
    sweep_has_run(portal, visitor.go("/demo/"))
    assert len(letters(portal, "noor@riverside.example", "something to do")) == before

    clock.get_by_role("button", name="Three hours on").click()
    expect(clock.get_by_role("heading", level=1)).to_contain_text("10:00")
    nudges = wait_for(lambda: letters(portal, "noor@riverside.example", "something to do")[before:], 90)
    assert len(nudges) == 1
    assert nudges[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not re.search(
        r"back|pain|cat-cow|mobility", str(nudges[0].get_body(("plain",)).get_content()), re.IGNORECASE
    )

    stop = arrive(PHONE)
    stop.page.goto(nudges[0]["List-Unsubscribe"].strip(" <>"))
    expect(stop.page.get_by_role("button", name="Stop reminders")).to_be_visible()  # asking changes nothing
    assert stop.wrong() == []

    noor = arrive(PHONE).sign_in("noor")
    phone = noor.go("/me/")
    while phone.get_by_role("link", name="Start").count():
        phone.get_by_role("link", name="Did it all already").first.click()
        answer_all(phone, "Done")
        phone.locator("fieldset", has_text="Most pain while you did it").get_by_text("2", exact=True).click()
        phone.get_by_role("button", name="Save session").click()
        phone.wait_for_url("**/me/**")
    clock = visitor.go("/demo/")
    clock.get_by_role("button", name="Next morning").click()
    clock.get_by_role("button", name="Three hours on").click()
    sweep_has_run(portal, clock)
    assert len(letters(portal, "noor@riverside.example", "something to do")) == before + 1


def sweep_has_run(portal: Portal, page: Page) -> None:
    """Wait until the portal has swept and delivered at the demo's new time, and nothing is left to send."""

    def is_done() -> bool:
        ages = page.request.get(f"{portal.url}/pipelinez").json()["age_seconds"]
        swept = all(ages[part] is not None and ages[part] < 100 for part in ("sweep", "deliver"))
        return swept and ages["message"] is None

    wait_for(is_done, 60)
