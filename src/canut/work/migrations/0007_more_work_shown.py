"""A task may show more than two pieces of work, as who hears what was decided on a level must see each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0006_contests_by_peers")]

    operations = [
        migrations.RemoveConstraint(model_name="shownwork", name="shown_work_number_known"),
        migrations.AddConstraint(
            model_name="shownwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 20)), name="shown_work_number_known"
            ),
        ),
    ]
