from django.db import migrations, models

KINDS = [
    ("project", "Project"),
    ("guild", "Guild"),
    ("college", "College"),
    ("conversation", "Conversation"),
    ("facilitated", "Facilitated"),
]


class Migration(migrations.Migration):
    dependencies = [("discussion", "0004_closed_and_withdrawn")]

    operations = [
        migrations.RemoveConstraint(model_name="thread", name="thread_subject_kind_known"),
        migrations.AlterField(
            model_name="thread",
            name="subject_kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject_kind__in", [kind for kind, _label in KINDS])),
                name="thread_subject_kind_known",
            ),
        ),
    ]
