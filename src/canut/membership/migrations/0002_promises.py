"""What the database promises about members and lots: written once, committed before, never changed after."""

from django.db import migrations

# Nobody's admission is rewritten or lost; it ends once. The ticket goes with the account, and at no other time.
MEMBERS = """
CREATE FUNCTION membership_guard_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE'
        OR (to_jsonb(NEW) - ARRAY['ended_at', 'ended_as', 'ticket'])
            <> (to_jsonb(OLD) - ARRAY['ended_at', 'ended_as', 'ticket'])
        OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at <> OLD.ended_at OR NEW.ended_as <> 'account_closed'))
        OR (NEW.ticket <> OLD.ticket AND NEW.ticket <> '') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_written_once',
            TABLE = TG_TABLE_NAME, MESSAGE = format('membership_written_once: membership %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_membership_guarded BEFORE UPDATE OR DELETE ON membership_membership
    FOR EACH ROW EXECUTE FUNCTION membership_guard_membership();
CREATE TRIGGER membership_membership_written_once BEFORE TRUNCATE ON membership_membership
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER membership_collegechoice_written_once
    BEFORE UPDATE OR DELETE OR TRUNCATE ON membership_collegechoice
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# What was committed to is the hash of what is revealed; who may be drawn is fixed before the draw; the order is
# written once; and a lot goes forward only.
LOTS = """
ALTER TABLE membership_lot ADD CONSTRAINT lot_commitment_of_seed
    CHECK (commitment = encode(sha256(decode(seed, 'hex')), 'hex'));
CREATE FUNCTION membership_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'lot_kept';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'prepared' OR (NEW.number, NEW.number)
            <> (SELECT count(*), max(number) FROM membership_lot) THEN
            broken := 'lot_numbers_have_no_gap';
        END IF;
    ELSIF (NEW.number, NEW.commitment, NEW.seed, NEW.prepared_at)
            IS DISTINCT FROM (OLD.number, OLD.commitment, OLD.seed, OLD.prepared_at)
        OR (OLD.state <> 'prepared'
            AND (to_jsonb(NEW) - ARRAY['state', 'drawn_at', 'closed_at'])
                <> (to_jsonb(OLD) - ARRAY['state', 'drawn_at', 'closed_at']))
        OR (OLD.drawn_at IS NOT NULL AND NEW.drawn_at IS DISTINCT FROM OLD.drawn_at)
        OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at) THEN
        broken := 'lot_terms_kept';
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state)
            NOT IN (('prepared', 'committed'), ('committed', 'drawn'), ('drawn', 'closed')) THEN
        broken := 'lot_goes_forward';
    ELSIF OLD.state = 'prepared' AND NEW.state = 'committed'
        AND (SELECT count(*) FROM membership_candidate c WHERE c.lot_id = NEW.number) <> NEW.candidates_count THEN
        broken := 'lot_counts_its_candidates';
    ELSIF OLD.state = 'committed' AND NEW.state = 'drawn'
        AND EXISTS (SELECT FROM membership_candidate c WHERE c.lot_id = NEW.number
                    AND (c.place IS NULL OR c.place > NEW.candidates_count)) THEN
        broken := 'lot_drawn_gives_places';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: lot %s', broken, coalesce(NEW.number, OLD.number));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_lot_kept BEFORE DELETE ON membership_lot
    FOR EACH ROW EXECUTE FUNCTION membership_guard_lot();
CREATE TRIGGER membership_lot_guarded AFTER INSERT OR UPDATE ON membership_lot
    FOR EACH ROW EXECUTE FUNCTION membership_guard_lot();
CREATE TRIGGER membership_lot_written_once BEFORE TRUNCATE ON membership_lot
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE FUNCTION membership_guard_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text; lot_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'candidate_kept';
    ELSE
        SELECT state INTO lot_state FROM membership_lot WHERE number = NEW.lot_id;
        IF TG_OP = 'INSERT' THEN
            IF lot_state <> 'prepared' THEN
                broken := 'candidate_fixed_before_draw';
            END IF;
        ELSIF (NEW.id, NEW.lot_id, NEW.person_id, NEW.code, NEW.served_lately)
                IS DISTINCT FROM (OLD.id, OLD.lot_id, OLD.person_id, OLD.code, OLD.served_lately)
            OR (OLD.place IS NOT NULL AND NEW.place IS DISTINCT FROM OLD.place)
            OR (OLD.offered_at IS NOT NULL AND (NEW.offered_at, NEW.answer_by)
                IS DISTINCT FROM (OLD.offered_at, OLD.answer_by)) THEN
            broken := 'candidate_fixed_before_draw';
        ELSIF NEW.place IS DISTINCT FROM OLD.place AND lot_state <> 'committed' THEN
            broken := 'candidate_placed_by_draw';
        ELSIF NEW.state <> OLD.state AND (lot_state <> 'drawn' OR (OLD.state, NEW.state) NOT IN (
                ('', 'offered'), ('offered', 'accepted'), ('offered', 'declined'), ('offered', 'lapsed'),
                ('offered', 'excluded'), ('accepted', 'excluded'), ('accepted', 'released'))) THEN
            broken := 'candidate_transition_known';
        END IF;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: candidate %s', broken, coalesce(NEW.id, OLD.id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_candidate_kept BEFORE DELETE ON membership_candidate
    FOR EACH ROW EXECUTE FUNCTION membership_guard_candidate();
CREATE TRIGGER membership_candidate_guarded AFTER INSERT OR UPDATE ON membership_candidate
    FOR EACH ROW EXECUTE FUNCTION membership_guard_candidate();
CREATE TRIGGER membership_candidate_written_once BEFORE TRUNCATE ON membership_candidate
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (MEMBERS, LOTS)]
