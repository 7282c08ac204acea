"""A vote counts from the next full hour on, so that nobody can tell by the moment whose it is."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION justice_jury_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'seat_stays';
    ELSIF (NEW.panel_id, NEW.person_id, NEW.task_id, NEW.offered_at)
        IS DISTINCT FROM (OLD.panel_id, OLD.person_id, OLD.task_id, OLD.offered_at) THEN
        broken := 'seat_terms_kept';
    ELSIF OLD.state = 'voted' AND ((NEW.state, NEW.vote, NEW.reason, NEW.ended_at)
        IS DISTINCT FROM (OLD.state, OLD.vote, OLD.reason, OLD.ended_at) OR (OLD.counts AND NOT NEW.counts)) THEN
        broken := 'seat_vote_kept';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: seat %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("justice_jury", "0003_ended_has_time")]

    operations = [
        migrations.AlterField(
            model_name="seat",
            name="counts",
            field=models.BooleanField(
                default=False, help_text="The vote came in time, and its hour is over."
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
