"""What the database promises about ratings, and what other rooms' SQL may read."""

from django.db import migrations

# A judgement is never changed or lost; a later one only ends its counting, once.
RATINGS = """
CREATE FUNCTION reputation_guard_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.counts_until IS NOT NULL
        OR (to_jsonb(NEW) - 'counts_until') <> (to_jsonb(OLD) - 'counts_until') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'reputation_rating_written_once',
            TABLE = TG_TABLE_NAME, MESSAGE = format('reputation_rating_written_once: rating %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reputation_rating_guarded BEFORE UPDATE OR DELETE ON reputation_rating
    FOR EACH ROW EXECUTE FUNCTION reputation_guard_rating();
CREATE TRIGGER reputation_rating_written_once BEFORE TRUNCATE ON reputation_rating
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# A value that was given is never changed or lost; it only stops counting, once. Nor does a retired
# qualification come back.
QUALIFICATIONS = """
CREATE FUNCTION reputation_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.ended_at IS NOT NULL
        OR (to_jsonb(NEW) - 'ended_at' - 'ended_as' - 'ended_reason')
            <> (to_jsonb(OLD) - 'ended_at' - 'ended_as' - 'ended_reason') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'reputation_qualificationgrant_written_once', TABLE = TG_TABLE_NAME,
            MESSAGE = format('reputation_qualificationgrant_written_once: grant %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reputation_qualificationgrant_guarded BEFORE UPDATE OR DELETE ON reputation_qualificationgrant
    FOR EACH ROW EXECUTE FUNCTION reputation_guard_grant();
CREATE TRIGGER reputation_qualificationgrant_written_once BEFORE TRUNCATE ON reputation_qualificationgrant
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE FUNCTION reputation_guard_qualification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id <> OLD.owner_id OR OLD.retired_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'reputation_qualification_stays', TABLE = TG_TABLE_NAME,
            MESSAGE = format('reputation_qualification_stays: qualification %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reputation_qualification_guarded BEFORE UPDATE ON reputation_qualification
    FOR EACH ROW EXECUTE FUNCTION reputation_guard_qualification();
"""

# `reputation_toward` says as SQL what rules_ratings.standing_toward says of stored standings: the first
# scope that has one wins. A property test compares them.
VIEWS = """
CREATE VIEW reputation_standing_v AS
    SELECT party_id, scale, scale_id, value FROM reputation_standing;
CREATE VIEW reputation_rated_v AS
    SELECT rated_id AS worker_id FROM reputation_rating WHERE side = 'worker' AND counts_until IS NULL;
CREATE VIEW reputation_regard_v AS
    SELECT g.worker_id, g.requester_id, g.latest, g.counts_since IS NOT NULL AS has_decided_work
    FROM reputation_regard g;
CREATE VIEW reputation_requester_v AS
    SELECT requester_id, workers, total FROM reputation_requesterregard;
CREATE FUNCTION reputation_toward(worker bigint, requester bigint, project_group bigint, unrated numeric)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT s.value FROM reputation_standing s
         WHERE s.party_id = worker AND s.scale = 'project_group' AND s.scale_id = project_group),
        (SELECT s.value FROM reputation_standing s
         WHERE s.party_id = worker AND s.scale = 'requester' AND s.scale_id = requester),
        (SELECT s.value FROM reputation_standing s
         WHERE s.party_id = worker AND s.scale = 'platform' AND s.scale_id = 0),
        unrated)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("reputation", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (RATINGS, QUALIFICATIONS, VIEWS)]
