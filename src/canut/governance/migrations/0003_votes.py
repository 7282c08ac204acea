"""What the database promises about votes on proposals: replayed before, and as the members said after."""

from django.db import migrations

VOTES = """
ALTER TABLE governance_proposal
    ADD CONSTRAINT proposal_vote_is_there FOREIGN KEY (vote_id) REFERENCES governance_ballots_vote (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT proposal_decision_is_there FOREIGN KEY (decision_number) REFERENCES charter_decision (number)
        DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION governance_guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF OLD IS NULL AND NEW.state <> 'idea' THEN
        broken := 'proposal_begins_as_idea';
    ELSIF NEW.state = 'vote' AND NEW.state IS DISTINCT FROM OLD.state
        AND EXISTS (SELECT FROM governance_proposalversion v JOIN governance_proposalsetting s ON s.version_id = v.id
                    WHERE v.proposal_id = NEW.id AND v.number = NEW.version_number)
        AND NOT EXISTS (SELECT FROM governance_proposalversion v JOIN governance_proposalreplay r ON r.version_id = v.id
                        WHERE v.proposal_id = NEW.id AND v.number = NEW.version_number) THEN
        broken := 'proposal_vote_after_replay';
    ELSIF NEW.state IN ('adopted', 'rejected') AND NEW.state IS DISTINCT FROM OLD.state
        AND NOT EXISTS (SELECT FROM governance_ballots_vote v WHERE v.id = NEW.vote_id AND v.state = 'closed'
                        AND v.subject_kind = 'proposal' AND v.subject_id = NEW.id
                        AND v.is_adopted = (NEW.state = 'adopted')) THEN
        broken := 'proposal_decided_by_vote';
    ELSIF NEW.state IN ('adopted', 'rejected') AND NEW.state IS DISTINCT FROM OLD.state
        AND NOT EXISTS (SELECT FROM charter_decision d WHERE d.number = NEW.decision_number
                        AND d.adopted = (NEW.state = 'adopted')) THEN
        broken := 'proposal_decided_as_logged';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: proposal %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_proposal_voted BEFORE INSERT OR UPDATE ON governance_proposal
    FOR EACH ROW EXECUTE FUNCTION governance_guard_vote();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_promises"),
        ("governance_ballots", "0002_promises"),
        ("charter", "0006_log_promises"),
    ]

    operations = [migrations.RunSQL(VOTES, migrations.RunSQL.noop)]
