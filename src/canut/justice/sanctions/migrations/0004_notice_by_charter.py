"""A sanction takes effect when its notice by the charter is over, not an hour before: the database counts too."""

from django.db import migrations

# What holds for all and what holds for the country, each as decided and by law: the longest counts, as
# `in_force` has it for a parameter that favours the higher. Before there is any, an hour is the least there can be.
NOTICE = """
CREATE FUNCTION justice_sanctions_notice(who bigint, moment timestamptz) RETURNS interval LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(hours), 1) * interval '1 hour' FROM (
        SELECT DISTINCT ON (e.scope_kind, e.kind = 'law') (e.new_value #>> '{}')::numeric AS hours
        FROM charter_charterentry e
        WHERE e.parameter = 'sanction.notice_hours' AND e.effective_at <= moment
          AND (e.scope_kind = 'site' OR (e.scope_kind = 'country' AND e.scope_key = (
               SELECT p.country FROM people_person p WHERE p.party_id = who)))
        ORDER BY e.scope_kind, e.kind = 'law', e.effective_at DESC, e.id DESC) latest
$$;
"""

# A runner may not have seen yet what took effect within the last minutes.
KEPT = """
CREATE FUNCTION justice_sanctions_notice_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.takes_effect_at < NEW.delivered_at + least(
            justice_sanctions_notice(NEW.person_id, NEW.delivered_at),
            justice_sanctions_notice(NEW.person_id, NEW.delivered_at - interval '5 minutes')) THEN
        PERFORM justice_sanctions_broken('sanction_notice_kept', format('sanction %s', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_notice_kept BEFORE UPDATE OF delivered_at ON justice_sanctions_sanction
    FOR EACH ROW WHEN (OLD.delivered_at IS NULL AND NEW.delivered_at IS NOT NULL)
    EXECUTE FUNCTION justice_sanctions_notice_kept();
"""

BACK = """
DROP TRIGGER sanction_notice_kept ON justice_sanctions_sanction;
DROP FUNCTION justice_sanctions_notice_kept();
DROP FUNCTION justice_sanctions_notice(bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("justice_sanctions", "0003_ended_by_another_delivered_now"),
        ("charter", "0002_promises"),
    ]

    operations = [migrations.RunSQL([NOTICE, KEPT], BACK)]
