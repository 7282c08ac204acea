"""What the database promises about comparisons: what was asked, and who was set beside whom, stays as it was."""

from django.db import migrations

WRITTEN_ONCE = "".join(
    f"""
CREATE TRIGGER guilds_comparisons_{table}_written_once
    BEFORE UPDATE OR DELETE OR TRUNCATE ON guilds_comparisons_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""
    for table in ("comparison", "comparisonproject", "pair")
)


class Migration(migrations.Migration):
    dependencies = [("guilds_comparisons", "0001_initial"), ("kernel", "0002_promises")]

    operations = [migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop)]
