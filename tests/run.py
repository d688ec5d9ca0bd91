"""`make test`: the suite on SQLite, then on PostgreSQL when one answers; ends by saying what really ran.

REQUIRE_POSTGRES=1 and REQUIRE_BROWSER=1 make a missing one a failure. Arguments go on to pytest.
"""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ONCE = ("tests/rules", "tests/journeys")  # no database, or on one of them only


@dataclass(frozen=True)
class Run:
    """What one engine's run came to."""

    engine: str
    passed: int
    failed: int
    skipped: int
    journeys: int

    @property
    def line(self) -> str:
        return f"{self.engine}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run everything; 0 only if all that was asked for ran and passed."""
    missing = []
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    postgres = server_version()
    runs = [suite("SQLite", {"DATABASE_URL": "sqlite://:memory:"}, [*without_browser(browser), *arguments])]
    if postgres:
        url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/backstride_{os.getpid()}"))
        less = [] if arguments else [f"--ignore={folder}" for folder in ONCE]
        runs.append(
            suite(f"PostgreSQL {postgres}", {"DATABASE_URL": url}, [*less, *without_browser(browser), *arguments])
        )
    elif os.environ.get("REQUIRE_POSTGRES") == "1":
        missing.append(f"PostgreSQL was required and does not answer at {POSTGRES_URL}")
    journeys = runs[0].journeys
    if os.environ.get("REQUIRE_BROWSER") == "1" and not journeys:
        missing.append("A browser was required and no journey ran in one")
    print("\n" + "\n".join(run.line for run in runs))
    print(f"Browser: {version(browser)}, {journeys} journeys" if browser and journeys else "Browser: none")
    print("".join(f"MISSING: {what}\n" for what in missing), end="")
    empty = any(run.passed == 0 for run in runs)
    return 1 if missing or empty or any(run.failed for run in runs) else 0


def server_version() -> str:
    """Return the PostgreSQL version that answers, or nothing."""
    try:
        with psycopg.connect(POSTGRES_URL, connect_timeout=3) as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0]).split()[0]  # type: ignore[index]
    except psycopg.OperationalError:
        return ""


def without_browser(browser: str | None) -> list[str]:
    """Leave the journeys out where no browser could take them."""
    return [] if browser else ["--ignore=tests/journeys"]


def version(browser: str) -> str:
    """Return what the browser calls itself."""
    said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    return said.strip() or Path(browser).name


def suite(engine: str, env: dict[str, str], arguments: list[str]) -> Run:
    """Run pytest on one engine and count what it wrote down."""
    print(f"\n==== {engine} ====", flush=True)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        argv = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
        code = subprocess.run(argv, env={**os.environ, **env}, check=False).returncode
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    passed = [case for case in cases if case not in failed and case not in skipped]
    journeys = sum("journeys" in case.get("classname", "") for case in passed)
    broken = max(len(failed), int(code not in {0, 5} or not report_is_whole(cases, code)))
    return Run(engine, len(passed), broken, len(skipped), journeys)


def report_is_whole(cases: list[ET.Element], code: int) -> bool:
    """A run that ended well must have left tests behind."""
    return bool(cases) or code == 5


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
