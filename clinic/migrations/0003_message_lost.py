from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0002_row_security"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("delivery", "at_least_once"), ("state__in", ["failed", "skipped"])),
                fields=["clinic", "due_at"],
                name="message_lost",
            ),
        ),
    ]
