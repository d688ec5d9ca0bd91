"""What a migration does to the clinics that were there before it."""

from importlib import import_module

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from athletes.models import EscalationRule
from clinic.scope import in_clinic
from tests.cast import Cast

too_painful = import_module("athletes.migrations.0006_too_painful")


def test_every_clinic_gets_the_rule_that_it_lacks(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        started_with = EscalationRule.objects.get(kind="P3")
        EscalationRule.objects.filter(kind="P3").delete()
    connection.check_constraints()
    apps = MigrationExecutor(connection).loader.project_state(("athletes", "0006_too_painful")).apps
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    for _ in range(2):
        too_painful.adopt(apps, connection.schema_editor())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE backstride_app")
    for clinic in (cast.riverside, cast.hilltop):
        with in_clinic(clinic.pk):
            rule = EscalationRule.objects.get(kind="P3")
            assert (rule.level, rule.thresholds, rule.source) == (
                started_with.level,
                started_with.thresholds,
                started_with.source,
            )
            assert (rule.version, rule.enabled, rule.in_force) == (1, True, True)
