"""What no script and no shell can go round: who may decide, what was decided stays, nothing acts undelivered.

A sanction reaches anybody only through the rows that other rooms obey (`people_restriction`,
`ledger_paymentrefusal`). The triggers here let such a row in only for a sanction of the right kind that a
person decided and that was delivered, and only with the moments that stand in it.
"""

from django.db import migrations

BROKEN = """
CREATE FUNCTION justice_sanctions_broken(promise text, told text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = promise,
        MESSAGE = format('%s: %s', promise, told);
END $$;
"""

# A named person who runs the site; nobody is one who is simulated, closed or shut out.
BY_A_PERSON = """
CREATE FUNCTION justice_sanctions_runs_the_site(who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM people_person p JOIN people_party y ON y.id = p.party_id
                   WHERE p.party_id = who AND p.is_operator AND p.is_active AND NOT y.simulated)
       AND NOT EXISTS (SELECT FROM people_restriction_v r WHERE r.person_id = who AND 'sign_in' = ANY (r.bars))
$$;
CREATE FUNCTION justice_sanctions_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT justice_sanctions_runs_the_site(NEW.decided_by_id) THEN
        PERFORM justice_sanctions_broken('sanction_by_an_operator', format('party %s runs no site', NEW.decided_by_id));
    END IF;
    IF NEW.delivered_at IS NOT NULL OR NEW.ended_at IS NOT NULL THEN
        PERFORM justice_sanctions_broken('sanction_begins_undelivered', 'it is decided, then delivered, then ended');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_by_an_operator BEFORE INSERT ON justice_sanctions_sanction
    FOR EACH ROW EXECUTE FUNCTION justice_sanctions_decided();
"""

