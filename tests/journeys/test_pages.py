"""Every page as a person sees it: phone and desk, light and dark, with axe, the console and the CSP listening."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import DESK, PHONE, Arrive, Visitor

SHOTS = Path(os.environ.get("SCREENSHOTS", Path(__file__).resolve().parents[2] / "var" / "screenshots"))
SCREENS = {"390": PHONE, "1440": DESK}

DOORS = {
    "login": "/account/login/",
    "login-code": "/account/login/code/",
    "password-reset": "/account/password/reset/",
    "demo-clock": "/demo/",
    "demo-mailbox": "/demo/mailbox/",
    "not-found": "/nothing-here/",
}
RUNNER = {
    "today": "/me/",
    "log": ".hero a.btn-start, a.due",
    "history": "/me/history/",
    "program": "/me/program/",
    "wrong": "/me/wrong/",
    "reminders": "/me/reminders/",
    "runner-library": "/library/",
}
STAFF = {
    "caseload": "/athletes/",
    "record": ".roster a.who",
    "desk": "a:has-text('Change program')",
    "preview": "button[value='preview']",
    "alerts": "/alerts/",
    "alert": "a.inbox-item",
    "library": "/library/",
    "exercise": "a.tile, .tile a",
    "protocols": "/library/protocols/",
    "new-runner": "/athletes/new/",
}
OWNER = {"staff": "/clinic/staff/", "admin": "/admin/", "admin-list": "/admin/athletes/athlete/"}


def walk(visitor: Visitor, pages: dict[str, str]) -> Iterator[str]:
    """Open pages by path, or by following the first link that a selector finds on the page before."""
    for name, where in pages.items():
        if where.startswith("/"):
            visitor.go(where)
        else:
            visitor.page.locator(where).first.click()
            visitor.page.wait_for_load_state()
        yield name


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("who", "pages"),
    [("", DOORS), ("ana", RUNNER), ("tess", STAFF), ("olive", OWNER)],
    ids=["doors", "runner", "staff", "owner"],
)
def test_pages_are_clean(arrive: Arrive, who: str, pages: dict[str, str], screen: str, *, dark: bool) -> None:
    visitor = arrive(SCREENS[screen], dark=dark)
    if who:
        visitor.sign_in(who)
    SHOTS.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for name in walk(visitor, pages):
        theme = "dark" if dark else "light"
        visitor.page.screenshot(path=SHOTS / f"{name}-{screen}-{theme}.png", full_page=True)
        if name == "not-found":  # the browser itself complains of a 404
            visitor.complaints.clear()
        wrong += visitor.wrong()
    assert not wrong, "\n\n".join(wrong)
