"""What the database promises about articles: written once, by one writer, numbered without gaps."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE TRIGGER article_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON charter_articleversion
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER article_one_writer BEFORE INSERT ON charter_articleversion
    FOR EACH STATEMENT EXECUTE FUNCTION charter_one_writer();
"""

# An article's number stays its own for ever, so that "article 5" is understood years later.
IN_ORDER = """
CREATE FUNCTION charter_guard_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF NEW.number <> 1 + (SELECT count(*) FROM charter_articleversion a WHERE a.key = NEW.key) THEN
        broken := 'article_versions_without_gap';
    ELSIF EXISTS (SELECT FROM charter_articleversion a
                  WHERE (a.key = NEW.key) <> (a.position = NEW.position)) THEN
        broken := 'article_keeps_its_position';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: article %s', broken, NEW.key);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_guarded BEFORE INSERT ON charter_articleversion
    FOR EACH ROW EXECUTE FUNCTION charter_guard_article();
"""

# A length that a form alone guards is none to whoever writes by another way.
LENGTHS = """
ALTER TABLE charter_articleversion ADD CONSTRAINT article_text_length
    CHECK (length(text_en) <= 8000 AND length(text_fr) <= 8000);
"""


class Migration(migrations.Migration):
    dependencies = [("charter", "0003_articles")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(IN_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL(LENGTHS, migrations.RunSQL.noop),
    ]
