"""Put the clinic's wall around the exercises."""

from django.db import migrations

from clinic.rowsecurity import RowSecurity, SameClinic


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys (PostgreSQL)."""

    dependencies = (("exercises", "0001_initial"),)

    operations = (
        RowSecurity("exercise"),
        RowSecurity("exerciselink"),
        RowSecurity("protocol"),
        RowSecurity("protocolphase"),
        RowSecurity("protocolblock"),
        RowSecurity("protocolitem"),
        SameClinic("exerciselink", "easier"),
        SameClinic("exerciselink", "harder"),
        SameClinic("protocolphase", "protocol"),
        SameClinic("protocolblock", "phase"),
        SameClinic("protocolitem", "block"),
        SameClinic("protocolitem", "exercise"),
    )
