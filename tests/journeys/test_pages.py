"""Every page as a person sees it: phone and desk, light and dark, with axe, the console and the CSP listening."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import DESK, PHONE, Arrive, Visitor

SHOTS = Path(os.environ.get("SCREENSHOTS", Path(__file__).resolve().parents[2] / "var" / "screenshots"))
SCREENS = {"390": PHONE, "1440": DESK}
# Both widths and both themes of every page; the other two pairs, twice the time, before a release.
PAIRS = [("390", True), ("1440", False)]
if os.environ.get("EVERY_SCREEN") == "1":
    PAIRS += [("390", False), ("1440", True)]

RECORD = "/athletes/ >> .roster a.who"

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
    "log": "/me/ >> .hero a.btn-start, a.due",
    "history": "/me/history/",
    "correct": "/me/history/ >> a[href$='/correct/']",
    "program": "/me/program/",
    "wrong": "/me/wrong/",
    "reminders": "/me/reminders/",
    "runner-library": "/library/",
    "runner-exercise": "/library/ >> .tiles a",
    "questions": "/library/faq/ >> .faq summary",
    "education": "/library/education/",
    "card": "/library/education/ >> .read-card",
    "password-change": "/account/password/change/",
}
STAFF = {
    "caseload": "/athletes/",
    "record": RECORD,
    "desk": f"{RECORD} >> a[href$='/draft/']",
    "preview": f"{RECORD} >> a[href$='/draft/'] >> button[value='preview']",
    "new-program": f"{RECORD} >> a[href$='/programs/new/']",
    "end-program": f"{RECORD} >> a[href$='/end/']",
    "pause": f"{RECORD} >> summary:has-text('Change care') >> a[href$='/pause/']",
    "hold": f"{RECORD} >> summary:has-text('Change care') >> a[href$='/hold/']",
    "discharge": f"{RECORD} >> summary:has-text('Change care') >> a[href$='/discharge/']",
    "alerts": "/alerts/",
    "alert": "/alerts/ >> a.inbox-item",
    "library": "/library/",
    "library-filters": "/library/?q=hip&hide=kneeling&equipment=mat&gear=only >> .fold > summary",
    "library-ladders": "/library/?view=ladders",
    "compare": "/library/ >> .tiles a >> a:has-text('Compare with another')",
    "exercise": "/library/ >> .tiles a",
    "education-staff": "/library/education/?factor=load_spike",
    "card-staff": "/library/education/?factor=load_spike >> .read-card",
    "protocols": "/library/protocols/",
    "protocol": "/library/protocols/ >> .protocol-cards a",
    "exercise-new": "/library/new/",
    "exercise-new-wrong": "/library/new/ >> .save-bar .btn-primary",
    "exercise-edit": "/library/ >> .tiles a >> .tend a[href$='/edit/']",
    "exercise-copy": "/library/ >> .tiles a >> .tend summary >> a[href$='/copy/']",
    "exercise-history": "/library/ >> .tiles a >> .tend summary >> a[href$='/history/']",
    "exercise-version": "/library/ >> .tiles a >> .tend summary >> a[href$='/history/'] >> .versions a",
    "exercise-retire": "/library/?q=cat-cow >> .tiles a >> .tend summary >> a[href$='/retire/']",
    "protocol-new": "/library/protocols/new/",
    "protocol-new-wrong": "/library/protocols/new/ >> .gates-edit > .btn >> .save-bar .btn-primary",
    "protocol-edit": "/library/protocols/ >> .protocol-cards a >> .tend a[href$='/edit/']",
    "protocol-history": "/library/protocols/ >> .protocol-cards a >> .tend summary >> a[href$='/history/']",
    "protocol-version": "/library/protocols/ >> .protocol-cards a >> .tend summary >> a[href$='/history/'] >> .versions a",
    "new-runner": "/athletes/new/",
}
OWNER = {
    "updates": "/library/updates/",
    "files": "/library/files/",
    "staff": "/clinic/staff/",
    "staff-end": "/clinic/staff/ >> a[href$='/end/']",
    "clinics": "/clinics/",
    "admin": "/admin/",
    "admin-list": "/admin/athletes/athlete/",
    "admin-row": "/admin/athletes/athlete/ >> #result_list tbody th a",
    "admin-history": "/admin/athletes/athlete/ >> #result_list tbody th a >> a.historylink",
}


def walk(visitor: Visitor, pages: dict[str, str]) -> Iterator[str]:
    """Open pages: a path, then whatever a person would click on from there."""
    for name, way in pages.items():
        path, *clicks = way.split(" >> ")
        visitor.go(path)
        for selector in clicks:
            visitor.page.locator(selector).first.click()
            visitor.page.wait_for_load_state()
        yield name


@pytest.mark.parametrize(
    ("screen", "dark"), PAIRS, ids=[f"{width}-{'dark' if dark else 'light'}" for width, dark in PAIRS]
)
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
        if name == "not-found" or name.endswith("-wrong"):  # the browser itself complains of a 404 or a 422
            visitor.complaints.clear()
        wrong += visitor.wrong()
    assert not wrong, "\n\n".join(wrong)
