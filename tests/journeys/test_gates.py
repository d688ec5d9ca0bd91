"""Gates in the editor of protocols, and the way to what is wrong: with a script, and without any."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Arrive


def open_return_to_running(page: Page, to: str = "Edit") -> None:
    page.get_by_role("link", name="Return to running, by run-walk stages").first.click()
    if to != "Edit":
        page.get_by_label("More for Return to running").click()
    page.get_by_role("link", name=to).click()


def test_gate_fits_the_gauge_that_is_chosen_and_gives_back_what_was_typed(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/protocols/")
    open_return_to_running(page, "Make our own version")
    gate = page.locator("#p0g1")  # walk 30 minutes, twice
    what, operator, number, kind = (
        gate.locator(f"[name$='-{name}']") for name in ("what", "operator", "threshold", "kind")
    )
    expect(gate.get_by_label("On days in a row")).not_to_be_visible()
    what.select_option("next_morning_pain")
    expect(operator).to_have_value("le")
    expect(number).to_have_value("2")
    expect(kind).to_have_value("self_report")
    gate.get_by_label("On days in a row").check()
    number.fill("1")
    what.select_option("movement_quality")
    expect(number).not_to_be_visible()
    expect(gate.get_by_label("On days in a row")).not_to_be_checked()
    expect(operator).to_have_value("is_true")
    assert operator.locator("option:not([hidden])").all_inner_texts() == ["yes", "no"]
    assert kind.locator("option:not([hidden])").all_inner_texts() == ["clinician’s check"]
    what.select_option("next_morning_pain")
    expect(number).to_have_value("1")
    expect(gate.get_by_label("On days in a row")).to_be_checked()
    what.select_option("limp")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("status").filter(has_text="is in your library.")).to_be_visible()
    expect(page.locator(".gate-list").first).to_contain_text("No limp")
    assert theo.wrong() == []


def test_page_opens_at_the_first_field_that_is_wrong(arrive: Arrive) -> None:
    theo = arrive().sign_in("theo")
    page = theo.go("/library/protocols/")
    open_return_to_running(page)
    wrong = page.locator("#p7g0").get_by_label("Number")
    wrong.fill("abc")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("One place is marked below")
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()
    theo.complaints.clear()  # the console tells of the 422
    assert theo.wrong() == []


def test_link_leads_to_the_first_field_that_is_wrong_without_a_script(arrive: Arrive) -> None:
    theo = arrive(scripts=False).sign_in("theo")
    page = theo.go("/library/protocols/")
    open_return_to_running(page)
    page.locator("#p7g0").get_by_label("Number").fill("abc")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Go to it").click()
    expect(page.locator("#p7g0")).to_be_in_viewport()