KEPT = """
CREATE FUNCTION justice_sanctions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.person_id, NEW.kind, NEW.bars, NEW.days, NEW.currency, NEW.amount_minor, NEW.ground, NEW.evidence,
        NEW.reason, NEW.proposal_id, NEW.decided_by_id, NEW.decided_at)
       IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.kind, OLD.bars, OLD.days, OLD.currency, OLD.amount_minor,
        OLD.ground, OLD.evidence, OLD.reason, OLD.proposal_id, OLD.decided_by_id, OLD.decided_at) THEN
        PERFORM justice_sanctions_broken('sanction_terms_kept', format('sanction %s', OLD.id));
    END IF;
    IF OLD.delivered_at IS NOT NULL AND (NEW.delivered_at, NEW.delivered_how, NEW.statement, NEW.takes_effect_at, NEW.ends_at)
       IS DISTINCT FROM (OLD.delivered_at, OLD.delivered_how, OLD.statement, OLD.takes_effect_at, OLD.ends_at) THEN
        PERFORM justice_sanctions_broken('sanction_delivered_once', format('sanction %s', OLD.id));
    END IF;
    IF OLD.delivered_at IS NULL AND NEW.delivered_at > kernel_now() THEN
        PERFORM justice_sanctions_broken('sanction_delivered_already', format('sanction %s', OLD.id));
    END IF;
    IF OLD.delivered_at IS NULL AND NEW.delivered_at IS NOT NULL AND NEW.days IS NOT NULL
       AND NEW.ends_at IS DISTINCT FROM NEW.takes_effect_at + make_interval(hours => 24 * NEW.days) THEN
        PERFORM justice_sanctions_broken('sanction_as_long_as_decided', format('sanction %s', OLD.id));
    END IF;
    IF OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_how, NEW.ended_by_id, NEW.end_reason)
       IS DISTINCT FROM (OLD.ended_at, OLD.ended_how, OLD.ended_by_id, OLD.end_reason) THEN
        PERFORM justice_sanctions_broken('sanction_ends_once', format('sanction %s', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_terms_kept BEFORE UPDATE ON justice_sanctions_sanction
    FOR EACH ROW EXECUTE FUNCTION justice_sanctions_kept();
CREATE TRIGGER justice_sanctions_sanction_written_once BEFORE DELETE OR TRUNCATE ON justice_sanctions_sanction
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER justice_sanctions_answer_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON justice_sanctions_answer
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER justice_sanctions_sanctionfile_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON justice_sanctions_sanctionfile
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER justice_sanctions_review_written_once BEFORE DELETE OR TRUNCATE ON justice_sanctions_review
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# Another person, in time, once.
REVIEWED = """
CREATE FUNCTION justice_sanctions_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about justice_sanctions_sanction;
BEGIN
    SELECT * INTO about FROM justice_sanctions_sanction s WHERE s.id = NEW.sanction_id;
    IF TG_OP = 'INSERT' AND (about.delivered_at IS NULL OR about.ended_at IS NOT NULL OR NEW.outcome <> '') THEN
        PERFORM justice_sanctions_broken('sanction_review_of_one_that_holds', format('sanction %s', about.id));
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.sanction_id, NEW.words, NEW.asked_at, NEW.review_by)
       IS DISTINCT FROM (OLD.sanction_id, OLD.words, OLD.asked_at, OLD.review_by) THEN
        PERFORM justice_sanctions_broken('sanction_review_terms_kept', format('sanction %s', about.id));
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.outcome <> '' AND (NEW.outcome, NEW.reviewer_id, NEW.reason, NEW.reviewed_at)
       IS DISTINCT FROM (OLD.outcome, OLD.reviewer_id, OLD.reason, OLD.reviewed_at) THEN
        PERFORM justice_sanctions_broken('sanction_reviewed_once', format('sanction %s', about.id));
    END IF;
    IF NEW.reviewer_id IN (about.decided_by_id, about.person_id) THEN
        PERFORM justice_sanctions_broken('sanction_review_by_another', format('sanction %s', about.id));
    END IF;
    IF NEW.reviewer_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.reviewer_id IS NULL)
       AND NOT justice_sanctions_runs_the_site(NEW.reviewer_id) THEN
        PERFORM justice_sanctions_broken('sanction_review_by_an_operator', format('sanction %s', about.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_review_guarded BEFORE INSERT OR UPDATE ON justice_sanctions_review
    FOR EACH ROW EXECUTE FUNCTION justice_sanctions_reviewed();
"""

# The rows that other rooms obey.
EFFECTS = """
ALTER TABLE people_restriction
    ADD CONSTRAINT restriction_of_a_sanction FOREIGN KEY (sanction_id) REFERENCES justice_sanctions_sanction (id);
ALTER TABLE ledger_paymentrefusal
    ADD CONSTRAINT payment_refusal_of_a_sanction FOREIGN KEY (sanction_id) REFERENCES justice_sanctions_sanction (id);

CREATE FUNCTION justice_sanctions_restricts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
            SELECT FROM justice_sanctions_sanction s
            WHERE s.id = NEW.sanction_id AND s.person_id = NEW.person_id AND s.ended_at IS NULL
              AND s.delivered_at <= kernel_now() AND s.kind IN ('restrict', 'suspend', 'close')
              AND s.bars = NEW.bars AND s.takes_effect_at = NEW.since AND s.ends_at IS NOT DISTINCT FROM NEW.until) THEN
        PERFORM justice_sanctions_broken('restriction_by_sanction', format('person %s', NEW.person_id));
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.person_id, NEW.sanction_id, NEW.bars, NEW.since, NEW.until)
            IS DISTINCT FROM (OLD.person_id, OLD.sanction_id, OLD.bars, OLD.since, OLD.until)
            OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at)) THEN
        PERFORM justice_sanctions_broken('restriction_only_ends', format('person %s', OLD.person_id));
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM justice_sanctions_lapse_kept(NEW.sanction_id, OLD.lapses_at, NEW.lapses_at);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION justice_sanctions_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
            SELECT FROM justice_sanctions_sanction s
            WHERE s.id = NEW.sanction_id AND s.person_id = NEW.party_id AND s.ended_at IS NULL
              AND s.delivered_at <= kernel_now() AND s.kind = 'refuse_payment'
              AND s.currency = NEW.currency AND s.amount_minor IS NOT DISTINCT FROM NEW.amount_minor
              AND s.takes_effect_at = NEW.since) THEN
        PERFORM justice_sanctions_broken('payment_refusal_by_sanction', format('party %s', NEW.party_id));
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.party_id, NEW.sanction_id, NEW.currency, NEW.amount_minor, NEW.since)
            IS DISTINCT FROM (OLD.party_id, OLD.sanction_id, OLD.currency, OLD.amount_minor, OLD.since)
            OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at)) THEN
        PERFORM justice_sanctions_broken('payment_refusal_only_ends', format('party %s', OLD.party_id));
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM justice_sanctions_lapse_kept(NEW.sanction_id, OLD.lapses_at, NEW.lapses_at);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION justice_sanctions_lapse_kept(about bigint, was timestamptz, becomes timestamptz) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF was IS NOT NULL AND (becomes IS NULL OR becomes > was) AND NOT EXISTS (
            SELECT FROM justice_sanctions_review r WHERE r.sanction_id = about AND r.outcome = 'stands') THEN
        PERFORM justice_sanctions_broken('sanction_lapses_unless_reviewed', format('sanction %s', about));
    END IF;
