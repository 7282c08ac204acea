"""What the database promises about contested levels: of which reviews, and which of them a won one takes out."""

from django.db import migrations

# A contest names reviews of its decision, and ends once.
CONTESTS = """
CREATE FUNCTION guilds_guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT NEW.review_ids <@ (SELECT d.review_ids FROM guilds_leveldecision d WHERE d.id = NEW.decision_id) THEN
            broken := 'level_contest_of_its_reviews';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.state <> 'open'
        OR (NEW.decision_id, NEW.review_ids, NEW.words, NEW.contested_at)
            IS DISTINCT FROM (OLD.decision_id, OLD.review_ids, OLD.words, OLD.contested_at) THEN
        broken := 'level_contest_said_once';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken,
            TABLE = TG_TABLE_NAME, MESSAGE = format('%s: contest %s', broken, coalesce(NEW.id, OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guilds_contest_guarded BEFORE INSERT OR UPDATE OR DELETE ON guilds_levelcontest
    FOR EACH ROW EXECUTE FUNCTION guilds_guard_contest();
CREATE TRIGGER guilds_contest_never_gone BEFORE TRUNCATE ON guilds_levelcontest
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# What a contest takes out, it was about, and it was won.
VOIDED = """
CREATE OR REPLACE FUNCTION guilds_guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
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
        AND (NEW.voided_at, NEW.voided_by_id, NEW.voided_in_id, NEW.void_reason)
            IS DISTINCT FROM (OLD.voided_at, OLD.voided_by_id, OLD.voided_in_id, OLD.void_reason) THEN
        broken := 'review_voided_once';
    ELSIF NEW.voided_in_id IS NOT NULL AND OLD.voided_in_id IS NULL AND NOT EXISTS (
        SELECT FROM guilds_levelcontest c
        WHERE c.id = NEW.voided_in_id AND c.state = 'falls' AND NEW.id = ANY (c.review_ids)) THEN
        broken := 'review_voided_in_won_contest';
    ELSIF NEW.stage < OLD.stage THEN
        broken := 'review_only_widens';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: review %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("guilds", "0005_contests"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CONTESTS, VOIDED)]
