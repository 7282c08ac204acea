"""What the database promises about the board: ballots secret, counts of what was cast, seats held once."""

from django.db import migrations

# A trigger of one name a table, which says what alone may change in it; what is emptied stays empty.
KEPT = """
CREATE FUNCTION governance_board_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD) - string_to_array(TG_ARGV[0], ' ');
    after jsonb := to_jsonb(NEW) - string_to_array(TG_ARGV[0], ' ');
    field text;
BEGIN
    FOREACH field IN ARRAY string_to_array(TG_ARGV[1], ' ') LOOP
        IF (TG_ARGV[2] = 'once' AND before -> field IN ('null', '""')) OR (TG_ARGV[2] = 'emptied' AND after -> field = 'null') THEN
            before := before - field; after := after - field;
        END IF;
    END LOOP;
    IF before <> after THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: row %s', TG_NAME, to_jsonb(OLD) -> 'id');
    END IF;
    RETURN NEW;
END $$;
"""

# The columns that may change freely, those that are set once (or emptied once), and which of the two.
TABLES = [
    (
        "election",
        "election_terms_kept",
        "state nominations_end_at voting_ends_at term_ends_at members detail_least_votes over_at elected_by"
        " ballots list_hash log_root ballots_logged_id result_logged_id sheet",
        "",
        "once",
    ),
    ("candidate", "board_candidate_kept", "statement withdrew_at", "salt", "emptied"),
    ("boardelector", "board_elector_kept", "voted_at told_at reminded_at", "", "once"),
    ("seat", "seat_ends_once", "", "ended_at ended_as followed_at", "once"),
    ("recallpetition", "petition_kept", "state vote_id ended_at", "", "once"),
    ("motion", "motion_kept", "state ended_at members needed logged_id", "", "once"),
    ("motionvote", "motion_vote_kept", "choice words said_at", "", "once"),
]

GUARDS = "".join(
    f"""
CREATE TRIGGER {name} BEFORE UPDATE ON governance_board_{table}
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard('{free}', '{once}', '{how}');
CREATE TRIGGER governance_board_{table}_never_gone BEFORE DELETE OR TRUNCATE ON governance_board_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
    for table, name, free, once, how in TABLES
)

# An election goes forward only, and what is over stays as it was counted.
ELECTIONS = """
CREATE FUNCTION governance_board_guard_election() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF OLD.state = 'over' THEN
        broken := 'election_over_once';
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('nominations', 'voting'), ('nominations', 'over'), ('voting', 'over')) THEN
        broken := 'election_transition_known';
    ELSIF OLD.state = 'voting' AND (NEW.nominations_end_at, NEW.voting_ends_at, NEW.members, NEW.detail_least_votes)
        IS DISTINCT FROM (OLD.nominations_end_at, OLD.voting_ends_at, OLD.members, OLD.detail_least_votes) THEN
        broken := 'election_vote_kept';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: election %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_board_election_guarded BEFORE UPDATE ON governance_board_election
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_election();

CREATE FUNCTION governance_board_guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR NEW.withdrew_at IS DISTINCT FROM OLD.withdrew_at)
        AND (SELECT e.state FROM governance_board_election e WHERE e.id = NEW.election_id) <> 'nominations' THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'candidate_stands_in_time', TABLE = TG_TABLE_NAME,
            MESSAGE = format('candidate_stands_in_time: election %s', NEW.election_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_board_candidate_in_time BEFORE INSERT OR UPDATE ON governance_board_candidate
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_standing();
"""

# Who votes is settled when the vote opens: as many as the election says, and nobody after them.
ELECTORS = """
CREATE FUNCTION governance_board_guard_electors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT e.id INTO wrong FROM governance_board_election e
    WHERE e.id IN (SELECT election_id FROM added)
      AND (e.state <> 'voting' OR e.members < (SELECT count(*) FROM governance_board_boardelector b WHERE b.election_id = e.id))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'board_electors_fixed', TABLE = TG_TABLE_NAME,
            MESSAGE = format('board_electors_fixed: election %s', wrong);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_board_electors_guarded AFTER INSERT ON governance_board_boardelector
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION governance_board_guard_electors();
"""

# The row of the election is locked against its end, so that no ballot comes in beside the count.
BALLOTS = """
CREATE FUNCTION governance_board_guard_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
    found_state text;
    whose bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.elector_id ELSE NEW.elector_id END;
BEGIN
    SELECT e.state INTO found_state FROM governance_board_election e
    WHERE e.id = (SELECT b.election_id FROM governance_board_boardelector b WHERE b.id = whose) FOR SHARE;
    IF TG_OP = 'DELETE' THEN
        IF found_state <> 'over' THEN
            broken := 'ranked_ballot_kept_while_open';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND (NEW.elector_id, NEW.receipt) IS DISTINCT FROM (OLD.elector_id, OLD.receipt) THEN
        broken := 'ranked_ballot_receipt_kept';
    ELSIF found_state <> 'voting' THEN
        broken := 'ranked_ballot_while_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: a ballot', broken);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER governance_board_ballot_guarded BEFORE INSERT OR UPDATE OR DELETE ON governance_board_rankedballot
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_ballot();
CREATE TRIGGER governance_board_ballot_never_truncated BEFORE TRUNCATE ON governance_board_rankedballot
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_board_ranking_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_board_countedranking
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_board_recount_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_board_recount
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();