END $$;
CREATE TRIGGER restriction_by_sanction BEFORE INSERT OR UPDATE ON people_restriction
    FOR EACH ROW EXECUTE FUNCTION justice_sanctions_restricts();
CREATE TRIGGER payment_refusal_by_sanction BEFORE INSERT OR UPDATE ON ledger_paymentrefusal
    FOR EACH ROW EXECUTE FUNCTION justice_sanctions_refuses();
CREATE TRIGGER people_restriction_written_once BEFORE DELETE OR TRUNCATE ON people_restriction
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER ledger_paymentrefusal_written_once BEFORE DELETE OR TRUNCATE ON ledger_paymentrefusal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# When the transaction ends: nothing of an ended sanction is left, and one that waits for its review lapses without it.
AGREE = """
CREATE FUNCTION justice_sanctions_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint := CASE TG_TABLE_NAME WHEN 'justice_sanctions_sanction' THEN (to_jsonb(NEW)->>'id')::bigint
                                       ELSE (to_jsonb(NEW)->>'sanction_id')::bigint END;
    ended timestamptz;
    waits_until timestamptz;
BEGIN
    SELECT s.ended_at, r.review_by INTO ended, waits_until
        FROM justice_sanctions_sanction s
        LEFT JOIN justice_sanctions_review r ON r.sanction_id = s.id AND r.outcome = '' WHERE s.id = about;
    IF ended IS NOT NULL AND (
            EXISTS (SELECT FROM people_restriction e WHERE e.sanction_id = about AND e.lifted_at IS NULL)
            OR EXISTS (SELECT FROM ledger_paymentrefusal e WHERE e.sanction_id = about AND e.lifted_at IS NULL)) THEN
        PERFORM justice_sanctions_broken('sanction_ended_bars_nothing', format('sanction %s', about));
    END IF;
    IF ended IS NULL AND waits_until IS NOT NULL AND (
            EXISTS (SELECT FROM people_restriction e WHERE e.sanction_id = about AND e.lapses_at IS DISTINCT FROM waits_until)
            OR EXISTS (SELECT FROM ledger_paymentrefusal e
                       WHERE e.sanction_id = about AND e.lapses_at IS DISTINCT FROM waits_until)) THEN
        PERFORM justice_sanctions_broken('sanction_waits_for_its_review', format('sanction %s', about));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sanction_ended_bars_nothing AFTER UPDATE OF ended_at ON justice_sanctions_sanction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION justice_sanctions_agree();
CREATE CONSTRAINT TRIGGER sanction_waits_for_its_review AFTER INSERT ON justice_sanctions_review
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION justice_sanctions_agree();
CREATE CONSTRAINT TRIGGER restriction_agrees AFTER INSERT OR UPDATE ON people_restriction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION justice_sanctions_agree();
CREATE CONSTRAINT TRIGGER payment_refusal_agrees AFTER INSERT OR UPDATE ON ledger_paymentrefusal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION justice_sanctions_agree();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("justice_sanctions", "0001_initial"),
        ("people", "0005_restriction_promises"),
        ("ledger", "0004_payment_refusal_promises"),
    ]

    operations = [
        migrations.RunSQL(BROKEN, migrations.RunSQL.noop),
        migrations.RunSQL(BY_A_PERSON, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(REVIEWED, migrations.RunSQL.noop),
        migrations.RunSQL(EFFECTS, migrations.RunSQL.noop),
        migrations.RunSQL(AGREE, migrations.RunSQL.noop),
    ]
