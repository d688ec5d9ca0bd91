"""The library by mouse, by keyboard alone, and without any script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Arrive, tab_to


def focused(page: Page) -> str:
    """Return what has the focus, as a person would name it."""
    name: str = page.evaluate(
        "(document.activeElement.querySelector?.('.name') ?? document.activeElement).innerText"
        " || document.activeElement.id || document.activeElement.tagName"
    )
    return name.strip()


def first(page: Page) -> str:
    """Return the name of the first tile."""
    return page.locator("#found .tile .name").first.inner_text()


def test_search_filter_star_and_compare_by_mouse(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/")
    search = page.get_by_label("Find an exercise")
    search.press_sequentially("glut brige", delay=30)
    expect(page).to_have_url(re.compile(r"/library/\?q=glut\+brige$"))
    expect(page.locator("#found .tile .name").first).to_have_text("Glute bridge")
    expect(search).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+ exercises found$"))).to_be_attached()
    assert theo.wrong() == []

    search.fill("")
    page.get_by_text(re.compile(r"^Stretch \d")).click()
    page.get_by_text("More filters").click()
    page.get_by_text(re.compile(r"^on the knees \d")).click()
    chip = page.get_by_role("link", name=re.compile("Hidden: on the knees"))
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile(r"/library/\?kind=stretch&hide=kneeling$"))
    expect(page.get_by_text(re.compile(r"^on the knees \d"))).to_be_visible()  # the fold stays open
    shown = page.locator("#found .tile").count()
    chip.click()
    expect(chip).to_have_count(0)
    assert page.locator("#found .tile").count() > shown
    assert theo.wrong() == []

    page.get_by_role("link", name="Ladders").click()
    expect(page.locator(".rung-n").first).to_have_text("Easiest")
    assert theo.wrong() == []

    page.get_by_role("link", name="Tiles").click()
    star = page.get_by_role("button", name="Favourite: Pigeon pose", exact=True)
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.reload()
    assert first(page) == "Pigeon pose"

    for name in ("Pigeon pose", "Butterfly stretch"):
        spot = page.locator(".tile-spot", has=page.get_by_role("link", name=re.compile(f"^{name} "))).first
        spot.hover()
        spot.get_by_label("Compare").check()
    page.get_by_role("link", name="Compare the two").click()
    expect(page.get_by_role("columnheader", name="Pigeon pose")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Cautions differs"))).to_be_visible()
    assert theo.wrong() == []


def test_rung_beside_the_search_is_chosen_and_taken_back(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/?view=ladders&q=clamshell")
    beside = page.locator(".tile-spot", has_text="not in this search").first
    box, bar = beside.get_by_label("Compare"), page.locator("#picked")
    assert theo.wrong() == []
    beside.hover()
    box.check()
    expect(bar).to_contain_text("Choose one more.")
    box.uncheck()
    expect(bar).to_be_empty()
    box.check()
    expect(bar).to_contain_text("Choose one more.")
    bar.locator(".chip").click()
    expect(bar).to_be_empty()
    expect(box).not_to_be_checked()


def test_search_star_and_compare_by_keyboard_alone(arrive: Arrive) -> None:
    olive = arrive().sign_in("olive")
    page = olive.go("/library/")
    lists: list[str] = []
    page.on("request", lambda request: lists.append(request.url) if "q=plank" in request.url else None)
    keys = page.keyboard
    keys.press("/")
    keys.type("plank")
    expect(page).to_have_url(re.compile("q=plank"))
    keys.press("ArrowDown")
    assert focused(page) == first(page)
    keys.press("ArrowRight")
    second = focused(page)
    assert second == page.locator("#found .tile .name").nth(1).inner_text()
    keys.press("ArrowDown")
    below = focused(page)
    keys.press("ArrowUp")
    assert focused(page) == second != below
    keys.press("Tab")  # Tab goes on as ever: to the star of the tile
    assert page.evaluate("document.activeElement.className") == "star"
    keys.press("Shift+Tab")
    assert focused(page) == second

    keys.press("f")
    star = page.get_by_role("button", name=f"Favourite: {second}", exact=True)
    expect(star).to_have_attribute("aria-pressed", "true")
    assert focused(page) == second
    assert len(lists) == 1, "leaving the search asked for the list again: it may come back without the star"
    keys.press("c")
    keys.press("ArrowLeft")
    keys.press("c")
    compare = page.get_by_role("link", name="Compare the two")
    expect(compare).to_be_visible()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys in the library")).to_be_visible()
    assert olive.wrong() == []
    keys.press("Escape")
    tab_to(page, "Compare the two")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Compare two exercises")).to_be_visible()

    page.go_back()
    name = first(page)
    tab_to(page, name)
    assert focused(page) == name
    keys.press("Enter")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_single_keys_can_be_switched_off(arrive: Arrive) -> None:
    tess = arrive().sign_in("tess")
    page = tess.go("/library/")
    page.get_by_role("button", name="Keys in the library").click()
    page.get_by_label("Use the keys that are one character").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"
    page.locator("#found .tile").first.focus()
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")  # arrows stay: they move what has the focus
    assert focused(page) == page.locator("#found .tile .name").nth(1).inner_text()


def test_library_works_without_script(arrive: Arrive) -> None:
    ana = arrive(PHONE, scripts=False).sign_in("ana")
    page = ana.go("/library/")
    page.get_by_label("Find an exercise").fill("deadbug")
    page.get_by_text("Strength", exact=False).first.click()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("q=deadbug.*kind=strength"))
    assert first(page) == "Dead bug"
    page.get_by_role("button", name="Favourite: Dead bug", exact=True).click()
    expect(page).to_have_url(re.compile("q=deadbug.*kind=strength"))
    expect(page.get_by_role("button", name="Favourite: Dead bug", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name=re.compile("^strength", re.IGNORECASE)).first.click()  # a chip takes its filter away
    expect(page).not_to_have_url(re.compile("kind=strength"))
    page.locator("#found .tile").first.click()
    expect(page.get_by_role("heading", name="Dead bug", exact=True)).to_be_visible()


LONG = "Widest" * 17 + "ly"  # 104 letters without a blank, as a clinic may paste them
RINGLESS = """
    () => [...document.querySelectorAll("a[href], summary, button")].filter(e => {
        if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
        const look = () => { const style = getComputedStyle(e); return style.boxShadow + style.outline; };
        document.activeElement.blur();
        const without = look();
        e.focus();
        return document.activeElement === e && look() === without;
    }).map(e => e.className + ": " + e.innerText)
