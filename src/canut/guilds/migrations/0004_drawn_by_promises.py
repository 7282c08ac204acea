"""What the database promises about draws that the members have stopped: by which rule is settled with the draw."""

from django.db import migrations

DRAWN_ONCE = """
CREATE OR REPLACE FUNCTION guilds_guard_block() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (to_jsonb(NEW) - ARRAY['state', 'filled_at', 'drawn_at', 'drawn_number', 'drawn_by'])
        <> (to_jsonb(OLD) - ARRAY['state', 'filled_at', 'drawn_at', 'drawn_number', 'drawn_by'])
        OR (OLD.filled_at IS NOT NULL AND NEW.filled_at IS DISTINCT FROM OLD.filled_at) THEN
        broken := 'block_terms_kept';
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('collecting', 'waiting'), ('collecting', 'drawn'), ('waiting', 'drawn')) THEN
        broken := 'block_transition_known';
    ELSIF OLD.state = 'drawn' AND (NEW.drawn_at, NEW.drawn_number, NEW.drawn_by)
            IS DISTINCT FROM (OLD.drawn_at, OLD.drawn_number, OLD.drawn_by) THEN
        broken := 'block_drawn_once';
    ELSIF NEW.state <> 'collecting' AND OLD.state = 'collecting'
        AND (SELECT count(*) FROM guilds_item i WHERE i.block_id = NEW.id) <> NEW.size THEN
        broken := 'block_full_before_draw';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: block %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("guilds", "0003_drawn_by")]

    operations = [migrations.RunSQL(DRAWN_ONCE, migrations.RunSQL.noop)]
