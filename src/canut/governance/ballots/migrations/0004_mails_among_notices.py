"""Whether votes are told by mail is chosen among all notices: what was chosen goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT person_id, 'vote', '', wanted, FALSE FROM governance_ballots_votemails
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance_ballots", "0003_results_told"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel("VoteMails"),
    ]
