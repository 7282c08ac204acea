"""What the database promises about notices beyond single columns."""

from django.db import migrations

# A notice says what it said; its mail goes to its own reader; what has left has left.
GUARDED = """
CREATE FUNCTION people_guard_notice() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER people_notice_guarded BEFORE INSERT OR UPDATE ON people_notices_notice
    FOR EACH ROW EXECUTE FUNCTION people_guard_notice();

CREATE FUNCTION people_guard_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.person_id, NEW.is_security, NEW.made_at) IS DISTINCT FROM
        (OLD.person_id, OLD.is_security, OLD.made_at)
        OR (OLD.state <> 'sending' AND (NEW.address <> OLD.address OR NEW.state = 'sending'))
        OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at)
        OR (OLD.state = 'failed' AND NEW.state <> 'failed') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'letter_leaves_once',
            TABLE = TG_TABLE_NAME, MESSAGE = format('letter_leaves_once: letter %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_letter_guarded BEFORE UPDATE ON people_notices_letter
    FOR EACH ROW EXECUTE FUNCTION people_guard_letter();
"""

GUARDED_BACK = """
DROP TRIGGER people_letter_guarded ON people_notices_letter;
DROP FUNCTION people_guard_letter();
DROP TRIGGER people_notice_guarded ON people_notices_notice;
DROP FUNCTION people_guard_notice();
"""


class Migration(migrations.Migration):
    dependencies = [("people_notices", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(GUARDED, GUARDED_BACK)]
