"""Which mails about proposals somebody wants is chosen among all notices: what was turned off goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id,
       CASE kind WHEN 'own' THEN 'proposal' WHEN 'supported' THEN 'supported' ELSE 'assessment' END,
       '', FALSE, FALSE
FROM governance_mailsoff
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_named"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel("MailsOff"),
    ]
