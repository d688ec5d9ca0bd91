import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from clinic.models import Clinic

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "".join(map(chr, range(40, 100))),
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
    "DATABASE_URL": "sqlite://:memory:",
}


def production(*argv: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | SOUND | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | changes
    return subprocess.run([sys.executable, *argv], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_variable_is_documented_and_none_is_invented() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert len(read) > 10
    assert read == told


def test_production_starts_when_sound() -> None:
    said = production("-c", "from django.conf import settings; print(settings.SESSION_COOKIE_NAME, settings.DEBUG)")
    assert said.stdout == "__Host-session False\n", said.stderr


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "SECRET_KEY must be set"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY must be set"),
        ("SECRET_KEY", "django-insecure-" + SOUND["SECRET_KEY"], "SECRET_KEY must be set"),
        ("SECRET_KEY_FALLBACKS", "old", "SECRET_KEY_FALLBACKS"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name"),
        ("ALLOWED_HOSTS", "*", "wildcard"),
        ("ALLOWED_HOSTS", "portal.example.org,*.example.org", "wildcard"),
        ("ALLOWED_HOSTS", ".example.org", "wildcard"),
        ("SITE_URL", "", "SITE_URL"),
        ("SITE_URL", "http://portal.example.org", "SITE_URL"),
        ("SITE_URL", "https://", "SITE_URL"),
        ("EMAIL_URL", "", "EMAIL_URL"),
    ],
)
def test_production_refuses(variable: str, value: str, reason: str) -> None:
    said = production("-c", "from django.conf import settings; settings.DEBUG", **{variable: value})
    assert said.returncode == 1
    assert "ImproperlyConfigured" in said.stderr
    assert reason in said.stderr


@pytest.mark.parametrize("database", ["postgres://db.example.org/backstride", "sqlite://:memory:"])
def test_deploy_check_is_clean(database: str) -> None:
    said = production("manage.py", "check", "--deploy", "--fail-level", "WARNING", DATABASE_URL=database)
    assert said.returncode == 0, said.stderr
    assert "no issues (0 silenced)" in said.stdout


def test_demo_paths_do_not_exist_in_production() -> None:
    code = "import django; django.setup(); from django.urls import resolve; resolve('/demo/mailbox/')"
    assert "Resolver404" in production("-c", code).stderr
    assert not production("-c", code, DEMO="1").stderr


@pytest.mark.django_db
def test_second_clinic_on_sqlite_fails_deploy_check(settings: object) -> None:
    from django.db import connection

    for slug in ("one", "two"):
        Clinic.objects.create(slug=slug, name=slug, reply_to="desk@example.org")
    if connection.vendor == "sqlite":
        with pytest.raises(SystemCheckError, match=r"backstride\.E001"):
            call_command("check", deploy=True, databases=["default"], fail_level="ERROR", tags=["database"])
    else:
        call_command("check", deploy=True, databases=["default"], fail_level="ERROR", tags=["database"])
