"""What the database promises about disputes: they go forward, nobody mediates for themselves, words stay."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION justice_dispute_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.complainant_id, NEW.other_id, NEW.project_id, NEW.topic, NEW.happened_on, NEW.words, NEW.wish,
            NEW.begun_at, NEW.complain_by)
        IS DISTINCT FROM
        (OLD.complainant_id, OLD.other_id, OLD.project_id, OLD.topic, OLD.happened_on, OLD.words, OLD.wish,
            OLD.begun_at, OLD.complain_by)
        OR NEW.direct_until > OLD.direct_until THEN
        broken := 'dispute_terms_kept';
    ELSIF (OLD.complained_at IS NOT NULL
            AND (NEW.complained_at, NEW.complaint, NEW.reply_by)
                IS DISTINCT FROM (OLD.complained_at, OLD.complaint, OLD.reply_by))
        OR (OLD.replied_at IS NOT NULL
            AND (NEW.replied_at, NEW.reply) IS DISTINCT FROM (OLD.replied_at, OLD.reply))
        OR (OLD.mediation_at IS NOT NULL AND NEW.mediation_at IS DISTINCT FROM OLD.mediation_at)
        OR (OLD.ended_at IS NOT NULL
            AND (NEW.ended_at, NEW.recommendation) IS DISTINCT FROM (OLD.ended_at, OLD.recommendation))
        OR (OLD.forgotten_at IS NOT NULL AND NEW.forgotten_at IS DISTINCT FROM OLD.forgotten_at) THEN
        broken := 'dispute_words_stay';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('direct', 'reply'), ('direct', 'settled'), ('direct', 'withdrawn'), ('direct', 'lapsed'),
        ('reply', 'mediation'), ('reply', 'settled'), ('reply', 'withdrawn'),
        ('mediation', 'settled'), ('mediation', 'recommended'), ('mediation', 'withdrawn')) THEN
        broken := 'dispute_goes_forward';
    ELSIF NEW.state = 'settled' AND OLD.state <> 'settled' AND NOT EXISTS (
        SELECT FROM justice_mediation_agreement s WHERE s.dispute_id = NEW.id
            AND s.number = (SELECT max(number) FROM justice_mediation_agreement WHERE dispute_id = NEW.id)
            AND s.complainant_agreed_at IS NOT NULL AND s.other_agreed_at IS NOT NULL) THEN
        broken := 'dispute_settled_by_both';
    ELSIF NEW.state = 'recommended' AND OLD.state <> 'recommended' AND NOT EXISTS (
        SELECT FROM justice_mediation_mandate m WHERE m.dispute_id = NEW.id AND m.until IS NULL) THEN
        broken := 'dispute_recommended_by_a_mediator';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: dispute %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispute_guarded BEFORE UPDATE ON justice_mediation_dispute
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_guard();

CREATE FUNCTION justice_dispute_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'direct' THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dispute_begins_directly',
            TABLE = TG_TABLE_NAME, MESSAGE = format('dispute_begins_directly: dispute %s', NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispute_begins BEFORE INSERT ON justice_mediation_dispute
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_begins();

CREATE FUNCTION justice_mandate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.dispute_id, NEW.mediator_id, NEW.person_id, NEW.since, NEW.due_at)
            IS DISTINCT FROM (OLD.dispute_id, OLD.mediator_id, OLD.person_id, OLD.since, OLD.due_at)
            OR (OLD.until IS NOT NULL
                AND (NEW.until, NEW."end", NEW.reason) IS DISTINCT FROM (OLD.until, OLD."end", OLD.reason)) THEN
            broken := 'mandate_kept';
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM justice_mediation_mediator m
        WHERE m.id = NEW.mediator_id AND m.person_id = NEW.person_id AND m.ended_at IS NULL) THEN
        broken := 'mandate_of_an_appointed_mediator';
    ELSIF EXISTS (
        SELECT FROM justice_mediation_dispute d LEFT JOIN people_person p ON p.id = NEW.person_id
        WHERE d.id = NEW.dispute_id AND (NEW.person_id IN (d.complainant_id, d.other_id)
            OR (d.other_id IS NULL AND p.is_operator))) THEN
        broken := 'mandate_never_a_side';
    ELSIF NOT EXISTS (
        SELECT FROM justice_mediation_dispute d WHERE d.id = NEW.dispute_id AND d.state = 'mediation') THEN
        broken := 'mandate_in_mediation';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: dispute %s', broken, NEW.dispute_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandate_guarded BEFORE INSERT OR UPDATE ON justice_mediation_mandate
    FOR EACH ROW EXECUTE FUNCTION justice_mandate_guard();

-- Whoever writes is who they say: that side of this dispute, or its mediator at that time.
CREATE FUNCTION justice_dispute_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM justice_mediation_dispute d WHERE d.id = NEW.dispute_id AND (
            (NEW.side = 'complainant' AND NEW.by_id = d.complainant_id)
            OR (NEW.side = 'other' AND NEW.by_id = d.other_id)
            OR (NEW.side = 'other' AND d.other_id IS NULL AND NEW.by_id <> d.complainant_id
                AND EXISTS (SELECT FROM people_person p WHERE p.id = NEW.by_id AND p.is_operator))
            OR (NEW.side = 'mediator' AND EXISTS (
                SELECT FROM justice_mediation_mandate m
                WHERE m.dispute_id = d.id AND m.person_id = NEW.by_id AND m.until IS NULL)))) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dispute_written_by_its_side',
            TABLE = TG_TABLE_NAME, MESSAGE = format('dispute_written_by_its_side: dispute %s', NEW.dispute_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispute_message_written BEFORE INSERT ON justice_mediation_message
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_writer();
CREATE TRIGGER dispute_file_sent BEFORE INSERT ON justice_mediation_disputefile
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_writer();
CREATE TRIGGER agreement_proposed BEFORE INSERT ON justice_mediation_agreement
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_writer();

CREATE FUNCTION justice_dispute_message_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM justice_mediation_dispute d WHERE d.id = OLD.dispute_id AND d.forgotten_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'dispute_message_stays',
            TABLE = TG_TABLE_NAME, MESSAGE = format('dispute_message_stays: message %s', OLD.id);
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER dispute_message_stays BEFORE UPDATE OR DELETE ON justice_mediation_message
    FOR EACH ROW EXECUTE FUNCTION justice_dispute_message_stays();

CREATE FUNCTION justice_agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.dispute_id, NEW.number, NEW.by_id, NEW.side, NEW.text, NEW.proposed_at)
            IS DISTINCT FROM (OLD.dispute_id, OLD.number, OLD.by_id, OLD.side, OLD.text, OLD.proposed_at)
        OR (OLD.complainant_agreed_at IS NOT NULL
            AND NEW.complainant_agreed_at IS DISTINCT FROM OLD.complainant_agreed_at)
        OR (OLD.other_agreed_at IS NOT NULL AND NEW.other_agreed_at IS DISTINCT FROM OLD.other_agreed_at) THEN
        broken := 'agreement_kept';
    ELSIF NOT EXISTS (
        SELECT FROM justice_mediation_dispute d
        WHERE d.id = NEW.dispute_id AND d.state IN ('direct', 'reply', 'mediation')) THEN
        broken := 'agreement_while_open';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: dispute %s', broken, OLD.dispute_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_guarded BEFORE UPDATE OR DELETE ON justice_mediation_agreement
    FOR EACH ROW EXECUTE FUNCTION justice_agreement_guard();

CREATE FUNCTION justice_precedent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NOT EXISTS (
            SELECT FROM justice_mediation_dispute d
            JOIN justice_mediation_mandate m ON m.dispute_id = d.id AND m.person_id = NEW.by_id AND m.until IS NULL
            WHERE d.id = NEW.dispute_id AND d.state = NEW.outcome) THEN
            broken := 'precedent_by_its_mediator';
        END IF;
    ELSIF OLD.state = 'published' THEN
        broken := 'precedent_published_stays';
    ELSIF NEW.state = 'published' AND (
        NEW.version <> OLD.version
        OR EXISTS (SELECT FROM justice_mediation_precedentanswer a
            WHERE a.precedent_id = NEW.id AND a.version = NEW.version AND a.objection <> '')
        OR (NEW.published_at < NEW.object_by
            AND (SELECT count(*) FROM justice_mediation_precedentanswer a
                WHERE a.precedent_id = NEW.id AND a.version = NEW.version) < 2)) THEN
        broken := 'precedent_published_unopposed';
    ELSIF (NEW.version, NEW.title_en, NEW.text_en, NEW.title_fr, NEW.text_fr, NEW.object_by)
            IS DISTINCT FROM (OLD.version, OLD.title_en, OLD.text_en, OLD.title_fr, OLD.text_fr, OLD.object_by)
        AND NEW.version <> OLD.version + 1 THEN
        broken := 'precedent_changed_is_a_version';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: precedent %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER precedent_guarded BEFORE INSERT OR UPDATE ON justice_mediation_precedent
    FOR EACH ROW EXECUTE FUNCTION justice_precedent_guard();

CREATE FUNCTION justice_precedent_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        broken := 'precedent_answer_stays';
    ELSIF NOT EXISTS (
        SELECT FROM justice_mediation_precedent p
        WHERE p.id = NEW.precedent_id AND p.version = NEW.version AND p.state <> 'published') THEN
        broken := 'precedent_answer_to_this_version';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: precedent %s', broken, COALESCE(NEW.precedent_id, OLD.precedent_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER precedent_answer_guarded BEFORE INSERT OR UPDATE OR DELETE ON justice_mediation_precedentanswer
    FOR EACH ROW EXECUTE FUNCTION justice_precedent_answer_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("justice_mediation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
