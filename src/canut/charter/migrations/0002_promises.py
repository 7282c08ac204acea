"""What the database promises about the charter: a log written once, by one writer at a time."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE TRIGGER charter_entry_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON charter_charterentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# Taken until the end of the transaction, and before the first id is given out: so no entry with a
# smaller id can still appear after a reader has seen a greater one.
ONE_WRITER = """
CREATE FUNCTION charter_lock_log() RETURNS void LANGUAGE sql AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('canut.charter.log', 0)) $$;

CREATE FUNCTION charter_one_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM charter_lock_log();
    RETURN NULL;
END $$;
CREATE TRIGGER charter_entry_one_writer BEFORE INSERT ON charter_charterentry
    FOR EACH STATEMENT EXECUTE FUNCTION charter_one_writer();
"""

# JSON's null is a value to the database, and no value to a parameter.
HAS_VALUE = """
ALTER TABLE charter_charterentry
    ADD CONSTRAINT charter_entry_has_value
        CHECK (jsonb_typeof(new_value) IN ('number', 'string', 'boolean', 'array')
               AND coalesce(jsonb_typeof(old_value) IN ('number', 'string', 'boolean', 'array'), true));
"""


class Migration(migrations.Migration):
    dependencies = [("charter", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_WRITER, migrations.RunSQL.noop),
        migrations.RunSQL(HAS_VALUE, migrations.RunSQL.noop),
    ]
