"""Whether jurors are reminded by mail is chosen among all notices: what was chosen goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id, 'jury_time', '', wanted, wanted FROM justice_jury_jurymails
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("justice_jury", "0004_votes_count_at_the_hour"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel("JuryMails"),
    ]
