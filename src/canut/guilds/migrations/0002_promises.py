"""What the database promises about draws, reviews and levels: committed before, never changed after."""

from django.db import migrations

# What was committed to is the hash of what is revealed, and neither changes; a block is drawn from once.
DRAWS = """
ALTER TABLE guilds_block ADD CONSTRAINT block_commitment_of_seed
    CHECK (commitment = encode(sha256(decode(seed, 'hex')), 'hex'));
CREATE FUNCTION guilds_guard_block() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (to_jsonb(NEW) - ARRAY['state', 'filled_at', 'drawn_at', 'drawn_number'])
        <> (to_jsonb(OLD) - ARRAY['state', 'filled_at', 'drawn_at', 'drawn_number'])
        OR (OLD.filled_at IS NOT NULL AND NEW.filled_at IS DISTINCT FROM OLD.filled_at) THEN
        broken := 'block_terms_kept';
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('collecting', 'waiting'), ('collecting', 'drawn'), ('waiting', 'drawn')) THEN
        broken := 'block_transition_known';
    ELSIF OLD.state = 'drawn' AND (NEW.drawn_at, NEW.drawn_number) IS DISTINCT FROM (OLD.drawn_at, OLD.drawn_number) THEN
        broken := 'block_drawn_once';
    ELSIF NEW.state <> 'collecting' AND OLD.state = 'collecting'
        AND (SELECT count(*) FROM guilds_item i WHERE i.block_id = NEW.id) <> NEW.size THEN
        broken := 'block_full_before_draw';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: block %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_block_guarded BEFORE UPDATE ON guilds_block
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_block();
CREATE FUNCTION guilds_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF NOT EXISTS (SELECT FROM guilds_block b WHERE b.id = NEW.block_id AND b.member_id = NEW.member_id
                   AND b.state = 'collecting' AND NEW.place <= b.size) THEN
        broken := 'item_in_open_block';
    ELSIF NOT EXISTS (SELECT FROM work_assignment a JOIN guilds_member m ON m.person_id = a.worker_id
                      WHERE a.id = NEW.assignment_id AND m.id = NEW.member_id AND a.submitted_at IS NOT NULL) THEN
        broken := 'item_handed_in_by_member';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: assignment %s', broken, NEW.assignment_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_item_guarded BEFORE INSERT ON guilds_item
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_item();
"""

# Words and verdicts stay as handed in; a review is ended once and voided once, and only drawn items have one.
REVIEWS = """
CREATE FUNCTION guilds_guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM guilds_item i JOIN guilds_block b ON b.id = i.block_id
                       WHERE i.id = NEW.item_id AND b.state = 'drawn' AND b.drawn_number = i.place
                         AND i.member_id = NEW.author_id) THEN
            broken := 'review_of_drawn_item';
        END IF;
    ELSIF (NEW.item_id, NEW.guild_id, NEW.author_id, NEW.task_id, NEW.opened_at, NEW.lapses_at)
        IS DISTINCT FROM (OLD.item_id, OLD.guild_id, OLD.author_id, OLD.task_id, OLD.opened_at, OLD.lapses_at) THEN
        broken := 'review_terms_kept';
    ELSIF OLD.state <> 'open'
        AND (NEW.state, NEW.ended_at, NEW.reviewer_id, NEW.assignment_id, NEW.verdict, NEW.would_accept, NEW.advice)
        IS DISTINCT FROM (OLD.state, OLD.ended_at, OLD.reviewer_id, OLD.assignment_id, OLD.verdict, OLD.would_accept, OLD.advice) THEN
        broken := 'review_says_what_was_said';
    ELSIF OLD.voided_at IS NOT NULL
        AND (NEW.voided_at, NEW.voided_by_id, NEW.void_reason) IS DISTINCT FROM (OLD.voided_at, OLD.voided_by_id, OLD.void_reason) THEN
        broken := 'review_voided_once';
    ELSIF NEW.stage < OLD.stage THEN
        broken := 'review_only_widens';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: review %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_review_guarded BEFORE INSERT OR UPDATE ON guilds_review
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_review();
CREATE FUNCTION guilds_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL OR (to_jsonb(NEW) - 'superseded_at') <> (to_jsonb(OLD) - 'superseded_at') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'level_decision_kept', TABLE = TG_TABLE_NAME,
            MESSAGE = format('level_decision_kept: decision %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_leveldecision_guarded BEFORE UPDATE ON guilds_leveldecision
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_decision();
"""

NEVER_GONE = """
CREATE TRIGGER guilds_item_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON guilds_item
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER guilds_block_never_gone BEFORE DELETE OR TRUNCATE ON guilds_block
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER guilds_review_never_gone BEFORE DELETE OR TRUNCATE ON guilds_review
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER guilds_leveldecision_never_gone BEFORE DELETE OR TRUNCATE ON guilds_leveldecision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# A requirement of a guild names one that there is; work keeps the number, this room makes it sure.
REQUIREMENTS = """
CREATE FUNCTION guilds_guard_requirement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.scale = 'guild' AND NOT EXISTS (SELECT FROM guilds_guild g WHERE g.party_id = NEW.scale_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'requirement_of_a_guild', TABLE = TG_TABLE_NAME,
            MESSAGE = format('requirement_of_a_guild: there is no guild %s', NEW.scale_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_requirement_guarded BEFORE INSERT OR UPDATE ON work_requirement
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_requirement();
"""


class Migration(migrations.Migration):
    dependencies = [("guilds", "0001_initial"), ("kernel", "0002_promises"), ("work", "0003_ratings")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DRAWS, REVIEWS, NEVER_GONE, REQUIREMENTS)
    ]
