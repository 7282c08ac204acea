"""What the database promises about what is hidden, and what other rooms' SQL may read of it."""

from django.db import migrations

# What was hidden, and since when, is not rewritten; it ends once; and a confirmation stays.
KEPT = """
CREATE FUNCTION discussion_guard_hidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.subject_kind, NEW.subject_id, NEW.since) IS DISTINCT FROM (OLD.subject_kind, OLD.subject_id, OLD.since)
        OR (OLD.ended_at IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD))
        OR (OLD.confirmed_by_id IS NOT NULL
            AND (to_jsonb(NEW) - ARRAY['ended_at']) <> (to_jsonb(OLD) - ARRAY['ended_at']))
        OR (NEW.until IS DISTINCT FROM OLD.until AND NEW.confirmed_by_id IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hidden_only_ends',
            TABLE = TG_TABLE_NAME, MESSAGE = format('hidden_only_ends: %s %s', OLD.subject_kind, OLD.subject_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discussion_hidden_guarded BEFORE UPDATE OR DELETE ON discussion_hiding_hidden
    FOR EACH ROW EXECUTE FUNCTION discussion_guard_hidden();
CREATE TRIGGER discussion_hidden_never_emptied BEFORE TRUNCATE ON discussion_hiding_hidden
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

KEPT_BACK = """
DROP TRIGGER discussion_hidden_never_emptied ON discussion_hiding_hidden;
DROP TRIGGER discussion_hidden_guarded ON discussion_hiding_hidden;
DROP FUNCTION discussion_guard_hidden();
"""

# What is hidden and has not been shown again: hidden at a moment, if that lies before `until`.
VIEW = """
CREATE VIEW discussion_hidden_v AS
    SELECT subject_kind, subject_id, since, coalesce(until, 'infinity'::timestamptz) AS until
    FROM discussion_hiding_hidden WHERE ended_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("discussion_hiding", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(KEPT, KEPT_BACK),
        migrations.RunSQL(VIEW, "DROP VIEW discussion_hidden_v;"),
    ]
