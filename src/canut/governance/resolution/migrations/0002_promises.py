"""What the database promises about juries: they go forward, and what was said stays as it was said."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION governance_guard_jury() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.proposal_id, NEW.version_number, NEW.caller_id, NEW.reason, NEW.called_at, NEW.ends_by)
        IS DISTINCT FROM
        (OLD.proposal_id, OLD.version_number, OLD.caller_id, OLD.reason, OLD.called_at, OLD.ends_by) THEN
        broken := 'jury_terms_kept';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('seating', 'round'), ('seating', 'lapsed'), ('seating', 'disagreed'),
        ('round', 'choosing'), ('round', 'lapsed'), ('round', 'disagreed'),
        ('choosing', 'round'), ('choosing', 'amended'), ('choosing', 'kept'),
        ('choosing', 'lapsed'), ('choosing', 'disagreed')) THEN
        broken := 'jury_goes_forward';
    ELSIF NEW.wording_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM governance_resolution_wording w WHERE w.id = NEW.wording_id AND w.jury_id = NEW.id) THEN
        broken := 'jury_wording_is_its_own';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: jury %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jury_guarded BEFORE UPDATE ON governance_resolution_jury
    FOR EACH ROW EXECUTE FUNCTION governance_guard_jury();

CREATE FUNCTION governance_guard_jury_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.jury_id, NEW.number, NEW.person_id, NEW.college, NEW.taken_at)
        IS DISTINCT FROM (OLD.jury_id, OLD.number, OLD.person_id, OLD.college, OLD.taken_at)
        OR (OLD.left_at IS NOT NULL AND NEW.left_at IS DISTINCT FROM OLD.left_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'jury_seat_kept',
            TABLE = TG_TABLE_NAME, MESSAGE = format('jury_seat_kept: seat %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jury_seat_guarded BEFORE UPDATE ON governance_resolution_seat
    FOR EACH ROW EXECUTE FUNCTION governance_guard_jury_seat();

CREATE FUNCTION governance_jury_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'jury_words_stay',
        TABLE = TG_TABLE_NAME, MESSAGE = format('jury_words_stay: %s %s', TG_TABLE_NAME, OLD.id);
END $$;
CREATE TRIGGER jury_statement_stays BEFORE UPDATE OR DELETE ON governance_resolution_statement
    FOR EACH ROW EXECUTE FUNCTION governance_jury_words_stay();
CREATE TRIGGER jury_wording_stays BEFORE UPDATE OR DELETE ON governance_resolution_wording
    FOR EACH ROW EXECUTE FUNCTION governance_jury_words_stay();
CREATE TRIGGER jury_restatement_stays BEFORE DELETE ON governance_resolution_restatement
    FOR EACH ROW EXECUTE FUNCTION governance_jury_words_stay();

CREATE FUNCTION governance_guard_jury_restatement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' AND ((NEW.statement_id, NEW.by_id, NEW.text, NEW.said_at)
        IS DISTINCT FROM (OLD.statement_id, OLD.by_id, OLD.text, OLD.said_at)
        OR OLD.understood IS NOT NULL) THEN
        broken := 'jury_restatement_answered_once';
    ELSIF NOT EXISTS (
        SELECT FROM governance_resolution_statement said
        JOIN governance_resolution_seat of ON of.id = said.seat_id
        JOIN governance_resolution_seat by ON by.id = NEW.by_id
        WHERE said.id = NEW.statement_id AND of.jury_id = by.jury_id AND of.id <> by.id) THEN
        broken := 'jury_restatement_by_another_juror';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: restatement %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jury_restatement_guarded BEFORE INSERT OR UPDATE ON governance_resolution_restatement
    FOR EACH ROW EXECUTE FUNCTION governance_guard_jury_restatement();

CREATE FUNCTION governance_guard_jury_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_resolution_seat seat
        JOIN governance_resolution_jury jury ON jury.id = seat.jury_id AND jury.state = 'choosing'
        LEFT JOIN governance_resolution_wording wording ON wording.id = NEW.wording_id
        WHERE seat.id = NEW.seat_id AND seat.left_at IS NULL
            AND (NEW.wording_id IS NULL OR wording.jury_id = seat.jury_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'jury_choice_while_choosing',
            TABLE = TG_TABLE_NAME, MESSAGE = format('jury_choice_while_choosing: seat %s', NEW.seat_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jury_choice_guarded BEFORE INSERT OR UPDATE ON governance_resolution_choice
    FOR EACH ROW EXECUTE FUNCTION governance_guard_jury_choice();
"""


class Migration(migrations.Migration):
    dependencies = [("governance_resolution", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
