"""What the database promises about flags: given once, decided by a person once, and answered by another."""

from django.db import migrations

# What was flagged stays what it was; it is decided once; only an objection that prevailed shows it again.
MATTERS = """
CREATE FUNCTION justice_guard_matter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'matter_kept';
    ELSIF (NEW.subject_kind, NEW.subject_id, NEW.said, NEW.whose_id, NEW.opened_at)
        IS DISTINCT FROM (OLD.subject_kind, OLD.subject_id, OLD.said, OLD.whose_id, OLD.opened_at)
        OR NEW.episode < OLD.episode THEN
        broken := 'matter_kept';
    ELSIF OLD.decided_at IS NOT NULL AND (NEW.decided_by_id, NEW.decided_at, NEW.ground, NEW.reason)
        IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.ground, OLD.reason) THEN
        broken := 'matter_decided_once';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'hidden'), ('open', 'confirmed'), ('open', 'restored'),
        ('hidden', 'lapsed'), ('hidden', 'confirmed'), ('hidden', 'restored'),
        ('lapsed', 'hidden'), ('lapsed', 'confirmed'), ('lapsed', 'restored'),
        ('confirmed', 'restored')) THEN
        broken := 'matter_goes_forward';
    ELSIF OLD.state = 'confirmed' AND NEW.state = 'restored' AND NOT EXISTS (
        SELECT FROM justice_flags_objection o WHERE o.matter_id = NEW.id AND o.state IN ('granted', 'lapsed')) THEN
        broken := 'matter_restored_by_objection';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: matter %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER justice_matter_guarded BEFORE UPDATE OR DELETE ON justice_flags_matter
    FOR EACH ROW EXECUTE FUNCTION justice_guard_matter();
"""

MATTERS_BACK = """
DROP TRIGGER justice_matter_guarded ON justice_flags_matter;
DROP FUNCTION justice_guard_matter();
"""

# A flag is written once, and nobody flags what is theirs.
FLAGS = """
CREATE FUNCTION justice_guard_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM justice_flags_matter m
                   WHERE m.id = NEW.matter_id AND m.whose_id <> NEW.by_id AND m.episode = NEW.episode) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'flag_not_of_ones_own',
            TABLE = TG_TABLE_NAME, MESSAGE = format('flag_not_of_ones_own: matter %s', NEW.matter_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER justice_flag_guarded BEFORE INSERT ON justice_flags_flag
    FOR EACH ROW EXECUTE FUNCTION justice_guard_flag();
CREATE TRIGGER justice_flag_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON justice_flags_flag
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

FLAGS_BACK = """
DROP TRIGGER justice_flag_written_once ON justice_flags_flag;
DROP TRIGGER justice_flag_guarded ON justice_flags_flag;
DROP FUNCTION justice_guard_flag();
"""

# An objection is against a confirmed hiding, ends once, and is answered by another person than the first.
OBJECTIONS = """
CREATE FUNCTION justice_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'objection_kept';
    ELSIF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM justice_flags_matter m WHERE m.id = NEW.matter_id AND m.state = 'confirmed') THEN
        broken := 'objection_to_a_hiding';
    ELSIF TG_OP = 'UPDATE' AND (OLD.state <> 'open' OR (NEW.matter_id, NEW.words, NEW.made_at, NEW.lapses_at)
        IS DISTINCT FROM (OLD.matter_id, OLD.words, OLD.made_at, OLD.lapses_at)) THEN
        broken := 'objection_kept';
    ELSIF NEW.answered_by_id IS NOT NULL AND EXISTS (
        SELECT FROM justice_flags_matter m
        WHERE m.id = NEW.matter_id AND NEW.answered_by_id IN (m.decided_by_id, m.whose_id)) THEN
        broken := 'objection_answered_by_another';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: matter %s', broken, coalesce(NEW.matter_id, OLD.matter_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER justice_objection_guarded BEFORE INSERT OR UPDATE OR DELETE ON justice_flags_objection
    FOR EACH ROW EXECUTE FUNCTION justice_guard_objection();
"""

OBJECTIONS_BACK = """
DROP TRIGGER justice_objection_guarded ON justice_flags_objection;
DROP FUNCTION justice_guard_objection();
"""


class Migration(migrations.Migration):
    dependencies = [("justice_flags", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(MATTERS, MATTERS_BACK),
        migrations.RunSQL(FLAGS, FLAGS_BACK),
        migrations.RunSQL(OBJECTIONS, OBJECTIONS_BACK),
    ]
