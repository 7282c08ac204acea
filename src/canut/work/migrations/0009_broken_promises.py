"""What the database promises about broken tasks: the way there, what is said once, and who loses pay."""

from django.db import migrations

# Replaces those of 0002: an assignment in hand may end as broken, which was never handed in.
TRANSITIONS = """
CREATE OR REPLACE FUNCTION work_transition_known(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (before, after) IN (
        ('held', 'submitted'), ('held', 'given_back'), ('held', 'skipped'), ('held', 'expired'), ('held', 'broken'),
        ('submitted', 'approved'), ('submitted', 'returned'), ('submitted', 'rejected'),
        ('returned', 'submitted'), ('returned', 'closed'),
        ('rejected', 'approved'))
$$;
CREATE OR REPLACE FUNCTION work_guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
BEGIN
    broken := CASE
        WHEN NEW.state NOT IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'given_back', 'skipped', 'expired',
                               'closed', 'broken')
            THEN 'assignment_state_known'
        WHEN NEW.attempt NOT IN (1, 2) THEN 'assignment_attempt_known'
        WHEN NEW.lease_until <= NEW.taken_at THEN 'assignment_lease_after_start'
        WHEN (NEW.submitted_at IS NULL) <> (NEW.state IN ('held', 'given_back', 'skipped', 'expired', 'broken'))
            THEN 'assignment_submitted_has_time'
        WHEN (NEW.ended_at IS NULL) <> (NEW.state IN ('held', 'submitted', 'returned')) THEN 'assignment_ended_has_time'
        WHEN NEW.state = 'returned' AND NEW.attempt <> 1 THEN 'assignment_returned_once'
        WHEN NEW.state = 'rejected' AND NEW.attempt <> 2 THEN 'assignment_rejected_after_return'
        WHEN NEW.held_until IS NOT NULL AND NEW.state NOT IN ('rejected', 'approved') THEN 'assignment_held_until_rejected'
        WHEN NEW.place_released AND NEW.state NOT IN ('rejected', 'approved') THEN 'assignment_released_if_rejected'
        WHEN NEW.round_id IS NOT NULL AND NEW.state IN ('returned', 'rejected') THEN 'assignment_round_never_rejected'
    END;
    IF broken IS NULL AND TG_OP = 'INSERT' THEN
        IF NEW.state <> 'held' OR NEW.attempt <> 1 THEN
            broken := 'assignment_begins_held';
        ELSIF NEW.round_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM work_place q WHERE q.project_id = NEW.project_id AND q.task_id = NEW.task_id
                AND q.number = NEW.place_number AND q.round_id = NEW.round_id) THEN
            broken := 'assignment_round_of_place';
        END IF;
    ELSIF broken IS NULL THEN
        broken := CASE
            WHEN NEW.state <> OLD.state AND NOT work_transition_known(OLD.state, NEW.state)
                THEN 'assignment_transition_known'
            WHEN NEW.project_id <> OLD.project_id OR NEW.revision_id <> OLD.revision_id OR NEW.task_id <> OLD.task_id
                OR NEW.place_number <> OLD.place_number OR NEW.worker_id <> OLD.worker_id
                OR NEW.reward_minor <> OLD.reward_minor OR NEW.seed <> OLD.seed OR NEW.taken_at <> OLD.taken_at
                OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.session_id IS DISTINCT FROM OLD.session_id
                THEN 'assignment_promise_kept'
            WHEN NEW.attempt <> OLD.attempt
                AND NOT (OLD.state = 'returned' AND NEW.state = 'submitted' AND NEW.attempt = 2)
                THEN 'assignment_attempt_by_rework'
        END;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: assignment %s', broken, NEW.id);
    END IF;
    RETURN NEW;
END $$;
"""

# A row is one of its project's tasks, and how it ended is said once; a report is of an assignment that ended
# so, and is about that assignment's row.
BELONGING = """
ALTER TABLE work_brokenrow ADD CONSTRAINT broken_row_of_project
    FOREIGN KEY (project_id, task_id) REFERENCES work_task (project_id, id);
ALTER TABLE work_brokenreport ADD CONSTRAINT broken_report_of_row
    FOREIGN KEY (row_id, task_id) REFERENCES work_brokenrow (id, task_id);
CREATE FUNCTION work_guard_broken_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'paused'
            OR (NEW.project_id, NEW.task_id, NEW.paused_at) IS DISTINCT FROM (OLD.project_id, OLD.task_id, OLD.paused_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'broken_row_ends_once', TABLE = TG_TABLE_NAME,
            MESSAGE = format('broken_row_ends_once: broken row %s', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_brokenrow_guarded BEFORE UPDATE OR DELETE ON work_brokenrow
    FOR EACH ROW EXECUTE FUNCTION work_guard_broken_row();
CREATE FUNCTION work_guard_broken_report() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM work_assignment a WHERE a.id = NEW.assignment_id AND a.state = 'broken'
                       AND a.task_id = NEW.task_id AND a.project_id = NEW.project_id AND a.worker_id = NEW.worker_id) THEN
            broken := 'broken_report_of_broken';
        ELSIF NEW.pay IN ('contested', 'paid', 'refused') THEN
            broken := 'broken_report_begins_announced';
        END IF;
    ELSIF TG_OP = 'DELETE' OR (NEW.assignment_id, NEW.row_id, NEW.project_id, NEW.task_id, NEW.worker_id, NEW.kind, NEW.words,
                               NEW.reported_at, NEW.elapsed_seconds, NEW.paid_seconds, NEW.floor_hourly_minor,
                               NEW.amount_minor, NEW.unpaid_why)
            IS DISTINCT FROM (OLD.assignment_id, OLD.row_id, OLD.project_id, OLD.task_id, OLD.worker_id, OLD.kind, OLD.words,
                              OLD.reported_at, OLD.elapsed_seconds, OLD.paid_seconds, OLD.floor_hourly_minor,
                              OLD.amount_minor, OLD.unpaid_why) THEN
        broken := 'broken_report_said_once';
    ELSIF NEW.pay <> OLD.pay AND (OLD.pay, NEW.pay) NOT IN
        (('announced', 'contested'), ('announced', 'paid'), ('contested', 'announced'), ('contested', 'paid'), ('contested', 'refused')) THEN
        broken := 'broken_report_pay_moves_on';
    ELSIF NEW.pay IN ('contested', 'refused') AND NOT EXISTS (SELECT FROM work_brokencontest c
            WHERE c.report_id = NEW.assignment_id AND (NEW.pay, c.state) IN (('contested', 'open'), ('refused', 'upheld'))) THEN
        broken := 'broken_report_held_by_contest';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: assignment %s', broken, coalesce(NEW.assignment_id, OLD.assignment_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_brokenreport_guarded BEFORE INSERT OR UPDATE OR DELETE ON work_brokenreport
    FOR EACH ROW EXECUTE FUNCTION work_guard_broken_report();
CREATE FUNCTION work_guard_broken_contest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR (NEW.report_id, NEW.opened_by_id, NEW.reason, NEW.opened_at, NEW.ends_at)
            IS DISTINCT FROM (OLD.report_id, OLD.opened_by_id, OLD.reason, OLD.opened_at, OLD.ends_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'broken_contest_said_once', TABLE = TG_TABLE_NAME,
            MESSAGE = format('broken_contest_said_once: the contest of the report of assignment %s', OLD.report_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_brokencontest_guarded BEFORE UPDATE OR DELETE ON work_brokencontest
    FOR EACH ROW EXECUTE FUNCTION work_guard_broken_contest();
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0008_broken_tasks")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TRANSITIONS, BELONGING)]
