"""Of each round of comparisons it is kept that it is over, so that it is told once."""

import django.db.models.deletion
from django.db import migrations, models

WRITTEN_ONCE = """
CREATE TRIGGER guilds_comparisons_roundover_written_once
    BEFORE UPDATE OR DELETE OR TRUNCATE ON guilds_comparisons_roundover
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("guilds_comparisons", "0002_promises"), ("kernel", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="RoundOver",
            fields=[
                (
                    "comparison",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="over",
                        serialize=False,
                        to="guilds_comparisons.comparison",
                    ),
                ),
                ("over_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
    ]
