"""A name that is hidden stays its bearer's: nobody else takes it until it comes back or is given up."""

from django.db import migrations

# After the row is written, not before: the name is given up and hidden in one transaction, and whoever waited
# for that to commit sees both.
KEPT = """
CREATE FUNCTION people_hidden_names_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM people_party p
               WHERE p.hidden_name <> '' AND lower(p.hidden_name) = lower(NEW.screen_name) AND p.id <> NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', CONSTRAINT = 'party_screen_name_unique',
            TABLE = TG_TABLE_NAME, MESSAGE = format('party_screen_name_unique: party %s', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER party_hidden_names_kept AFTER INSERT OR UPDATE OF screen_name ON people_party
    FOR EACH ROW EXECUTE FUNCTION people_hidden_names_kept();
"""

KEPT_BACK = """
DROP TRIGGER party_hidden_names_kept ON people_party;
DROP FUNCTION people_hidden_names_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0006_hidden_name")]

    operations = [migrations.RunSQL(KEPT, KEPT_BACK)]
