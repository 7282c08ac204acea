from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance_ballots", "0002_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="elector",
            name="result_told_at",
            field=models.DateTimeField(help_text="When they were told how it ended.", null=True),
        ),
        migrations.AddIndex(
            model_name="elector",
            index=models.Index(
                condition=models.Q(("result_told_at__isnull", True)),
                fields=["vote"],
                name="elector_to_tell_result",
            ),
        ),
    ]
