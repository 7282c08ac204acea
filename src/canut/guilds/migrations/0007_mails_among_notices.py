"""Whether reviews are told by mail is chosen among all notices: what members chose goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id, 'review', 'guild:' || guild_id, wants_mails, FALSE
FROM guilds_member WHERE NOT wants_mails
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("guilds", "0006_contest_promises"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveField("member", "wants_mails"),
    ]
