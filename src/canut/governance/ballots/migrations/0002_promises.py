"""What the database promises about votes: electors fixed, ballots secret, and a count that is the list's."""

from django.db import migrations

# Whether and how a question is asked stays as it was asked; it is closed once, and not before its time.
VOTES = """
CREATE FUNCTION governance_ballots_guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF OLD.state = 'closed' THEN
        broken := 'vote_closed_once';
    ELSIF (to_jsonb(NEW) - ARRAY['state', 'closed_at', 'is_adopted', 'list_hash'])
        <> (to_jsonb(OLD) - ARRAY['state', 'closed_at', 'is_adopted', 'list_hash']) THEN
        broken := 'vote_terms_kept';
    ELSIF NEW.closed_at < NEW.closes_at AND NOT coalesce((NEW.rule ->> 'early_end')::boolean, false) THEN
        broken := 'vote_not_ended_early';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: vote %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_ballots_vote_guarded BEFORE UPDATE ON governance_ballots_vote
    FOR EACH ROW EXECUTE FUNCTION governance_ballots_guard_vote();

CREATE FUNCTION governance_ballots_guard_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM governance_ballots_elector e WHERE e.vote_id = NEW.vote_id)
            OR EXISTS (SELECT FROM governance_ballots_vote v WHERE v.id = NEW.vote_id AND v.state = 'closed') THEN
            broken := 'tally_fixed_at_opening';
        ELSIF NEW.outcome <> '' THEN
            broken := 'tally_when_closed';
        END IF;
    ELSIF OLD.outcome <> '' THEN
        broken := 'tally_counted_once';
    ELSIF (NEW.vote_id, NEW.college, NEW.members, NEW.is_asked, NEW.decides)
        IS DISTINCT FROM (OLD.vote_id, OLD.college, OLD.members, OLD.is_asked, OLD.decides) THEN
        broken := 'tally_terms_kept';
    ELSIF EXISTS (SELECT FROM governance_ballots_vote v WHERE v.id = NEW.vote_id AND v.state = 'open') THEN
        broken := 'tally_when_closed';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: vote %s, %s', broken, NEW.vote_id, NEW.college);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_ballots_tally_guarded BEFORE INSERT OR UPDATE ON governance_ballots_collegetally
    FOR EACH ROW EXECUTE FUNCTION governance_ballots_guard_tally();
"""

# Who may vote is settled when the vote opens: as many as its tallies say, and nobody after them.
ELECTORS = """
CREATE FUNCTION governance_ballots_guard_electors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT e.vote_id, e.college INTO wrong
    FROM (SELECT DISTINCT vote_id, college FROM added) a
    JOIN governance_ballots_elector e USING (vote_id, college)
    GROUP BY e.vote_id, e.college
    HAVING count(*) > coalesce((SELECT t.members FROM governance_ballots_collegetally t
                                WHERE t.vote_id = e.vote_id AND t.college = e.college AND t.is_asked), 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'electors_fixed_at_opening', TABLE = TG_TABLE_NAME,
            MESSAGE = format('electors_fixed_at_opening: vote %s, %s', wrong.vote_id, wrong.college);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_ballots_electors_guarded AFTER INSERT ON governance_ballots_elector
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION governance_ballots_guard_electors();

CREATE FUNCTION governance_ballots_guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM governance_ballots_collegetally t WHERE t.vote_id = NEW.id)
        OR EXISTS (SELECT FROM governance_ballots_collegetally t WHERE t.vote_id = NEW.id AND t.is_asked
                   AND t.members <> (SELECT count(*) FROM governance_ballots_elector e
                                     WHERE e.vote_id = t.vote_id AND e.college = t.college)) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_opens_whole', TABLE = TG_TABLE_NAME,
            MESSAGE = format('vote_opens_whole: vote %s', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER governance_ballots_vote_opens_whole AFTER INSERT ON governance_ballots_vote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION governance_ballots_guard_opening();

CREATE FUNCTION governance_ballots_guard_elector() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.vote_id, NEW.person_id, NEW.college) IS DISTINCT FROM (OLD.vote_id, OLD.person_id, OLD.college) THEN
        broken := 'elector_kept';
    ELSIF NEW.voted_at IS DISTINCT FROM OLD.voted_at
        AND (NEW.voted_at IS NULL
             OR EXISTS (SELECT FROM governance_ballots_vote v WHERE v.id = NEW.vote_id AND v.state = 'closed')) THEN
        broken := 'elector_voted_while_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: elector %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_ballots_elector_guarded BEFORE UPDATE ON governance_ballots_elector
    FOR EACH ROW EXECUTE FUNCTION governance_ballots_guard_elector();
"""

