"""A real browser on the real demo: every process that `make demo` starts, nothing mocked."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from portal.demo.stories import PASSWORD
from portal.parts import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
PATIENCE = 30_000  # ms for a page or what it should show, on a machine that is busy with something else
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
VIOLATIONS = """
    window.cspViolations = [];
    document.addEventListener("securitypolicyviolation",
        event => window.cspViolations.push(event.violatedDirective + " " + event.blockedURI));
"""

# What has the focus, as a person would name it. Nothing has it while the page itself does.
NAME_OF_FOCUS = """
    (e => e === document.body ? "" : e.getAttribute("aria-label")
        || [...(e.labels ?? [])].map(label => label.innerText).join(" ") || e.innerText || "")(document.activeElement)
"""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys need a browser, and run once: on the engine that the demo has."""
    for item in items:
        if "tests/journeys/" not in item.nodeid:
            continue
        if connection.vendor == "postgresql":
            item.add_marker(pytest.mark.skip(reason="the demo runs on SQLite: journeys belong to that run"))
        elif CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
            item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@dataclass
class Portal:
    """The running demo."""

    url: str
    var: Path

    def letters(self) -> list[Path]:
        """Return the mails that the demo's post office took, oldest first."""
        return sorted((self.var / "mail").glob("*.eml"))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start the demo on a database and a port of its own; end it with Ctrl-C and expect it to end well."""
    var, port = tmp_path_factory.mktemp("demo"), free_port()
    (var / "clock").write_text(str(until_monday_afternoon(datetime.now(UTC)).total_seconds()))
    inherited = {k: v for k, v in os.environ.items() if k not in {"DEBUG", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}}
    env = {**inherited, "DEBUG": "0", "DEMO": "1", "VAR_DIR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    log = (var / "serve.log").open("w")
    command = [sys.executable, "manage.py", "serve"]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: "Backstride is ready" in (var / "serve.log").read_text(), 180, process)
        yield Portal(f"http://localhost:{port}", var)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(40)
        log.close()
    assert process.returncode == 0, (var / "serve.log").read_text()[-3000:]


def until_monday_afternoon(now: datetime) -> timedelta:
    """How far ahead the demo's clock is set: its people log in the evening and rest on some days, so the day matters."""
    monday = now.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=-now.weekday() % 7)
    return monday - now + timedelta(days=7 if monday <= now else 0)


def wait_for(happened: Callable[[], Any], seconds: float, process: "subprocess.Popen[bytes] | None" = None) -> Any:
    """Wait until something is true and return it; fail after so many seconds, or when the portal ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := happened():
            return found
        assert process is None or process.poll() is None, "the portal ended"
        time.sleep(0.2)
    pytest.fail(f"did not happen within {seconds} s")


def tab_to(page: Page, wanted: str, *, most: int = 200) -> None:
    """Press Tab until something of this name has the focus: what Tab does not reach is not there for the keyboard."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted in page.evaluate(NAME_OF_FOCUS):
            return
    pytest.fail(f"{wanted} is not reached by Tab")


@pytest.fixture(scope="module")  # while it is open Django takes every other test for asynchronous code
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert CHROMIUM, "REQUIRE_BROWSER is set, and no chromium is installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person at one screen; remembers every complaint of the browser."""

    portal: Portal
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the portal."""
        self.page.goto(f"{self.portal.url}{path}")
        return self.page

    def sign_in(self, who: str, clinic: str = "riverside") -> "Visitor":
        """Come in by the door, with the demo's password."""
        self.go("/account/login/")
        self.page.get_by_label("Email").fill(f"{who}@{clinic}.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/account/" not in url)
        return self

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console says is wrong."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def wrong(self) -> list[str]:
        """Tell what is wrong with the page: accessibility, console, CSP, a width beyond the screen. Forgets it then."""
        found: list[str] = self.page.evaluate("window.cspViolations")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"scrolls sideways by {wide} px"] if wide > 0 else []
        found += self.complaints
        results = Axe().run(self.page)
        found += [results.generate_report()] if results.violations_count else []
        self.complaints = []  # with them goes what the CSP refused to axe's own styles
        return [f"{self.page.url}: {words}" for words in found]


Arrive = Callable[..., Visitor]


@pytest.fixture
def arrive(portal: Portal, chromium: Browser) -> Iterator[Arrive]:
    """Return a way to open a browser window: `arrive(PHONE, dark=True).sign_in("ana")`."""
    contexts = []

    def open_window(screen: Any = DESK, *, dark: bool = False, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=screen, color_scheme="dark" if dark else "light", java_script_enabled=scripts
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if scripts:
            context.add_init_script(VIOLATIONS)
        visitor = Visitor(portal, context, context.new_page())
        visitor.page.on("console", visitor.heard)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    yield open_window
    for context in contexts:
        context.close()
