"""Rule P3: say its name, and give it to every clinic that was there before it."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Now

KINDS = [
    ("P1", "Pain over the line, or stopped because of pain"),
    ("P2", "Next morning not settled"),
    ("P3", "Something skipped as too painful"),
    ("N1", "Session without an answer"),
    ("N4", "Silent for days, or little done"),
    ("N5", "Silent for two weeks"),
    ("feels_wrong", "Something feels wrong"),
]
TABLE = "athletes_escalationrule"


def adopt(apps: Any, schema_editor: Any) -> None:
    """Add the rule as clinics start with it, switched on.

    Every clinic's rows at once, so PostgreSQL's owner steps out of the policy for this one transaction.
    """
    with_wall = schema_editor.connection.vendor == "postgresql"
    if with_wall:
        schema_editor.execute(f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY")
    rule = apps.get_model("athletes", "EscalationRule")
    rules = rule._base_manager
    without = apps.get_model("clinic", "Clinic").objects.exclude(pk__in=rules.filter(kind="P3").values("clinic_id"))
    rules.bulk_create(
        rule(
            clinic_id=clinic_id,
            kind="P3",
            level="P3",
            thresholds={"left_out_at_least": 1},
            source="CLINICAL.md section 9 P3, section 3 N3; one by convention",
            made_at=Now(),
        )
        for clinic_id in without.values_list("pk", flat=True)
    )
    if with_wall:
        schema_editor.connection.check_constraints()  # a table with checks still to come cannot be altered
        schema_editor.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    """The words of a choice, then the rows of every clinic."""

    dependencies = (("athletes", "0005_words_of_choices"),)

    operations = (
        migrations.AlterField("alert", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.AlterField("escalationrule", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.RunPython(adopt, migrations.RunPython.noop),
    )
