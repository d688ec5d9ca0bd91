"""The clinic's own exercises and protocols: by mouse, by keyboard alone, and without any script."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Arrive, tab_to


def has_cursor(page: Page, name: str) -> None:
    """Expect the cursor in a field."""
    expect(page.locator(f"[name='{name}']")).to_be_focused()


def test_exercise_is_copied_changed_and_restored_by_mouse(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/?q=clamshell")
    page.locator(".tile").first.click()
    page.get_by_label("More for Clamshell").click()
    page.get_by_role("link", name="Make our own version").click()
    expect(page.get_by_label("Name")).to_have_value("Clamshell (Riverside)")
    page.get_by_label("Name").fill("Clamshell on the wall")
    page.get_by_label("wall", exact=True).check()
    page.get_by_role("textbox", name=re.compile("^How")).fill("Lie with your back to the wall.\nOpen the knee.")
    page.locator(".figure-pick", has_text="Bird dog").first.click()
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("status").filter(has_text="Clamshell on the wall is in your library.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Lie with your back to the wall.")
    assert theo.wrong() == []

    page.get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name=re.compile("^How")).fill("Lie down.")
    page.get_by_label("What changed, and why").fill("Shorter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("More for").click()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".versions li")).to_have_count(2)
    page.get_by_role("link", name=re.compile("What changed")).click()
    expect(page.locator("del", has_text="Open the knee.")).to_be_visible()
    assert theo.wrong() == []
    page.get_by_role("link", name=re.compile("History of")).click()
    page.get_by_role("link", name=re.compile("What it said")).click()
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.locator("main")).to_contain_text("Lie with your back to the wall.")

    page.get_by_label("More for").click()
    page.get_by_role("link", name="Retire").click()
    page.get_by_role("button", name="Retire").click()
    page.get_by_label("More for").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("status").filter(has_text="can be chosen again")).to_be_visible()
    assert theo.wrong() == []


def test_exercise_is_copied_and_changed_by_keyboard_alone(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/?q=hip+hike")
    keys = page.keyboard

    def go(name: str) -> None:
        tab_to(page, name)
        with page.expect_navigation():
            keys.press("Enter")

    go("Hip hike on a step")
    more = page.get_by_label("More for Hip hike on a step")
    copy = page.get_by_role("link", name="Make our own version")
    tab_to(page, "More for Hip hike on a step")
    keys.press("Enter")
    expect(copy).to_be_visible()
    keys.press("Tab")
    expect(copy).to_be_focused()
    keys.press("Escape")
    expect(copy).not_to_be_visible()
    expect(more).to_be_focused()
    keys.press("Enter")
    go("Make our own version")
    expect(page.get_by_label("Name")).to_have_value("Hip hike on a step (Riverside)")
    tab_to(page, "Name")
    has_cursor(page, "name")
    tab_to(page, "How")
    has_cursor(page, "steps")
    keys.press("Control+End")
    keys.press("Enter")
    keys.type("Breathe out.")
    go("Add to the library")
    expect(
        page.get_by_role("status").filter(has_text="Hip hike on a step (Riverside) is in your library.")
    ).to_be_visible()
    expect(page.locator(".steps-list li").last).to_have_text("Breathe out.")

    go("Edit")
    tab_to(page, "How")
    has_cursor(page, "steps")
    keys.press("Control+End")
    keys.type(" And in.")
    tab_to(page, "What changed, and why")
    keys.type("Both ways")
    go("Save")
    expect(page.locator(".steps-list li").last).to_have_text("Breathe out. And in.")
    tab_to(page, "More for Hip hike on a step (Riverside)")
    keys.press("Enter")
    go("History")
    expect(page.locator(".versions li")).to_have_count(2)
    go("What changed")
    expect(page.locator("ins", has_text="And in.")).to_be_visible()
    assert theo.wrong() == []


def test_menu_is_closed_by_a_click_beside_it(arrive: Arrive) -> None:
    page = arrive().sign_in("theo").go("/library/?q=side+plank")
    page.locator(".tile").first.click()
    item = page.get_by_role("link", name="Make our own version")
    page.get_by_label("More for").click()
    expect(item).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(item).not_to_be_visible()
    page.get_by_label("More for").click()
    expect(item).to_be_visible()  # the button opens and closes as ever
    page.get_by_label("More for").click()
    expect(item).not_to_be_visible()


def test_leaving_with_changes_asks_first(arrive: Arrive) -> None:
    page = arrive().sign_in("theo").go("/library/new/")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.get_by_label("Name").press_sequentially("Half written")
    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Name")).to_have_value("Half written")


def test_protocol_of_two_phases_by_keyboard_alone(arrive: Arrive) -> None:
    tess = arrive().sign_in("tess")
    page = tess.go("/library/protocols/")
    keys = page.keyboard
    tab_to(page, "New protocol")
    keys.press("Enter")
    page.wait_for_url("**/new/")
    tab_to(page, "Name")
    keys.type("Runner's hip, two phases")
    tab_to(page, "Name of the phase")
    keys.type("Calm")
    keys.press("Tab")
    tab_to(page, "Title of the block")
    keys.type("Every morning")
    tab_to(page, "Add an exercise")
    for name in ("clamshell", "glute bridge"):  # the cursor comes back for the next
        keys.type(name)
        keys.press("Escape")  # closes the browser's list
        keys.press("Enter")
        expect(page.locator(".line .name", has_text=re.compile(f"^{name}$", re.IGNORECASE))).to_be_visible()
        has_cursor(page, "p0b0-add")
    tab_to(page, "Add a gate")
    keys.press("Enter")
    expect(page.locator(".gate-edit")).to_have_count(1)
    has_cursor(page, "p0g0-what")
    tab_to(page, "Add a phase")
    keys.press("Enter")
    expect(page.locator(".phase-edit")).to_have_count(2)
    has_cursor(page, "p1-name")
    keys.type("Load")
    tab_to(page, "Title of the block")
    keys.type("Strength")
    tab_to(page, "Add an exercise")
    keys.type("single-leg bridge")
    keys.press("Escape")
    keys.press("Enter")
    expect(page.locator("#p1b0 .line")).to_have_count(1)
    assert tess.wrong() == []
    tab_to(page, "Add to the library")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Runner's hip, two phases")).to_be_visible()
    main = page.locator("main")
    for words in (
        "Every morning",
        "Clamshell",
        "Glute bridge",
        "Single-leg bridge",
        "Load",
        "Next-morning pain",
    ):
        expect(main).to_contain_text(words)
    assert tess.wrong() == []


def test_protocol_is_changed_on_a_phone_without_script(arrive: Arrive) -> None:
    theo = arrive(PHONE, scripts=False).sign_in("theo")
    page = theo.go("/library/protocols/")
    page.locator(".protocol-cards a").first.click()
    page.get_by_role("link", name="Edit").click()
    names = page.locator("#p0b0 .line .name")
    before = names.all_inner_texts()
    page.get_by_role("button", name=f"Move {before[0]} down").first.click()
    expect(names.first).to_have_text(before[1])
    page.get_by_label("Name of the phase").first.fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Give the phase a name.")).to_be_visible()
    expect(names.first).to_have_text(before[1])
    page.get_by_label("Name of the phase").first.fill("Settle")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Settle")
