"""What `check --deploy` asks beyond Django's own questions."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from clinic.models import Clinic


@register(Tags.database, deploy=True)
def sqlite_serves_one_clinic(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse several clinics on SQLite: it has no row-level security, so one layer alone would keep them apart."""
    del app_configs
    if connection.vendor != "sqlite":
        return []
    try:
        clinics = Clinic.objects.count()
    except DatabaseError:  # not migrated yet: no clinic
        return []
    if clinics <= 1:
        return []
    hint = "Move to PostgreSQL: set DATABASE_URL and OWNER_DATABASE_URL (docs/settings.md)."
    return [Error(f"SQLite serves one clinic; this database holds {clinics}.", hint=hint, id="backstride.E001")]
