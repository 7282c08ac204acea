"""What the database promises about conversations and notes: who talks about what stays, and what was said."""

from django.db import migrations

CONVERSATIONS = """
CREATE FUNCTION forums_guard_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        broken := 'conversation_stays_what_it_is';
    ELSIF EXISTS (SELECT FROM work_project p WHERE p.id = NEW.project_id AND p.owner_id = NEW.worker_id) THEN
        broken := 'conversation_of_two';
    ELSIF NEW.task_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM work_task t WHERE t.id = NEW.task_id AND t.project_id = NEW.project_id) THEN
        broken := 'conversation_about_its_project';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: conversation %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forums_conversation_guarded BEFORE INSERT OR UPDATE ON forums_conversations_conversation
    FOR EACH ROW EXECUTE FUNCTION forums_guard_conversation();
"""

NOTES = """
CREATE FUNCTION forums_guard_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at') THEN
        broken := 'note_stays_as_said';
    ELSIF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        broken := 'note_withdrawn_once';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: note %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forums_note_guarded BEFORE UPDATE ON forums_conversations_note
    FOR EACH ROW EXECUTE FUNCTION forums_guard_note();
CREATE TRIGGER forums_note_never_gone BEFORE DELETE OR TRUNCATE ON forums_conversations_note
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("forums_conversations", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CONVERSATIONS, NOTES)]
