"""Members found guilds by a decision of the public log; earlier ones keep the operator who did."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("charter", "0006_log_promises"),
        ("guilds", "0007_mails_among_notices"),
        ("people", "0007_hidden_name_promises"),
    ]

    operations = [
        migrations.AlterField(
            model_name="guild",
            name="founded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="guild",
            name="adopted",
            field=models.OneToOneField(
                db_column="decision_number",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="founded_guild",
                to="charter.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="guild",
            constraint=models.CheckConstraint(
                condition=Q(founded_by__isnull=True, adopted__isnull=False)
                | Q(founded_by__isnull=False, adopted__isnull=True),
                name="guild_founded_by_members_or_operator",
            ),
        ),
    ]
