"""What the database promises about refusals: what was said stays, and a contest of it goes forward only."""

from django.db import migrations

REFUSALS = """
CREATE FUNCTION membership_guard_refusal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.request_id, NEW.by_id, NEW.ground, NEW.reason, NEW.refused_at)
            IS DISTINCT FROM (OLD.request_id, OLD.by_id, OLD.ground, OLD.reason, OLD.refused_at)
        OR (OLD.state <> 'given' AND (NEW.words, NEW.contested_at) IS DISTINCT FROM (OLD.words, OLD.contested_at))
        OR (OLD.ended_at IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD)) THEN
        broken := 'admission_refusal_said_once';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
            (('given', 'contested'), ('contested', 'stands'), ('contested', 'falls')) THEN
        broken := 'admission_refusal_goes_forward';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken,
            TABLE = TG_TABLE_NAME, MESSAGE = format('%s: refusal %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_refusal_guarded BEFORE UPDATE OR DELETE ON membership_admissionrefusal
    FOR EACH ROW EXECUTE FUNCTION membership_guard_refusal();
CREATE TRIGGER membership_refusal_written_once BEFORE TRUNCATE ON membership_admissionrefusal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0003_refusals"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(REFUSALS, migrations.RunSQL.noop)]
