"""Which mails about talk somebody wants is chosen among all notices: what was chosen goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id, 'digest', '', digest, FALSE FROM discussion_mails
UNION ALL
SELECT person_id, 'mention', '', mentions, mentions FROM discussion_mails
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0005_facilitated_subject"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel("Mails"),
    ]
