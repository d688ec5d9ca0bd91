"""`make lint`: every check that needs no test. All run; the exit code says whether all passed."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = {"DEBUG": "1", "DEMO": "0", "DATABASE_URL": "sqlite://:memory:"}
PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "".join(map(chr, range(40, 100))),
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
}
EXPORT = ["export", "--quiet", "--no-dev", "--no-emit-project", "--format", "requirements-txt"]

MANAGE = [sys.executable, "manage.py"]
CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ruff": ([str(BIN / "ruff"), "check", "."], {}),
    "format": ([str(BIN / "ruff"), "format", "--check", "."], {}),
    "imports": ([str(BIN / "lint-imports"), "--no-cache"], {}),
    "types": ([str(BIN / "mypy")], DEVELOPMENT),
    "templates": ([str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
    "figures": ([sys.executable, "-m", "exercises.figures", "build", "--check"], {}),
    "dependencies": ([str(BIN / "deptry"), "."], {}),
    "migrations": ([*MANAGE, "makemigrations", "--check", "--dry-run"], DEVELOPMENT),
    "deploy": (
        [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION | {"DATABASE_URL": "postgres://db/x"},
    ),
    "deploy on SQLite": (
        [*MANAGE, "check", "--deploy", "--fail-level", "WARNING", "--database", "default"],
        PRODUCTION | {"DATABASE_URL": "sqlite://:memory:"},
    ),
}


def main() -> int:
    """Run each check; print the words of those that fail."""
    with tempfile.TemporaryDirectory() as var:
        failed = [name for name, (argv, env) in CHECKS.items() if not passes(name, argv, {**env, "VAR_DIR": var})]
    failed += [] if requirements_in_step() else ["requirements"]
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def passes(name: str, argv: list[str], env: dict[str, str]) -> bool:
    """Run one check."""
    began = time.monotonic()
    done = subprocess.run(argv, env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not good:
        print(done.stdout + done.stderr, flush=True)
    return good


def requirements_in_step() -> bool:
    """Whether requirements.txt says what uv.lock says."""
    uv = next((path for path in (BIN / "uv",) if path.exists()), Path("uv"))
    done = subprocess.run([str(uv), *EXPORT], cwd=ROOT, capture_output=True, text=True, check=False)
    asked, kept = lines(done.stdout), lines((ROOT / "requirements.txt").read_text())
    good = done.returncode == 0 and bool(asked) and asked == kept
    print(f"{'ok  ' if good else 'FAIL'} requirements.txt in step with uv.lock", flush=True)
    if not good:
        print(done.stderr or "Run `make lock`.", flush=True)
    return good


def lines(text: str) -> list[str]:
    """Return what counts: the head of the file quotes the command that wrote it."""
    return [line for line in text.splitlines() if not line.startswith("#")]


if __name__ == "__main__":
    sys.exit(main())