# The row of the vote is locked against its closing, so that no ballot comes in beside the count.
BALLOTS = """
CREATE FUNCTION governance_ballots_guard_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
    found_state text;
    whose bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.elector_id ELSE NEW.elector_id END;
BEGIN
    SELECT v.state INTO found_state FROM governance_ballots_vote v
    WHERE v.id = (SELECT e.vote_id FROM governance_ballots_elector e WHERE e.id = whose) FOR SHARE;
    IF TG_OP = 'DELETE' THEN
        IF found_state = 'open' THEN
            broken := 'ballot_kept_while_open';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND (NEW.elector_id, NEW.receipt) IS DISTINCT FROM (OLD.elector_id, OLD.receipt) THEN
        broken := 'ballot_receipt_kept';
    ELSIF found_state = 'closed' THEN
        broken := 'ballot_while_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: a ballot', broken);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER governance_ballots_ballot_guarded BEFORE INSERT OR UPDATE OR DELETE ON governance_ballots_ballot
    FOR EACH ROW EXECUTE FUNCTION governance_ballots_guard_ballot();

CREATE FUNCTION governance_ballots_guard_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT b.vote_id, b.college INTO wrong
    FROM (SELECT DISTINCT vote_id, college FROM added) a
    JOIN governance_ballots_countedballot b USING (vote_id, college)
    GROUP BY b.vote_id, b.college
    HAVING count(*) > coalesce((SELECT t.ballots FROM governance_ballots_collegetally t
                                WHERE t.vote_id = b.vote_id AND t.college = b.college), 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'counted_ballots_as_tallied', TABLE = TG_TABLE_NAME,
            MESSAGE = format('counted_ballots_as_tallied: vote %s, %s', wrong.vote_id, wrong.college);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_ballots_counted_guarded AFTER INSERT ON governance_ballots_countedballot
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION governance_ballots_guard_counted();
"""

# When a vote has been closed, nothing is left that says whose a ballot was, and the tallies, the list and its
# hash say the same.
CLOSING = """
CREATE FUNCTION governance_ballots_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
    detail_least integer := (NEW.rule ->> 'detail_least_votes')::integer;
BEGIN
    IF EXISTS (SELECT FROM governance_ballots_ballot b JOIN governance_ballots_elector e ON e.id = b.elector_id
               WHERE e.vote_id = NEW.id) THEN
        broken := 'closed_vote_has_no_link';
    ELSIF EXISTS (
        SELECT FROM governance_ballots_collegetally t
        LEFT JOIN LATERAL (
            SELECT count(*) AS ballots, count(*) FILTER (WHERE b.choice = 'yes') AS yes,
                count(*) FILTER (WHERE b.choice = 'no') AS no, count(*) FILTER (WHERE b.choice = 'abstain') AS abstain
            FROM governance_ballots_countedballot b WHERE b.vote_id = t.vote_id AND b.college = t.college
        ) l ON true
        WHERE t.vote_id = NEW.id AND (
            t.outcome = '' OR t.ballots <> l.ballots
            OR t.ballots <> (SELECT count(*) FROM governance_ballots_elector e
                             WHERE e.vote_id = t.vote_id AND e.college = t.college AND e.voted_at IS NOT NULL)
            OR (t.yes IS NOT NULL AND (t.yes, t.no, t.abstain) <> (l.yes, l.no, l.abstain))
        )
    ) THEN
        broken := 'closed_vote_is_counted';
    ELSIF EXISTS (
        SELECT FROM governance_ballots_collegetally t
        WHERE t.vote_id = NEW.id AND (t.ballots < detail_least) <> (t.yes IS NULL)
    ) OR EXISTS (
        SELECT FROM governance_ballots_collegetally t
        JOIN governance_ballots_countedballot b ON b.vote_id = t.vote_id AND b.college = t.college
        WHERE t.vote_id = NEW.id AND (t.ballots < detail_least) <> (b.choice = '')
    ) THEN
        broken := 'few_ballots_untold';
    ELSIF NEW.list_hash <> (
        SELECT encode(sha256(convert_to(coalesce(string_agg(
            b.college || ',' || b.receipt || ',' || b.choice || E'\\n', ''
            ORDER BY b.college COLLATE "C", b.receipt COLLATE "C"), ''), 'UTF8')), 'hex')
        FROM governance_ballots_countedballot b WHERE b.vote_id = NEW.id
    ) THEN
        broken := 'closed_vote_hash_of_list';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: vote %s', broken, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER governance_ballots_vote_closes_whole AFTER UPDATE ON governance_ballots_vote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'closed')
    EXECUTE FUNCTION governance_ballots_guard_closing();
"""

NEVER_GONE = """
CREATE TRIGGER governance_ballots_counted_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_ballots_countedballot
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_ballots_ballot_never_truncated BEFORE TRUNCATE ON governance_ballots_ballot
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
""" + "".join(
    f"""
CREATE TRIGGER governance_ballots_{table}_never_gone BEFORE DELETE OR TRUNCATE ON governance_ballots_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
    for table in ("vote", "collegetally", "elector")
)


class Migration(migrations.Migration):
    dependencies = [("governance_ballots", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (VOTES, ELECTORS, BALLOTS, CLOSING, NEVER_GONE)
    ]
