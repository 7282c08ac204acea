"""What the database promises about guilds that are proposed: written once, and each kind changes its own."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE TRIGGER governance_guild_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalguild
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER governance_founder_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON governance_proposalfounder
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# A change sets and rewords, a founding founds, and a ratification does nothing but ask.
OF_ITS_KIND = """
CREATE FUNCTION governance_check_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM governance_proposalversion v JOIN governance_proposal p ON p.id = v.proposal_id
                   WHERE v.id = NEW.version_id AND p.kind = TG_ARGV[0]) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'proposal_changes_of_its_kind',
            MESSAGE = format('proposal_changes_of_its_kind: version %s', NEW.version_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_setting_of_change BEFORE INSERT ON governance_proposalsetting
    FOR EACH ROW EXECUTE FUNCTION governance_check_kind('change');
CREATE TRIGGER governance_article_of_change BEFORE INSERT ON governance_proposalarticle
    FOR EACH ROW EXECUTE FUNCTION governance_check_kind('change');
CREATE TRIGGER governance_guild_of_founding BEFORE INSERT ON governance_proposalguild
    FOR EACH ROW EXECUTE FUNCTION governance_check_kind('guild');
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_guilds"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(OF_ITS_KIND, migrations.RunSQL.noop),
    ]
