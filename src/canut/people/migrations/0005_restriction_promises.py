"""What somebody may not do now: where the database and the rules both look, and what each view leaves out."""

from django.db import migrations

HOLDING = """
CREATE VIEW people_restriction_v AS
    SELECT person_id, bars, sanction_id, since, until
    FROM people_restriction
    WHERE lifted_at IS NULL AND since <= kernel_now() AND coalesce(until, 'infinity') > kernel_now()
      AND coalesce(lapses_at, 'infinity') > kernel_now();
"""

HOLDING_BACK = "DROP VIEW people_restriction_v;"

OBEYED = """
CREATE OR REPLACE VIEW people_worker_v AS
    SELECT p.party_id AS worker_id, y.screen_name, y.simulated, p.country, p.working_status, p.languages,
           p.is_active AND p.is_worker AND p.activated_at IS NOT NULL
           AND EXISTS (SELECT FROM people_consent c WHERE c.person_id = p.party_id AND c.document = 'terms')
           AND NOT EXISTS (SELECT FROM people_restriction_v r WHERE r.person_id = p.party_id AND 'take' = ANY (r.bars))
           AS may_work
    FROM people_person p JOIN people_party y ON y.id = p.party_id;
CREATE OR REPLACE VIEW people_key_v AS
    SELECT hash, owner_id, scopes, coalesce(expires_at, 'infinity'::timestamptz) AS usable_until
    FROM people_apikey k WHERE revoked_at IS NULL
      AND NOT EXISTS (SELECT FROM people_restriction_v r WHERE r.person_id = k.owner_id AND 'sign_in' = ANY (r.bars));
"""

OBEYED_BACK = """
CREATE OR REPLACE VIEW people_key_v AS
    SELECT hash, owner_id, scopes, coalesce(expires_at, 'infinity'::timestamptz) AS usable_until
    FROM people_apikey WHERE revoked_at IS NULL;
CREATE OR REPLACE VIEW people_worker_v AS
    SELECT p.party_id AS worker_id, y.screen_name, y.simulated, p.country, p.working_status, p.languages,
           p.is_active AND p.is_worker AND p.activated_at IS NOT NULL
           AND EXISTS (SELECT FROM people_consent c WHERE c.person_id = p.party_id AND c.document = 'terms')
           AS may_work
    FROM people_person p JOIN people_party y ON y.id = p.party_id;
"""

# An account ends by its own holder's word alone. What an operator decides is a sanction, which ends nothing for good.
CLOSED_BY_ITS_HOLDER = """
CREATE FUNCTION people_closed_by_its_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'person' AND NOT EXISTS (
            SELECT FROM kernel_event e
            WHERE e.name = 'account.closed' AND e.subject_kind = 'party' AND e.subject_id = NEW.id AND e.by_id = NEW.id) THEN
        RAISE EXCEPTION 'only its holder closes the account of party %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'party_closed_by_its_holder', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER party_closed_by_its_holder AFTER UPDATE OF closed_at ON people_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION people_closed_by_its_holder();
"""

CLOSED_BY_ITS_HOLDER_BACK = """
DROP TRIGGER party_closed_by_its_holder ON people_party;
DROP FUNCTION people_closed_by_its_holder();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_restriction"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(HOLDING, HOLDING_BACK),
        migrations.RunSQL(OBEYED, OBEYED_BACK),
        migrations.RunSQL(CLOSED_BY_ITS_HOLDER, CLOSED_BY_ITS_HOLDER_BACK),
    ]
