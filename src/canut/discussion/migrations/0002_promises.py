"""What the database promises about posts: nobody takes one from another's mouth, and none goes."""

from django.db import migrations

POSTS = """
CREATE FUNCTION discussion_guard_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM discussion_thread t WHERE t.id = NEW.thread_id AND t.posts >= NEW.number) THEN
            broken := 'post_numbered_by_thread';
        ELSIF NEW.quotes_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM discussion_post q
                WHERE q.id = NEW.quotes_id AND q.thread_id = NEW.thread_id AND q.number < NEW.number) THEN
            broken := 'post_quotes_earlier_one';
        END IF;
    ELSIF (NEW.thread_id, NEW.number, NEW.author_id, NEW.quotes_id, NEW.cites_id, NEW.posted_at)
        IS DISTINCT FROM (OLD.thread_id, OLD.number, OLD.author_id, OLD.quotes_id, OLD.cites_id, OLD.posted_at) THEN
        broken := 'post_stays_what_it_is';
    ELSIF NEW.text <> OLD.text AND NEW.text <> '' AND NOT EXISTS (
            SELECT FROM discussion_earlierwords e
            WHERE e.post_id = NEW.id AND e.text = OLD.text AND e.until = NEW.edited_at) THEN
        broken := 'post_keeps_earlier_words';
    ELSIF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        broken := 'post_withdrawn_once';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: post %s of thread %s', broken, NEW.number, NEW.thread_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discussion_post_guarded BEFORE INSERT OR UPDATE ON discussion_post
    FOR EACH ROW EXECUTE FUNCTION discussion_guard_post();
CREATE TRIGGER discussion_post_never_gone BEFORE DELETE OR TRUNCATE ON discussion_post
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# A thread goes on with the number after its last post, and stays where it was begun.
THREADS = """
CREATE FUNCTION discussion_guard_thread() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.subject_kind, NEW.subject_id, NEW.started_by_id, NEW.started_at)
        IS DISTINCT FROM (OLD.subject_kind, OLD.subject_id, OLD.started_by_id, OLD.started_at) THEN
        broken := 'thread_stays_what_it_is';
    ELSIF NEW.posts < OLD.posts THEN
        broken := 'thread_loses_no_post';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: thread %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discussion_thread_guarded BEFORE UPDATE ON discussion_thread
    FOR EACH ROW EXECUTE FUNCTION discussion_guard_thread();
CREATE TRIGGER discussion_thread_never_gone BEFORE DELETE OR TRUNCATE ON discussion_thread
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# Earlier words are kept as they were. They can only go, with the post's own, when its author takes it back.
EARLIER = """
CREATE FUNCTION discussion_guard_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.post_id, NEW.since, NEW.until) IS DISTINCT FROM (OLD.post_id, OLD.since, OLD.until)
        OR (NEW.text <> OLD.text AND NOT (NEW.text = '' AND EXISTS (
            SELECT FROM discussion_post p WHERE p.id = NEW.post_id AND p.withdrawn_at IS NOT NULL))) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'earlier_words_kept',
            TABLE = TG_TABLE_NAME, MESSAGE = format('earlier_words_kept: of post %s', OLD.post_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discussion_earlierwords_guarded BEFORE UPDATE ON discussion_earlierwords
    FOR EACH ROW EXECUTE FUNCTION discussion_guard_earlier();
CREATE TRIGGER discussion_earlierwords_never_gone BEFORE DELETE OR TRUNCATE ON discussion_earlierwords
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("discussion", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (POSTS, THREADS, EARLIER)]
