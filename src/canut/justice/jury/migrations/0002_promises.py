"""What the database promises about panels: they only end, and a vote stays as it was given."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION justice_jury_guard_panel() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'panel_stays';
    ELSIF OLD.state <> 'open' THEN
        broken := 'panel_ended_stays';
    ELSIF (NEW.case_id, NEW.number, NEW.pool, NEW.guild_id, NEW.peers, NEW.votes_needed, NEW.seats, NEW.opened_at,
           NEW.decide_by) IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.pool, OLD.guild_id, OLD.peers,
           OLD.votes_needed, OLD.seats, OLD.opened_at, OLD.decide_by) THEN
        broken := 'panel_terms_kept';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: panel %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER panel_guarded BEFORE UPDATE OR DELETE ON justice_jury_panel
    FOR EACH ROW EXECUTE FUNCTION justice_jury_guard_panel();

CREATE FUNCTION justice_jury_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'seat_stays';
    ELSIF (NEW.panel_id, NEW.person_id, NEW.task_id, NEW.offered_at)
        IS DISTINCT FROM (OLD.panel_id, OLD.person_id, OLD.task_id, OLD.offered_at) THEN
        broken := 'seat_terms_kept';
    ELSIF OLD.state = 'voted' AND (NEW.state, NEW.vote, NEW.reason, NEW.counts, NEW.ended_at)
        IS DISTINCT FROM (OLD.state, OLD.vote, OLD.reason, OLD.counts, OLD.ended_at) THEN
        broken := 'seat_vote_kept';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: seat %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_guarded BEFORE UPDATE OR DELETE ON justice_jury_seat
    FOR EACH ROW EXECUTE FUNCTION justice_jury_guard_seat();

-- A vote that counts comes from somebody who did not take part in the case, and once a case from each.
CREATE FUNCTION justice_jury_guard_juror() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF EXISTS (SELECT FROM justice_jury_panel p JOIN justice_case c ON c.id = p.case_id
               WHERE p.id = NEW.panel_id AND c.party_id = NEW.person_id) THEN
        broken := 'seat_not_ones_own_case';
    ELSIF EXISTS (SELECT FROM justice_jury_seat s JOIN justice_jury_panel other ON other.id = s.panel_id
                  JOIN justice_jury_panel this ON this.id = NEW.panel_id
                  WHERE s.person_id = NEW.person_id AND other.case_id = this.case_id) THEN
        broken := 'seat_once_a_case';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: person %s', broken, NEW.person_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_of_a_peer BEFORE INSERT ON justice_jury_seat
    FOR EACH ROW EXECUTE FUNCTION justice_jury_guard_juror();
"""


class Migration(migrations.Migration):
    dependencies = [("justice_jury", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
