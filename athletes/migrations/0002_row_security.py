"""Put the clinic's wall around the athletes."""

from django.db import migrations

from clinic.rowsecurity import RowSecurity, SameClinic


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys (PostgreSQL)."""

    dependencies = (("athletes", "0001_initial"),)

    operations = (
        RowSecurity("athlete"),
        RowSecurity("caretie"),
        RowSecurity("pause"),
        RowSecurity("escalationrule"),
        RowSecurity("alert", across=True),
        RowSecurity("alertevent"),
        RowSecurity("program"),
        RowSecurity("programversion"),
        RowSecurity("block"),
        RowSecurity("prescription"),
        RowSecurity("duesession", across=True),
        RowSecurity("sessionlog"),
        RowSecurity("entry"),
        RowSecurity("painreport"),
        SameClinic("athlete", "member"),
        SameClinic("caretie", "athlete"),
        SameClinic("caretie", "member"),
        SameClinic("pause", "athlete"),
        SameClinic("pause", "made_by"),
        SameClinic("escalationrule", "made_by"),
        SameClinic("alert", "athlete"),
        SameClinic("alert", "rule"),
        SameClinic("alert", "owner"),
        SameClinic("alert", "acknowledged_by"),
        SameClinic("alert", "resolved_by"),
        SameClinic("alertevent", "alert"),
        SameClinic("alertevent", "by"),
        SameClinic("alertevent", "to"),
        SameClinic("program", "athlete"),
        SameClinic("programversion", "program"),
        SameClinic("programversion", "drafted_by"),
        SameClinic("programversion", "published_by"),
        SameClinic("block", "version"),
        SameClinic("prescription", "block"),
        SameClinic("prescription", "exercise"),
        SameClinic("duesession", "athlete"),
        SameClinic("duesession", "block"),
        SameClinic("sessionlog", "athlete"),
        SameClinic("sessionlog", "block"),
        SameClinic("sessionlog", "due"),
        SameClinic("sessionlog", "entered_by"),
        SameClinic("sessionlog", "corrects"),
        SameClinic("entry", "log"),
        SameClinic("entry", "prescription"),
        SameClinic("entry", "exercise"),
        SameClinic("painreport", "athlete"),
        SameClinic("painreport", "entered_by"),
    )