"""


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_name_without_a_blank_fits_the_screen(arrive: Arrive, screen: dict[str, int]) -> None:
    tess = arrive(screen).sign_in("tess")
    page = tess.go("/library/?q=side+plank")
    page.locator(".tile").first.click()
    page.get_by_label("More for").click()
    page.get_by_role("link", name="Make our own version").click()
    page.get_by_role("textbox", name="Name").fill(f"{LONG}{screen['width']}")
    page.get_by_role("textbox", name=re.compile("^How")).fill(LONG)
    page.get_by_role("textbox", name="Leave out when").fill(LONG)
    page.get_by_role("button", name="Add to the library").click()
    title = page.get_by_role("heading", name=LONG)
    expect(title).to_be_visible()
    for beyond in (title, page.locator(".steps-list li")):
        inside = beyond.evaluate("e => e.scrollWidth <= e.clientWidth")
        assert inside, "runs under what stands beside it"
    assert tess.wrong() == []
    tess.go(f"/library/?q={LONG}")
    expect(page.locator("#found .tile")).not_to_have_count(0)
    assert tess.wrong() == []


def test_keyboard_sees_where_it_is(arrive: Arrive) -> None:
    """A rule that comes after the ring, and draws another shadow, must not take it away."""
    tess = arrive().sign_in("tess")
    for path in ("/library/", "/library/education/", "/alerts/"):
        page = tess.go(path)
        page.keyboard.press("Tab")  # from here on the browser shows the focus of a script as well
        assert page.evaluate(RINGLESS) == [], path


@pytest.mark.parametrize("way", ["/library/protocols/ >> .protocol-cards a", "/athletes/ >> .roster a.who"])
def test_every_menu_is_closed_by_escape(arrive: Arrive, way: str) -> None:
    path, row = way.split(" >> ")
    page = arrive().sign_in("tess").go(path)
    page.locator(row).first.click()
    page.locator(".menu > summary").first.click()
    expect(page.locator(".menu-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu-list")).to_be_hidden()


def test_questions_print_with_their_answers(arrive: Arrive) -> None:
    tess = arrive().sign_in("tess")
    page = tess.go("/library/faq/")
    answer = page.locator(".faq-body p").first
    expect(answer).to_be_hidden()
    page.emulate_media(media="print")
    expect(answer).to_be_visible()
    tess.go("/library/?q=side+plank").locator(".tile").first.click()
    for left_out in (page.locator(".crumb"), page.locator(".star"), page.get_by_label("More for")):
        expect(left_out).to_be_hidden()


def test_runners_exercise_is_one_column_on_a_desk(arrive: Arrive) -> None:
    page = arrive().sign_in("ana").go("/library/?q=side+plank")
    page.locator(".tile").first.click()
    how, dose = (page.get_by_role("heading", name=name, exact=True) for name in ("How", "Usual dose"))
    beside = how.bounding_box(), dose.bounding_box()
    assert beside[0]
    assert beside[1]
    assert beside[0]["y"] < beside[1]["y"]
    assert beside[0]["width"] > PHONE["width"] / 2
