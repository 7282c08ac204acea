"""Reports of broken tasks can be contested."""

from django.db import migrations, models

KINDS = {
    "rejection": "a rejection of work",
    "time_report": "a contested report of time",
    "broken_task": "a contested report of a broken task",
    "withdrawal": "a project withdrawn by its workers",
    "level": "a decision on a level in a guild",
    "admission": "a decision on membership",
    "sanction": "a sanction",
}


class Migration(migrations.Migration):
    dependencies = [("justice", "0002_promises")]

    operations = [
        migrations.RemoveConstraint("case", "case_kind_known"),
        migrations.AlterField("case", "kind", models.CharField(choices=list(KINDS.items()), max_length=11)),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(name="case_kind_known", condition=models.Q(kind__in=list(KINDS))),
        ),
    ]
