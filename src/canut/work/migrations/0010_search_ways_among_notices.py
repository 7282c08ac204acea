"""By which ways a saved search tells is chosen among all notices: what was chosen goes there."""

from django.db import migrations

COPY = """
INSERT INTO people_notices_choice (person_id, kind, topic, mail, push)
SELECT worker_id, 'new_work', 'search:' || id, notice IN ('mail', 'both'), notice IN ('push', 'both')
FROM work_savedsearch WHERE notice <> 'none'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0009_broken_promises"),
        ("people_notices", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveConstraint("savedsearch", "search_looks_while_it_tells"),
        migrations.RemoveConstraint("savedsearch", "search_notice_known"),
        migrations.RemoveField("savedsearch", "notice"),
    ]
