"""What a notice says is left out where it quotes what is hidden by now; other words are never put there."""

from django.db import migrations

GUARDED = """
CREATE OR REPLACE FUNCTION people_guard_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' AND
        ((NEW.person_id, NEW.kind, NEW.topic, NEW.subject, NEW.path, NEW.key, NEW.made_at) IS DISTINCT FROM
        (OLD.person_id, OLD.kind, OLD.topic, OLD.subject, OLD.path, OLD.key, OLD.made_at)
        OR NEW.text NOT IN (OLD.text, '')) THEN
        broken := 'notice_says_what_it_said';
    ELSIF TG_OP = 'UPDATE' AND OLD.mail = 'sent' AND (NEW.mail NOT IN ('sent', 'failed')
        OR NEW.letter_id IS DISTINCT FROM OLD.letter_id) THEN
        broken := 'notice_is_sent_once';
    ELSIF NEW.letter_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM people_notices_letter WHERE id = NEW.letter_id AND person_id = NEW.person_id) THEN
        broken := 'notice_leaves_to_its_reader';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken,
            TABLE = TG_TABLE_NAME, MESSAGE = format('%s: notice %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
"""

GUARDED_BACK = """
CREATE OR REPLACE FUNCTION people_guard_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' AND
        (NEW.person_id, NEW.kind, NEW.topic, NEW.subject, NEW.text, NEW.path, NEW.key, NEW.made_at) IS DISTINCT FROM
        (OLD.person_id, OLD.kind, OLD.topic, OLD.subject, OLD.text, OLD.path, OLD.key, OLD.made_at) THEN
        broken := 'notice_says_what_it_said';
    ELSIF TG_OP = 'UPDATE' AND OLD.mail = 'sent' AND (NEW.mail NOT IN ('sent', 'failed')
        OR NEW.letter_id IS DISTINCT FROM OLD.letter_id) THEN
        broken := 'notice_is_sent_once';
    ELSIF NEW.letter_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM people_notices_letter WHERE id = NEW.letter_id AND person_id = NEW.person_id) THEN
        broken := 'notice_leaves_to_its_reader';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken,
            TABLE = TG_TABLE_NAME, MESSAGE = format('%s: notice %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people_notices", "0002_promises")]

    operations = [migrations.RunSQL(GUARDED, GUARDED_BACK)]
