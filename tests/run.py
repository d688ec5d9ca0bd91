"""`make test`: the suite on SQLite, then on PostgreSQL when one answers; ends by saying what really ran.

REQUIRE_POSTGRES=1 and REQUIRE_BROWSER=1 make a missing one a failure. Arguments go on to pytest.
"""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ONCE = ("tests/rules", "tests/journeys")  # no database, or on one of them only
BROWSED = "tests/journeys"  # a worker each brings its portal and its browser
ALONE = "tests/faults"  # processes are killed by the clock: one test at a time


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

    def __add__(self, more: "Run") -> "Run":
        counts = zip(astuple(self)[1:], astuple(more)[1:], strict=True)
        return Run(self.engine, *(one + other for one, other in counts))


def main(arguments: list[str]) -> int:
    """Run everything; 0 only if all that was asked for ran and passed."""
    missing = []
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    postgres = server_version()
    gone = () if browser else ("tests/journeys",)
    runs = [engine("SQLite", "sqlite://:memory:", arguments, leave=gone)]
    if postgres:
        url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/backstride_{os.getpid()}"))
        leave = gone if arguments else ONCE
        runs.append(engine(f"PostgreSQL {postgres}", url, arguments, leave=leave))
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


def version(browser: str) -> str:
    """Return what the browser calls itself."""
    said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    return said.strip() or Path(browser).name


def engine(name: str, url: str, arguments: list[str], *, leave: tuple[str, ...]) -> Run:
    """Run the suite on one engine: what is pure or a test's own on all cores, then what needs the machine to itself."""
    env = {"DATABASE_URL": url, "PYTHONHASHSEED": "0"}  # workers must collect the same tests in the same order
    if arguments:
        return suite(name, env, [*without(leave), *arguments])
    shared = ["--numprocesses=auto", "--dist=worksteal"]
    parts = [
        suite(name, env, [*shared, *without((ALONE, BROWSED, *leave))]),
        suite(f"{name}, processes one at a time", env, [ALONE]),
        *([] if BROWSED in leave else [suite(f"{name}, in a browser", env, [*shared, BROWSED])]),
    ]
    return sum(parts[1:], start=parts[0])


def without(folders: tuple[str, ...]) -> list[str]:
    """Say which folders pytest leaves out."""
    return [f"--ignore={folder}" for folder in sorted(set(folders))]


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
    broken = max(len(failed), int(code != 0 or not cases))  # a part that ran nothing checked nothing
    return Run(engine, len(passed), broken, len(skipped), journeys)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
