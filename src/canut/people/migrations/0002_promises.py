"""What the tables cannot say by themselves: who is what, what is written once, what others may read."""

from django.db import migrations

# A person's row belongs to a party of kind "person", a body's to one of kind "body".
KINDS = """
ALTER TABLE people_person
    ADD COLUMN party_kind varchar(6) GENERATED ALWAYS AS ('person') STORED,
    ADD CONSTRAINT person_is_of_kind_person
        FOREIGN KEY (party_id, party_kind) REFERENCES people_party (id, kind);
ALTER TABLE people_body
    ADD COLUMN party_kind varchar(6) GENERATED ALWAYS AS ('body') STORED,
    ADD CONSTRAINT body_is_of_kind_body
        FOREIGN KEY (party_id, party_kind) REFERENCES people_party (id, kind);
"""

KINDS_BACK = """
ALTER TABLE people_body DROP COLUMN party_kind;
ALTER TABLE people_person DROP COLUMN party_kind;
"""

# Language codes: "fr", "pt-BR", "zh-Hant".
LANGUAGES = """
ALTER TABLE people_person ADD CONSTRAINT person_languages_shape
    CHECK (array_to_string(languages, ' ', '?') || ' ' ~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8})? )+$');
"""

LANGUAGES_BACK = "ALTER TABLE people_person DROP CONSTRAINT person_languages_shape;"

# A person is active exactly while their party is open. Checked when the transaction ends,
# since closing an account changes both rows.
CLOSING = """
CREATE FUNCTION people_closing_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint := CASE TG_TABLE_NAME WHEN 'people_party' THEN (to_jsonb(NEW)->>'id')::bigint
                                     ELSE (to_jsonb(NEW)->>'party_id')::bigint END;
BEGIN
    IF EXISTS (SELECT FROM people_person p JOIN people_party y ON y.id = p.party_id
               WHERE p.party_id = who AND p.is_active <> (y.closed_at IS NULL)) THEN
        RAISE EXCEPTION 'person % is active exactly while their party is open', who
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_active_while_party_open';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER person_active_while_party_open AFTER INSERT OR UPDATE ON people_person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_closing_agrees();
CREATE CONSTRAINT TRIGGER party_open_while_person_active AFTER UPDATE ON people_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_closing_agrees();
"""

CLOSING_BACK = """
DROP TRIGGER party_open_while_person_active ON people_party;
DROP TRIGGER person_active_while_party_open ON people_person;
DROP FUNCTION people_closing_agrees();
"""

# The books point at parties for good: none is ever deleted, and none changes its kind.
WRITTEN_ONCE = """
CREATE FUNCTION people_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once and never changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER consent_written_once BEFORE UPDATE OR DELETE ON people_consent
    FOR EACH ROW EXECUTE FUNCTION people_written_once();
CREATE TRIGGER consent_never_emptied BEFORE TRUNCATE ON people_consent
    FOR EACH STATEMENT EXECUTE FUNCTION people_written_once();
CREATE TRIGGER party_never_deleted BEFORE DELETE ON people_party
    FOR EACH ROW EXECUTE FUNCTION people_written_once();
CREATE TRIGGER party_is_what_it_is BEFORE UPDATE ON people_party
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.kind IS DISTINCT FROM NEW.kind
                       OR OLD.simulated IS DISTINCT FROM NEW.simulated
                       OR OLD.created_at IS DISTINCT FROM NEW.created_at
                       OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at)
    EXECUTE FUNCTION people_written_once();
CREATE TRIGGER key_never_deleted BEFORE DELETE ON people_apikey
    FOR EACH ROW EXECUTE FUNCTION people_written_once();
CREATE TRIGGER key_only_ends BEFORE UPDATE ON people_apikey
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.hash IS DISTINCT FROM NEW.hash
                       OR OLD.prefix IS DISTINCT FROM NEW.prefix OR OLD.scopes IS DISTINCT FROM NEW.scopes
                       OR OLD.created_at IS DISTINCT FROM NEW.created_at
                       OR OLD.expires_at IS DISTINCT FROM NEW.expires_at
                       OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
                       OR OLD.replaced_by_id <> NEW.replaced_by_id
                       OR OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS NULL)
    EXECUTE FUNCTION people_written_once();
"""

WRITTEN_ONCE_BACK = """
DROP TRIGGER key_only_ends ON people_apikey;
DROP TRIGGER key_never_deleted ON people_apikey;
DROP TRIGGER party_is_what_it_is ON people_party;
DROP TRIGGER party_never_deleted ON people_party;
DROP TRIGGER consent_never_emptied ON people_consent;
DROP TRIGGER consent_written_once ON people_consent;
DROP FUNCTION people_written_once();
"""

# The only things of this room that another room's SQL may read.
VIEWS = """
CREATE VIEW people_worker_v AS
    SELECT p.party_id AS worker_id, y.screen_name, y.simulated, p.country, p.working_status, p.languages,
           p.is_active AND p.is_worker AND p.activated_at IS NOT NULL
           AND EXISTS (SELECT FROM people_consent c WHERE c.person_id = p.party_id AND c.document = 'terms')
           AS may_work
    FROM people_person p JOIN people_party y ON y.id = p.party_id;
CREATE VIEW people_key_v AS
    SELECT hash, owner_id, scopes, coalesce(expires_at, 'infinity'::timestamptz) AS usable_until
    FROM people_apikey WHERE revoked_at IS NULL;
CREATE VIEW people_listing_v AS
    SELECT owner_id, person_id, kind FROM people_listing;
"""

VIEWS_BACK = """
DROP VIEW people_listing_v;
DROP VIEW people_key_v;
DROP VIEW people_worker_v;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(KINDS, KINDS_BACK),
        migrations.RunSQL(LANGUAGES, LANGUAGES_BACK),
        migrations.RunSQL(CLOSING, CLOSING_BACK),
        migrations.RunSQL(WRITTEN_ONCE, WRITTEN_ONCE_BACK),
        migrations.RunSQL(VIEWS, VIEWS_BACK),
    ]
