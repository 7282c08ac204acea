"""What the database promises about cases: what one is about is kept, and one that has ended stays as it did.

Appeals that waited for an operator become cases, which peers hear.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION justice_guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'case_stays';
    ELSIF OLD.state <> 'open' THEN
        broken := 'case_ended_stays';
    ELSIF (NEW.kind, NEW.subject_id, NEW.party_id, NEW.words, NEW.opened_at)
        IS DISTINCT FROM (OLD.kind, OLD.subject_id, OLD.party_id, OLD.words, OLD.opened_at) THEN
        broken := 'case_terms_kept';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: case %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_guarded BEFORE UPDATE OR DELETE ON justice_case
    FOR EACH ROW EXECUTE FUNCTION justice_guard_case();

CREATE FUNCTION justice_guard_case_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
    file justice_casefile;
BEGIN
    IF TG_OP = 'DELETE' THEN file := OLD; ELSE file := NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        broken := 'case_file_written_once';
    ELSIF NOT EXISTS (SELECT FROM justice_case c WHERE c.id = file.case_id AND c.state = 'open') THEN
        broken := 'case_file_while_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: file %s', broken, file.id);
    END IF;
    RETURN file;
END $$;
CREATE TRIGGER case_file_guarded BEFORE INSERT OR UPDATE OR DELETE ON justice_casefile
    FOR EACH ROW EXECUTE FUNCTION justice_guard_case_file();

INSERT INTO justice_case (kind, subject_id, party_id, words, state, opened_at, decided_by, reason)
SELECT 'rejection', a.assignment_id, s.worker_id, a.words, 'open', a.opened_at, '', ''
FROM work_appeal a JOIN work_assignment s ON s.id = a.assignment_id
WHERE a.state = 'open' ORDER BY a.id;
"""


class Migration(migrations.Migration):
    dependencies = [("justice", "0001_initial"), ("work", "0005_appeals_by_peers")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
