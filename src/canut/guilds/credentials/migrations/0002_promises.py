"""What the database promises about keys and credentials: what was said stays said."""

from django.db import migrations

# A trigger of one name a table, which says what alone may change in it.
GUARD = """
CREATE FUNCTION guilds_credentials_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(NEW) END;
    field text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Set once, and then for good; what is emptied stays empty.
        FOREACH field IN ARRAY string_to_array(TG_ARGV[0], ' ') LOOP
            IF before -> field = 'null' OR before -> field = after -> field THEN
                before := before - field; after := after - field;
            END IF;
        END LOOP;
        FOREACH field IN ARRAY string_to_array(TG_ARGV[1], ' ') LOOP
            IF after -> field = 'null' OR before -> field = after -> field THEN
                before := before - field; after := after - field;
            END IF;
        END LOOP;
    END IF;
    IF after IS NULL OR before <> after THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME,
            TABLE = TG_TABLE_NAME, MESSAGE = format('%s: row %s', TG_NAME, OLD);
    END IF;
    RETURN NEW;
END $$;
"""

# The columns that may be set once, and those that may be emptied once.
TABLES = [
    ("issuerkey", "issuer_key_stays", "UPDATE OR DELETE", "retired_at withdrawn_at", "sealed_private"),
    ("issuedcredential", "credential_stays", "UPDATE OR DELETE", "revoked_at revoked_for", "holder_id"),
    ("statuslist", "status_list_stays", "UPDATE OR DELETE", "", ""),
    ("subjectkey", "subject_key_only_ends", "UPDATE", "ended_at", ""),
]

TRIGGERS = "".join(
    f"""
CREATE TRIGGER {name} BEFORE {when} ON guilds_credentials_{table}
    FOR EACH ROW EXECUTE FUNCTION guilds_credentials_guard('{once}', '{emptied}');
CREATE TRIGGER {name.rpartition("_")[0]}_kept BEFORE TRUNCATE ON guilds_credentials_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
    for table, name, when, once, emptied in TABLES
)


SHOWN = """
ALTER TABLE guilds_credentials_shownbadge ADD CONSTRAINT shown_badge_is_ones_own
    FOREIGN KEY (credential_id, holder_id) REFERENCES guilds_credentials_issuedcredential (id, holder_id);
"""


class Migration(migrations.Migration):
    dependencies = [("guilds_credentials", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (GUARD, TRIGGERS, SHOWN)]
