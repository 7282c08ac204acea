"""Whether messages in disputes are told by mail is chosen among all notices: what was turned off goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id, 'dispute_news', '', FALSE, FALSE FROM justice_mediation_mailsoff
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("justice_mediation", "0002_promises"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel("MailsOff"),
    ]
