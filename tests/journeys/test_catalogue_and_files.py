"""A newer catalogue is answered, and a list from a spreadsheet comes in: by mouse, and by keys alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, Arrive, tab_to
from tests.journeys.test_pages import SHOTS

SHEET = """code;name;kind;laterality;steps;measure;reps;sets;side;colour
own_wall_{n};Wall press {n};strength;together;"Stand an arm's length from a wall.
Lean in and push away.";reps;12;3;none;red
own_wall_{n}_2;Wall sit {n};strength;together;Sit against the wall.;hold;;many;none;
"""


def sheet(n: int, *, good: bool = False) -> dict[str, Any]:
    """Return a sheet as Excel in Europe saves it: one new exercise, and one with an error."""
    rows = SHEET.format(n=n).replace("\n", "\r\n").partition(f"own_wall_{n}_2")
    text = rows[0] if good else "".join(rows)
    return {"name": f"ours-{n}.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}


def test_owner_takes_one_change_by_mouse(arrive: Arrive) -> None:
    olive = arrive().sign_in("olive")
    page = olive.go("/library/")
    page.get_by_role("link", name=re.compile("The catalogue has . changes")).click()
    bird_dog = page.locator(".update", has_text="Bird dog")
    expect(bird_dog).to_contain_text("You changed this, so yours stays. The catalogue now says:")
    expect(bird_dog).to_contain_text("A cup of tea on the small of the back")
    page.locator(".update", has_text="Swimming").get_by_role("checkbox").check()
    page.get_by_role("button", name="Take the ticked").click()
    expect(page.locator("main")).to_contain_text("Taken: 1 change.")
    expect(page.locator(".update", has_text="Swimming")).to_have_count(0)
    assert olive.wrong() == []
    page = olive.go("/library/?q=easy+swimming")
    page.get_by_role("link", name="Easy swimming").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Easy swimming")


def test_owner_leaves_one_change_by_keyboard_and_without_script(arrive: Arrive) -> None:
    olive = arrive(scripts=False).sign_in("olive")
    page = olive.go("/library/updates/")
    tab_to(page, "Suitcase")
    page.keyboard.press("Space")
    tab_to(page, "Leave the ticked")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 change left.")
    expect(page.locator("details", has_text="One change that you left")).to_contain_text("Suitcase")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["390", "1440"])
def test_sheet_is_looked_at_before_it_comes_in(arrive: Arrive, screen: Any, *, dark: bool) -> None:
    tess = arrive(screen, dark=dark).sign_in("tess")
    n = screen["width"] + dark
    page = tess.go("/library/files/")
    page.get_by_label("File").set_input_files(sheet(n))
    page.get_by_role("button", name="See what it would do").click()
    main = page.locator("main")
    expect(main).to_contain_text("1 new, 0 changed, 0 as in the library, 1 with an error")
    expect(main).to_contain_text("A column that is not known is passed over: colour.")
    expect(main).to_contain_text("Row 3")
    expect(main).to_contain_text("sets: This must be a number.")
    SHOTS.mkdir(parents=True, exist_ok=True)
    name = f"import-{screen['width']}-{'dark' if dark else 'light'}.png"
    page.screenshot(path=Path(SHOTS, name), full_page=True)
    assert tess.wrong() == []
    page.get_by_role("button", name="Import 1 new and 0 changed, leave 1 out").click()
    expect(main).to_contain_text("Imported: 1 entry.")
    page = tess.go(f"/library/?q=wall+press+{n}")
    expect(page.get_by_role("link", name=f"Wall press {n}").first).to_be_visible()


def test_sheet_comes_in_by_keyboard(arrive: Arrive) -> None:
    tess = arrive().sign_in("tess")
    page = tess.go("/library/files/")
    field = page.get_by_label("File")
    tab_to(page, "File")
    expect(field).to_be_focused()
    field.set_input_files(sheet(7, good=True))  # the chooser is the browser's own, and opens for the front page alone
    tab_to(page, "See what it would do")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the import would do")
    tab_to(page, "Import 1 new, 0 changed")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Imported: 1 entry.")
    assert tess.wrong() == []


def test_library_is_saved_as_a_file(arrive: Arrive) -> None:
    tess = arrive().sign_in("tess")
    page = tess.go("/library/files/")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert re.fullmatch(r"riverside-\d{4}-\d\d-\d\d-exercises\.xlsx", download.value.suggested_filename)
