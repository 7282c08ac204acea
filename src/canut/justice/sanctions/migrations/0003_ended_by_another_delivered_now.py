"""Nobody ends a sanction about themselves; and its notice begins when its reasons are delivered, not before."""

from django.db import migrations, models
from django.db.models import F, Q

# A moment long past would let a sanction act at once, without its notice. A runner that is slow has its minutes.
DELIVERED_NOW = """
CREATE FUNCTION justice_sanctions_delivered_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.delivered_at < kernel_now() - interval '5 minutes' THEN
        PERFORM justice_sanctions_broken('sanction_delivered_now', format('sanction %s', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_delivered_now BEFORE UPDATE OF delivered_at ON justice_sanctions_sanction
    FOR EACH ROW WHEN (OLD.delivered_at IS NULL AND NEW.delivered_at IS NOT NULL)
    EXECUTE FUNCTION justice_sanctions_delivered_now();
"""

DELIVERED_NOW_BACK = """
DROP TRIGGER sanction_delivered_now ON justice_sanctions_sanction;
DROP FUNCTION justice_sanctions_delivered_now();
"""


class Migration(migrations.Migration):
    dependencies = [("justice_sanctions", "0002_promises")]

    operations = [
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                name="sanction_proposal_closed_by_another",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("person")),
            ),
        ),
        migrations.AddConstraint(
            "sanction",
            models.CheckConstraint(
                name="sanction_ended_by_another",
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("person")),
            ),
        ),
        migrations.RunSQL(DELIVERED_NOW, DELIVERED_NOW_BACK),
    ]
