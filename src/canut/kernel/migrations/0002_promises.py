"""What the database promises about the kernel's tables: written-once events, one clock."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE FUNCTION kernel_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        CONSTRAINT = TG_TABLE_NAME || '_written_once',
        TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s_written_once: rows of %s are written once and never changed', TG_TABLE_NAME, TG_TABLE_NAME);
END $$;
CREATE TRIGGER kernel_event_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_event
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

NOW = """
CREATE FUNCTION kernel_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT statement_timestamp() + coalesce((SELECT ahead_by FROM kernel_clockoffset), interval '0') $$;
"""

# A restored database begins to count transactions anew, so readers order by generation first:
# `canut restore` raises the number and the default together.
READING_ORDER = """
CREATE TABLE kernel_generation (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), number smallint NOT NULL);
INSERT INTO kernel_generation (number) VALUES (0);
ALTER TABLE kernel_event ADD COLUMN generation smallint NOT NULL DEFAULT 0;
ALTER TABLE kernel_event ADD COLUMN recorded_in xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE kernel_event ALTER COLUMN data SET DEFAULT '{}';
CREATE INDEX event_reading_order ON kernel_event (generation, recorded_in, id);
"""

# Django's database cache (rate limits), shared by every node.
CACHE = """
CREATE TABLE kernel_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
        migrations.RunSQL(READING_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, migrations.RunSQL.noop),
    ]