CREATE FUNCTION governance_board_guard_rankings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT e.id INTO wrong FROM governance_board_election e
    WHERE e.id IN (SELECT election_id FROM added)
      AND coalesce(e.ballots, 0) < (SELECT count(*) FROM governance_board_countedranking r WHERE r.election_id = e.id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rankings_as_counted', TABLE = TG_TABLE_NAME,
            MESSAGE = format('rankings_as_counted: election %s', wrong);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_board_rankings_guarded AFTER INSERT ON governance_board_countedranking
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION governance_board_guard_rankings();
"""

# When an election has been counted, nothing is left that says whose a ballot was, and the list is what was cast.
CLOSING = """
CREATE FUNCTION governance_board_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF EXISTS (SELECT FROM governance_board_rankedballot b JOIN governance_board_boardelector e ON e.id = b.elector_id
               WHERE e.election_id = NEW.id) THEN
        broken := 'closed_election_has_no_link';
    ELSIF coalesce(NEW.ballots, 0) <> (SELECT count(*) FROM governance_board_countedranking r WHERE r.election_id = NEW.id)
        OR coalesce(NEW.ballots, 0) <> (SELECT count(*) FROM governance_board_boardelector e
                                        WHERE e.election_id = NEW.id AND e.voted_at IS NOT NULL) THEN
        broken := 'closed_election_is_counted';
    ELSIF NEW.elected_by = 'count' AND NEW.list_hash <> (
        SELECT encode(sha256(convert_to(coalesce(string_agg(
            r.receipt || ' ' || CASE WHEN NEW.ballots < NEW.detail_least_votes THEN '-' ELSE array_to_string(r.ranking, ',') END || E'\\n',
            '' ORDER BY r.receipt COLLATE "C"), ''), 'UTF8')), 'hex')
        FROM governance_board_countedranking r WHERE r.election_id = NEW.id
    ) THEN
        broken := 'closed_election_hash_of_list';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: election %s', broken, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER governance_board_election_closes_whole AFTER UPDATE ON governance_board_election
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'over')
    EXECUTE FUNCTION governance_board_guard_closing();
"""

# Nobody sits twice, and nobody more than an election had seats for.
SEATS = """
CREATE FUNCTION governance_board_guard_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF EXISTS (SELECT FROM governance_board_seat s JOIN governance_board_candidate c ON c.id = s.candidate_id
               WHERE s.ended_at IS NULL GROUP BY c.person_id HAVING count(*) > 1) THEN
        broken := 'seat_one_a_person';
    ELSIF EXISTS (SELECT FROM governance_board_seat s JOIN governance_board_candidate c ON c.id = s.candidate_id
                  JOIN governance_board_election e ON e.id = c.election_id
                  WHERE s.ended_at IS NULL GROUP BY e.id HAVING count(*) > e.seats) THEN
        broken := 'seats_as_many_as_elected';
    ELSIF EXISTS (SELECT FROM added s JOIN governance_board_candidate c ON c.id = s.candidate_id
                  WHERE c.withdrew_at IS NOT NULL) THEN
        broken := 'seat_of_a_candidate';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = broken;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_board_seats_guarded AFTER INSERT ON governance_board_seat
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION governance_board_guard_seats();
"""

# What was decided is decided: no petition or motion ends twice, and nobody votes on one that has ended.
DECIDED = """
CREATE FUNCTION governance_board_guard_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR OLD.state = 'vote' AND NEW.state = 'open' THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: row %s', TG_ARGV[0], OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_board_petition_ended BEFORE UPDATE ON governance_board_recallpetition
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_ended('petition_ends_once');
CREATE TRIGGER governance_board_motion_ended BEFORE UPDATE ON governance_board_motion
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_ended('motion_ends_once');

CREATE FUNCTION governance_board_guard_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT m.state FROM governance_board_motion m WHERE m.id = NEW.motion_id) <> 'open' THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'motion_vote_while_open', TABLE = TG_TABLE_NAME,
            MESSAGE = format('motion_vote_while_open: motion %s', NEW.motion_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_board_said_while_open BEFORE INSERT OR UPDATE ON governance_board_motionvote
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_said();

CREATE FUNCTION governance_board_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.state FROM governance_board_recallpetition p WHERE p.id = NEW.petition_id) <> 'open' THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signature_while_open', TABLE = TG_TABLE_NAME,
            MESSAGE = format('signature_while_open: petition %s', NEW.petition_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_board_signed_while_open BEFORE INSERT ON governance_board_recallsignature
    FOR EACH ROW EXECUTE FUNCTION governance_board_guard_signature();
"""


class Migration(migrations.Migration):
    dependencies = [("governance_board", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (KEPT, GUARDS, ELECTIONS, ELECTORS, BALLOTS, CLOSING, SEATS, DECIDED)
    ]
