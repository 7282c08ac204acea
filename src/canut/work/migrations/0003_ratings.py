"""Ratings hang on assignments and project groups: the room below keeps numbers, this one makes them keys."""

from django.db import migrations

RATINGS = """
ALTER TABLE reputation_rating
    ADD CONSTRAINT rating_of_assignment FOREIGN KEY (assignment_id) REFERENCES work_assignment (id),
    ADD CONSTRAINT rating_in_group FOREIGN KEY (group_id) REFERENCES work_projectgroup (id);
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0002_promises"), ("reputation", "0002_promises")]

    operations = [migrations.RunSQL(RATINGS, migrations.RunSQL.noop)]
