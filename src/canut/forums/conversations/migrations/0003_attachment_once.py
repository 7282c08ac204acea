"""The same file goes with a message once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forums_conversations", "0002_promises")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="sha256",
            field=models.CharField(blank=True, default="", help_text="Empty for the oldest.", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sha256", ""), _negated=True),
                fields=("post", "sha256"),
                name="attachment_once_a_message",
            ),
        ),
    ]
