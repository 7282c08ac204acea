"""What the database promises about motions: what was moved stays, and they only go forward."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION governance_guard_moratorium() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.algorithm, NEW.college, NEW.mover_id, NEW.reason, NEW.moved_at)
        IS DISTINCT FROM (OLD.algorithm, OLD.college, OLD.mover_id, OLD.reason, OLD.moved_at)
        OR (OLD.vote_id IS NOT NULL AND NEW.vote_id IS DISTINCT FROM OLD.vote_id)
        OR (OLD.keep_vote_id IS NOT NULL AND NEW.keep_vote_id IS DISTINCT FROM OLD.keep_vote_id)
        OR (OLD.decision_number IS NOT NULL AND NEW.decision_number IS DISTINCT FROM OLD.decision_number) THEN
        broken := 'moratorium_terms_kept';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('gathering', 'vote'), ('gathering', 'lapsed'), ('gathering', 'withdrawn'),
        ('vote', 'holds'), ('vote', 'rejected'), ('vote', 'overtaken'),
        ('holds', 'kept'), ('holds', 'runs_again')) THEN
        broken := 'moratorium_goes_forward';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: motion %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moratorium_guarded BEFORE UPDATE ON governance_moratoria_motion
    FOR EACH ROW EXECUTE FUNCTION governance_guard_moratorium();
CREATE FUNCTION governance_guard_moratorium_support() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.motion_id ELSE NEW.motion_id END;
BEGIN
    IF NOT EXISTS (SELECT FROM governance_moratoria_motion m WHERE m.id = about AND m.state = 'gathering') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'moratorium_supported_while_gathering',
            MESSAGE = format('moratorium_supported_while_gathering: motion %s', about);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER moratorium_support_guarded BEFORE INSERT OR UPDATE OR DELETE ON governance_moratoria_motionsupport
    FOR EACH ROW EXECUTE FUNCTION governance_guard_moratorium_support();
"""


class Migration(migrations.Migration):
    dependencies = [("governance_moratoria", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
