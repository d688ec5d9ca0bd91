"""Put the clinic's wall around the new tables; carry pictures and gates over to what they are now."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from django.db import migrations

from clinic.rowsecurity import RowSecurity, SameClinic

OWNED = ("exercises_exercise", "exercises_protocolphase")


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Name each catalogue exercise's movement by its code, and make a gate in words a clinician's check.

    Every clinic's rows at once, so PostgreSQL's owner steps out of the policy for this one transaction.
    """
    with_wall = schema_editor.connection.vendor == "postgresql"
    for table in OWNED if with_wall else ():
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    exercise = apps.get_model("exercises", "Exercise")._base_manager
    for row in exercise.exclude(catalogue_version="").iterator():
        exercise.filter(pk=row.pk).update(figure=row.code)
    phase = apps.get_model("exercises", "ProtocolPhase")._base_manager
    for row in phase.exclude(exit_criteria=[]).iterator():
        phase.filter(pk=row.pk).update(exit_criteria=[*_typed(row.exit_criteria)])
    for table in OWNED if with_wall else ():
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _typed(criteria: list[Any]) -> Iterator[Any]:
    for criterion in criteria:
        if not isinstance(criterion, str):
            yield criterion
            continue
        written = "".join(letter if letter.isprintable() else " " for letter in criterion)
        for text in wrap(written, 200):  # as long as a check may be; nothing of a longer one is lost
            yield {
                "kind": "clinician",
                "what": "other",
                "operator": "is_true",
                "threshold": None,
                "times": 1,
                "in_a_row": False,
                "stale_days": 7,
                "exercise": "",
                "text": text,
            }


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys (PostgreSQL), then the rows of every clinic."""

    dependencies = (("exercises", "0003_versions_media_education"),)

    operations = (
        RowSecurity("exerciseversion"),
        RowSecurity("protocolversion"),
        RowSecurity("favourite"),
        RowSecurity("exercisemedia"),
        RowSecurity("educationcard"),
        SameClinic("exerciseversion", "exercise"),
        SameClinic("exerciseversion", "by"),
        SameClinic("protocolversion", "protocol"),
        SameClinic("protocolversion", "by"),
        SameClinic("favourite", "member"),
        SameClinic("favourite", "exercise"),
        SameClinic("exercisemedia", "exercise"),
        SameClinic("exercisemedia", "uploaded_by"),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    )
