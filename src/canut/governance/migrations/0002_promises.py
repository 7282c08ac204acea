"""What the database promises about proposals: their ways, and that what was written stays as it was."""

from django.db import migrations

PROPOSALS = """
CREATE FUNCTION governance_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.kind, NEW.author_id, NEW.comes_from_id, NEW.came_by, NEW.began_at)
        IS DISTINCT FROM (OLD.kind, OLD.author_id, OLD.comes_from_id, OLD.came_by, OLD.began_at)
        OR (OLD.popular_at IS NOT NULL AND NEW.popular_at IS DISTINCT FROM OLD.popular_at)
        OR (OLD.vote_id IS NOT NULL AND NEW.vote_id IS DISTINCT FROM OLD.vote_id) THEN
        broken := 'proposal_terms_kept';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('idea', 'draft'), ('idea', 'vote'), ('idea', 'archived'), ('idea', 'withdrawn'),
            ('draft', 'feasibility'), ('draft', 'archived'), ('draft', 'withdrawn'),
            ('feasibility', 'waiting'), ('feasibility', 'infeasible'), ('feasibility', 'withdrawn'),
            ('infeasible', 'draft'), ('infeasible', 'waiting'), ('infeasible', 'archived'),
            ('infeasible', 'withdrawn'),
            ('waiting', 'draft'), ('waiting', 'vote'), ('waiting', 'withdrawn'),
            ('vote', 'adopted'), ('vote', 'rejected'))
        OR (OLD.state = 'idea' AND NEW.state = 'vote' AND NEW.kind <> 'ratification') THEN
        broken := 'proposal_transition_known';
    ELSIF NEW.version_number <> OLD.version_number
        AND (OLD.state NOT IN ('draft', 'infeasible') OR NEW.state <> 'draft') THEN
        broken := 'proposal_amended_as_draft';
    ELSIF OLD.held_at IS NOT NULL AND NEW.held_at IS NOT NULL AND NEW.state <> OLD.state THEN
        broken := 'proposal_held_stays';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: proposal %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_proposal_guarded BEFORE UPDATE ON governance_proposal
    FOR EACH ROW EXECUTE FUNCTION governance_guard_proposal();
CREATE TRIGGER governance_proposal_kept BEFORE DELETE OR TRUNCATE ON governance_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# The version that counts is there, at the latest when the transaction ends.
VERSIONS = """
CREATE FUNCTION governance_check_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM governance_proposalversion v
                   WHERE v.proposal_id = NEW.id AND v.number = NEW.version_number) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'proposal_version_is_there',
            MESSAGE = format('proposal_version_is_there: proposal %s', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER governance_proposal_version AFTER INSERT OR UPDATE ON governance_proposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION governance_check_version();
CREATE TRIGGER governance_version_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalversion
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_setting_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalsetting
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_article_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalarticle
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_replay_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalreplay
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
ALTER TABLE governance_proposalsetting ADD CONSTRAINT proposal_setting_has_values
    CHECK (jsonb_typeof(new_value) IN ('number', 'string', 'boolean', 'array')
           AND jsonb_typeof(old_value) IN ('number', 'string', 'boolean', 'array'));
"""

# What the team said is said once; it can be overruled once.
ASSESSMENTS = """
CREATE FUNCTION governance_guard_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.proposal_id, NEW.version_number, NEW.asked_at, NEW.due_at)
        IS DISTINCT FROM (OLD.proposal_id, OLD.version_number, OLD.asked_at, OLD.due_at) THEN
        broken := 'assessment_terms_kept';
    ELSIF OLD.outcome <> 'open' AND (NEW.outcome, NEW.said_at, NEW.by_id, NEW.reason, NEW.help)
        IS DISTINCT FROM (OLD.outcome, OLD.said_at, OLD.by_id, OLD.reason, OLD.help) THEN
        broken := 'assessment_said_once';
    ELSIF OLD.motion_id IS NOT NULL
        AND (NEW.motion_id, NEW.overruled_at) IS DISTINCT FROM (OLD.motion_id, OLD.overruled_at) THEN
        broken := 'assessment_overruled_once';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: assessment %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_assessment_guarded BEFORE UPDATE ON governance_assessment
    FOR EACH ROW EXECUTE FUNCTION governance_guard_assessment();
CREATE TRIGGER governance_assessment_kept BEFORE DELETE OR TRUNCATE ON governance_assessment
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(PROPOSALS, migrations.RunSQL.noop),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ASSESSMENTS, migrations.RunSQL.noop),
    ]
