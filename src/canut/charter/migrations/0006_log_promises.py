"""What the database promises about the log: written once, without a gap, and the charter says what it says."""

from django.db import migrations

WRITTEN_ONCE = "".join(
    f"""
CREATE TRIGGER {name}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
    for name, table in [
        ("log_entry", "charter_logentry"),
        ("decision", "charter_decision"),
        ("tree_head", "charter_treehead"),
        ("cosignature", "charter_cosignature"),
    ]
)

# The number is the leaf's place in the tree. The lock is taken before the first of a statement is looked at.
WITHOUT_GAP = """
CREATE TRIGGER log_entry_one_writer BEFORE INSERT ON charter_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION charter_one_writer();
CREATE TRIGGER decision_one_writer BEFORE INSERT ON charter_decision
    FOR EACH STATEMENT EXECUTE FUNCTION charter_one_writer();

CREATE FUNCTION charter_refuse(promise text, tbl text, about text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = promise, TABLE = tbl,
        MESSAGE = format('%s: %s', promise, about);
END $$;

CREATE FUNCTION charter_moment(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE FUNCTION charter_guard_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb := NEW.leaf::jsonb;
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM charter_logentry) THEN
        PERFORM charter_refuse('log_entry_without_gap', TG_TABLE_NAME, NEW.number::text);
    END IF;
    IF said - 'body' IS DISTINCT FROM jsonb_build_object(
            'kind', NEW.kind, 'number', NEW.number, 'recorded_at', charter_moment(NEW.recorded_at))
        OR jsonb_typeof(said -> 'body') IS DISTINCT FROM 'object' THEN
        PERFORM charter_refuse('log_entry_is_its_leaf', TG_TABLE_NAME, NEW.leaf);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER log_entry_guarded BEFORE INSERT ON charter_logentry
    FOR EACH ROW EXECUTE FUNCTION charter_guard_leaf();

CREATE FUNCTION charter_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM charter_decision) THEN
        PERFORM charter_refuse('decision_without_gap', TG_TABLE_NAME, NEW.number::text);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_guarded BEFORE INSERT ON charter_decision
    FOR EACH ROW EXECUTE FUNCTION charter_guard_decision();
"""

# Each row of the charter, of the constitution and of the decisions says what its leaf says, and each leaf of
# those kinds has its row. Deferred, for one has to be written before the other.
SAYS_THE_SAME = """
CREATE FUNCTION charter_body(at bigint, of text) RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT (leaf::jsonb) -> 'body' FROM charter_logentry WHERE number = at AND kind = of $$;

CREATE FUNCTION charter_recorded_with(at bigint, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM charter_logentry WHERE number = at AND recorded_at = moment) $$;

CREATE FUNCTION charter_hold_entry_to_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT charter_recorded_with(NEW.logged_id, NEW.recorded_at)
        OR charter_body(NEW.logged_id, 'parameter') IS DISTINCT FROM jsonb_build_object(
            'entry_kind', NEW.kind, 'parameter', NEW.parameter, 'scope_kind', NEW.scope_kind,
            'scope_key', NEW.scope_key, 'old_value', NEW.old_value, 'new_value', NEW.new_value,
            'effective_at', charter_moment(NEW.effective_at), 'cites', NEW.cites,
            'decision', NEW.decision_number) THEN
        PERFORM charter_refuse('charter_entry_is_logged', TG_TABLE_NAME, NEW.parameter);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER charter_entry_is_logged AFTER INSERT ON charter_charterentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION charter_hold_entry_to_leaf();

CREATE FUNCTION charter_hold_article_to_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT charter_recorded_with(NEW.logged_id, NEW.recorded_at)
        OR charter_body(NEW.logged_id, 'article') IS DISTINCT FROM jsonb_build_object(
            'key', NEW.key, 'version', NEW.number, 'position', NEW.position, 'title_en', NEW.title_en,
            'title_fr', NEW.title_fr, 'text_en', NEW.text_en, 'text_fr', NEW.text_fr,
            'repealed', NEW.repealed, 'decision', NEW.decision_number,
            'effective_at', charter_moment(NEW.effective_at)) THEN
        PERFORM charter_refuse('article_is_logged', TG_TABLE_NAME, NEW.key);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER article_is_logged AFTER INSERT ON charter_articleversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION charter_hold_article_to_leaf();

CREATE FUNCTION charter_hold_decision_to_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb := charter_body(NEW.logged_id, 'decision');
BEGIN
    IF NOT charter_recorded_with(NEW.logged_id, NEW.recorded_at)
        OR jsonb_build_object('decision', said -> 'decision', 'title_en', said -> 'title_en',
            'title_fr', said -> 'title_fr', 'question_kind', said -> 'question_kind',
            'adopted', said -> 'adopted')
        IS DISTINCT FROM jsonb_build_object('decision', NEW.number, 'title_en', NEW.title_en,
            'title_fr', NEW.title_fr, 'question_kind', NEW.question_kind, 'adopted', NEW.adopted) THEN
        PERFORM charter_refuse('decision_is_logged', TG_TABLE_NAME, NEW.number::text);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_is_logged AFTER INSERT ON charter_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION charter_hold_decision_to_leaf();

CREATE FUNCTION charter_hold_leaf_to_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (CASE NEW.kind
        WHEN 'parameter' THEN EXISTS (SELECT FROM charter_charterentry WHERE logged_id = NEW.number)
        WHEN 'article' THEN EXISTS (SELECT FROM charter_articleversion WHERE logged_id = NEW.number)
        WHEN 'decision' THEN EXISTS (SELECT FROM charter_decision WHERE logged_id = NEW.number)
        WHEN 'key' THEN EXISTS (SELECT FROM charter_logkey WHERE logged_id = NEW.number)
        ELSE true
    END) THEN
        PERFORM charter_refuse('log_entry_takes_effect', TG_TABLE_NAME, NEW.number::text);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER log_entry_takes_effect AFTER INSERT ON charter_logentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION charter_hold_leaf_to_row();

ALTER TABLE charter_articleversion ADD CONSTRAINT article_decision_exists
    FOREIGN KEY (decision_number) REFERENCES charter_decision (number) DEFERRABLE INITIALLY DEFERRED;
"""

# 32 bytes, as Ed25519 and SHA-256 have them.
LENGTHS = """
ALTER TABLE charter_logkey ADD CONSTRAINT log_key_is_ed25519 CHECK (length(public) = 32);
ALTER TABLE charter_witness ADD CONSTRAINT witness_key_is_ed25519 CHECK (length(public) = 32);
ALTER TABLE charter_treehead ADD CONSTRAINT tree_head_is_sha256 CHECK (length(root) = 32);
"""

# A key and a witness only end, once.
ONLY_ENDS = """
CREATE FUNCTION charter_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before jsonb := to_jsonb(OLD); after jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(NEW) END;
BEGIN
    IF TG_OP = 'UPDATE' AND before -> TG_ARGV[0] = 'null' AND after -> TG_ARGV[0] <> 'null' THEN
        before := before - TG_ARGV[0] - 'sealed_private';
        after := after - TG_ARGV[0] - 'sealed_private';
    END IF;
    IF after IS NULL OR before <> after THEN
        PERFORM charter_refuse(TG_NAME, TG_TABLE_NAME, OLD.id::text);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER log_key_only_ends BEFORE UPDATE OR DELETE ON charter_logkey
    FOR EACH ROW EXECUTE FUNCTION charter_only_ends('retired_at');
CREATE TRIGGER witness_only_ends BEFORE UPDATE OR DELETE ON charter_witness
    FOR EACH ROW EXECUTE FUNCTION charter_only_ends('ended_at');
CREATE TRIGGER alarm_only_ends BEFORE UPDATE OR DELETE ON charter_alarm
    FOR EACH ROW EXECUTE FUNCTION charter_only_ends('ended_at');
CREATE TRIGGER log_key_kept BEFORE TRUNCATE ON charter_logkey
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("charter", "0005_log"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (WRITTEN_ONCE, WITHOUT_GAP, SAYS_THE_SAME, LENGTHS, ONLY_ENDS)
    ]
