"""Put the clinic's wall around the bottom room, and make the audit trail append-only."""

from django.db import migrations

from clinic.rowsecurity import AppendOnly, ClinicTable, RowSecurity, SameClinic


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys (PostgreSQL)."""

    dependencies = (("clinic", "0001_initial"),)

    operations = (
        ClinicTable(),
        RowSecurity("auditevent"),
        RowSecurity("member", own="user_id"),
        RowSecurity("invitation"),
        RowSecurity("message", across=True),
        RowSecurity("suppression"),
        SameClinic("invitation", "member"),
        SameClinic("invitation", "invited_by"),
        SameClinic("message", "recipient"),
        SameClinic("suppression", "member"),
        AppendOnly("auditevent"),
    )
