"""Endpoints can be told of broken tasks, and what is sent by hand is counted."""

from django.db import migrations, models

TOLD = [
    "submission.submitted",
    "submission.approved",
    "submission.returned",
    "submission.rejected",
    "task.skipped",
    "task.expired",
    "task.broken",
    "project.withdrawn",
    "project.done",
    "appeal.opened",
    "appeal.decided",
]


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="endpoint", name="webhook_endpoint_told_of_something"),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("events__contained_by", TOLD), ("events__len__gte", 1)),
                name="webhook_endpoint_told_of_something",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="webhook_message_name_known"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__in", ["webhook.tried", *TOLD])), name="webhook_message_name_known"
            ),
        ),
        migrations.AddField(
            model_name="endpoint",
            name="by_hand",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="How often its owner had something sent in the hour from `by_hand_since`.",
            ),
        ),
        migrations.AddField(
            model_name="endpoint", name="by_hand_since", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_hand", 0), ("by_hand_since__isnull", True)),
                    models.Q(("by_hand__gt", 0), ("by_hand_since__isnull", False)),
                    _connector="OR",
                ),
                name="webhook_endpoint_by_hand_counted",
            ),
        ),
    ]
