"""Endpoints can be told that a round of comparisons is over."""

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
    "comparison.over",
    "appeal.opened",
    "appeal.decided",
]


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_broken_and_by_hand")]

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
    ]
