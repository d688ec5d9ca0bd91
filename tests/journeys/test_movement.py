"""A movement moves, stops at the keyboard without any script, holds still for who asks for less motion, and prints as stills."""

from playwright.sync_api import Page

from tests.journeys.conftest import PHONE, Arrive, wait_for

STRIP = "getComputedStyle(document.querySelector('.loop .strip'))"


def shown(page: Page) -> str:
    return str(page.evaluate(f"{STRIP}.transform"))


def open_movement(page: Page, url: str) -> None:
    page.goto(f"{url}/library/?q=glute+bridge")
    page.locator(".tiles a").first.click()
    page.wait_for_load_state()


def test_the_loop_moves_and_pauses_at_the_keyboard(arrive: Arrive) -> None:
    visitor = arrive(PHONE).sign_in("ana")
    page = visitor.page
    open_movement(page, visitor.portal.url)
    first = shown(page)
    wait_for(lambda: shown(page) != first, 30)
    control = page.get_by_role("checkbox", name="Pause the movement")
    control.focus()
    assert page.evaluate("getComputedStyle(document.querySelector('.pause + label')).boxShadow") != "none"
    page.keyboard.press("Space")
    assert control.is_checked()
    page.wait_for_timeout(100)
    before = shown(page)
    page.wait_for_timeout(900)
    assert shown(page) == before
    page.keyboard.press("Space")
    wait_for(lambda: shown(page) != before, 30)
    assert not visitor.wrong()


def test_without_script_the_control_still_stops_it(arrive: Arrive) -> None:
    visitor = arrive(PHONE, scripts=False).sign_in("ana")
    page = visitor.page
    open_movement(page, visitor.portal.url)
    page.locator(".pause + label").click()
    assert page.get_by_role("checkbox", name="Pause the movement").is_checked()


def test_less_motion_and_paper_show_stills(arrive: Arrive) -> None:
    visitor = arrive().sign_in("ana")
    page = visitor.page
    open_movement(page, visitor.portal.url)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(f"{STRIP}.animationName") == "none"
    assert not page.locator(".loop .film").is_visible()
    assert page.locator(".loop .told").is_visible()
    assert not page.locator(".pause + label").is_visible()
    page.emulate_media(media="print", reduced_motion="no-preference")
    assert not page.locator(".loop").is_visible()
    assert page.locator(".movement figcaption").count() == 3
