"""What the database promises about facilitated discussions: their way, their rounds, and the record."""

from django.db import migrations

# The only steps there are. A question, once asked, stays; what ended, ended.
DISCUSSION = """
CREATE FUNCTION facilitated_guard_discussion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'gathering' THEN broken := 'discussion_begins_by_gathering'; END IF;
    ELSIF (NEW.about_kind, NEW.about_id, NEW.question, NEW.opened_by_id, NEW.opened_at, NEW.round_days,
            NEW.waiting_days, NEW.objection_days, NEW.least_people, NEW.most_statements)
        IS DISTINCT FROM (OLD.about_kind, OLD.about_id, OLD.question, OLD.opened_by_id, OLD.opened_at,
            OLD.round_days, OLD.waiting_days, OLD.objection_days, OLD.least_people, OLD.most_statements) THEN
        broken := 'discussion_stays_what_it_is';
    ELSIF OLD.ended_at IS NOT NULL AND to_jsonb(NEW) - ARRAY['facilitator_id', 'rapporteur_id']
            <> to_jsonb(OLD) - ARRAY['facilitator_id', 'rapporteur_id'] THEN
        broken := 'discussion_ends_once';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('gathering', 'saying'), ('gathering', 'lapsed'), ('gathering', 'withdrawn'),
            ('saying', 'summing_said'), ('saying', 'lapsed'),
            ('summing_said', 'answering'), ('summing_said', 'lapsed'),
            ('answering', 'summing_answers'),
            ('summing_answers', 'weighing'), ('summing_answers', 'lapsed'),
            ('weighing', 'recording'),
            ('recording', 'objecting'), ('recording', 'lapsed'),
            ('objecting', 'published')) THEN
        broken := 'discussion_goes_its_way';
    ELSIF NEW.state IN ('saying', 'answering', 'weighing') AND NOT EXISTS (
            SELECT FROM discussion_facilitated_round r WHERE r.discussion_id = NEW.id
            AND r.number = CASE NEW.state WHEN 'saying' THEN 1 WHEN 'answering' THEN 2 ELSE 3 END) THEN
        broken := 'discussion_in_round_has_it';
    ELSIF NEW.state IN ('objecting', 'published') AND NOT EXISTS (
            SELECT FROM discussion_facilitated_record r WHERE r.discussion_id = NEW.id) THEN
        broken := 'discussion_published_has_record';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: discussion %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilitated_discussion_guarded BEFORE INSERT OR UPDATE ON discussion_facilitated_discussion
    FOR EACH ROW EXECUTE FUNCTION facilitated_guard_discussion();
"""

# In the first round everybody speaks once, and for themselves.
SAYING = """
CREATE FUNCTION facilitated_guard_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE since integer; refused text;
BEGIN
    SELECT r.fixed_to INTO since FROM discussion_thread t
        JOIN discussion_facilitated_discussion d ON d.id = t.subject_id AND d.state = 'saying'
        JOIN discussion_facilitated_round r ON r.discussion_id = d.id AND r.number = 1
        WHERE t.id = NEW.thread_id AND t.subject_kind = 'facilitated';
    IF since IS NULL THEN
        RETURN NEW;
    ELSIF NEW.quotes_id IS NOT NULL THEN
        refused := 'contribution_answers_nobody';
    ELSIF EXISTS (SELECT FROM discussion_post p WHERE p.thread_id = NEW.thread_id AND p.number > since
            AND p.author_id = NEW.author_id AND p.withdrawn_at IS NULL) THEN
        refused := 'contribution_once_a_person';
    END IF;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = refused, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: post %s of thread %s', refused, NEW.number, NEW.thread_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilitated_post_guarded BEFORE INSERT ON discussion_post
    FOR EACH ROW EXECUTE FUNCTION facilitated_guard_post();
"""

# Statements are put up and marked while they are weighed; a mark changes, whose and of what it is does not.
WEIGHING = """
CREATE FUNCTION facilitated_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        broken := 'statement_stays_what_it_is';
    ELSIF NOT EXISTS (SELECT FROM discussion_facilitated_discussion d
            JOIN discussion_thread t ON t.subject_kind = 'facilitated' AND t.subject_id = d.id
            JOIN discussion_post p ON p.thread_id = t.id AND p.id = NEW.post_id
            WHERE d.id = NEW.discussion_id AND d.state = 'weighing') THEN
        broken := 'statement_put_up_in_its_round';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: post %s', broken, NEW.post_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilitated_statement_guarded BEFORE INSERT OR UPDATE ON discussion_facilitated_statement
    FOR EACH ROW EXECUTE FUNCTION facilitated_guard_statement();

CREATE FUNCTION facilitated_guard_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.statement_id, NEW.person_id) IS DISTINCT FROM (OLD.statement_id, OLD.person_id) THEN
        broken := 'mark_stays_where_it_is';
    ELSIF NOT EXISTS (SELECT FROM discussion_facilitated_statement s
            JOIN discussion_facilitated_discussion d ON d.id = s.discussion_id
            WHERE s.id = NEW.statement_id AND d.state = 'weighing') THEN
        broken := 'mark_made_in_its_round';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: statement %s', broken, NEW.statement_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilitated_mark_guarded BEFORE INSERT OR UPDATE ON discussion_facilitated_mark
    FOR EACH ROW EXECUTE FUNCTION facilitated_guard_mark();
"""

# An objection is said while the record is open to it, and of a post of the same discussion.
OBJECTING = """
CREATE FUNCTION facilitated_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        broken := 'objection_stays_what_it_is';
    ELSIF NOT EXISTS (SELECT FROM discussion_facilitated_record r
            JOIN discussion_facilitated_discussion d ON d.id = r.discussion_id
            JOIN discussion_thread t ON t.subject_kind = 'facilitated' AND t.subject_id = d.id
            JOIN discussion_post p ON p.thread_id = t.id AND p.id = NEW.post_id
            WHERE r.id = NEW.record_id AND d.state = 'objecting') THEN
        broken := 'objection_while_record_is_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: post %s', broken, NEW.post_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facilitated_objection_guarded BEFORE INSERT OR UPDATE ON discussion_facilitated_objection
    FOR EACH ROW EXECUTE FUNCTION facilitated_guard_objection();
"""

WRITTEN_ONCE = """
CREATE TRIGGER facilitated_record_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON discussion_facilitated_record
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER facilitated_round_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON discussion_facilitated_round
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
NEVER_GONE = "".join(
    f"CREATE TRIGGER facilitated_{name}_never_gone BEFORE DELETE OR TRUNCATE ON discussion_facilitated_{name}"
    " FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();\n"
    for name in ("discussion", "call", "statement", "mark", "objection")
)


class Migration(migrations.Migration):
    dependencies = [
        ("discussion_facilitated", "0001_initial"),
        ("discussion", "0005_facilitated_subject"),
        ("kernel", "0002_promises"),
    ]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (DISCUSSION, SAYING, WEIGHING, OBJECTING, WRITTEN_ONCE, NEVER_GONE)
    ]
