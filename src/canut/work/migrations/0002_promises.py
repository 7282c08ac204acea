"""What the database promises about work: who belongs to what, which ways lead on, what never changes."""

from django.db import migrations

# Each row of the hot path hangs on its parent together with the project, so none can be mixed up.
BELONGING = """
ALTER TABLE work_task ADD CONSTRAINT task_revision_of_project
    FOREIGN KEY (revision_id, project_id) REFERENCES work_revision (id, project_id);
ALTER TABLE work_place ADD CONSTRAINT place_of_task
    FOREIGN KEY (project_id, task_id) REFERENCES work_task (project_id, id);
ALTER TABLE work_assignment
    ADD CONSTRAINT assignment_of_place
        FOREIGN KEY (project_id, task_id, place_number) REFERENCES work_place (project_id, task_id, number),
    ADD CONSTRAINT assignment_revision_of_project
        FOREIGN KEY (revision_id, project_id) REFERENCES work_revision (id, project_id);
ALTER TABLE work_submission ADD CONSTRAINT submission_of_assignment
    FOREIGN KEY (assignment_id) REFERENCES work_assignment (id);
"""

# The same table as canut.work.states.TRANSITIONS; a test compares them.
TRANSITIONS = """
CREATE FUNCTION work_transition_known(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (before, after) IN (
        ('held', 'submitted'), ('held', 'given_back'), ('held', 'skipped'), ('held', 'expired'),
        ('submitted', 'approved'), ('submitted', 'returned'), ('submitted', 'rejected'),
        ('returned', 'submitted'), ('returned', 'closed'),
        ('rejected', 'approved'))
$$;
CREATE FUNCTION work_guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
BEGIN
    broken := CASE
        WHEN NEW.state NOT IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'given_back', 'skipped', 'expired', 'closed')
            THEN 'assignment_state_known'
        WHEN NEW.attempt NOT IN (1, 2) THEN 'assignment_attempt_known'
        WHEN NEW.lease_until <= NEW.taken_at THEN 'assignment_lease_after_start'
        WHEN (NEW.submitted_at IS NULL) <> (NEW.state IN ('held', 'given_back', 'skipped', 'expired'))
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
CREATE TRIGGER work_assignment_guarded BEFORE INSERT OR UPDATE ON work_assignment
    FOR EACH ROW EXECUTE FUNCTION work_guard_assignment();
"""

# Pausing and resuming aside, a project's life runs one way; what was published is never edited.
PROJECTS = """
CREATE FUNCTION work_guard_project() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
        (('draft', 'live'), ('draft', 'closed'), ('live', 'paused'), ('paused', 'live'), ('live', 'closed'), ('paused', 'closed'))
        AND NOT (OLD.state = 'closed' AND NEW.state = 'paused' AND EXISTS (
            SELECT FROM work_withdrawal w WHERE w.project_id = OLD.id AND w.appeal = 'overturned'
                                            AND w.withdrawn_at = OLD.closed_at)) THEN
        broken := 'project_transition_known';
    ELSIF (NEW.owner_id, NEW.created_at) IS DISTINCT FROM (OLD.owner_id, OLD.created_at)
        OR (OLD.published_at IS NOT NULL AND (NEW.kind, NEW.pay_basis, NEW.currency, NEW.fund, NEW.published_at)
            IS DISTINCT FROM (OLD.kind, OLD.pay_basis, OLD.currency, OLD.fund, OLD.published_at)) THEN
        broken := 'project_terms_kept';
    ELSIF NEW.round_id IS NOT NULL AND NEW.round_id IS DISTINCT FROM OLD.round_id AND NOT EXISTS (
        SELECT FROM work_round r WHERE r.id = NEW.round_id AND r.project_id = NEW.id AND r.state = 'running') THEN
        broken := 'project_round_is_running';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: project %s cannot go from %s to %s', broken, OLD.id, OLD.state, NEW.state);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_project_guarded BEFORE UPDATE ON work_project
    FOR EACH ROW EXECUTE FUNCTION work_guard_project();
CREATE FUNCTION work_guard_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR
        (NEW.project_id, NEW.number, NEW.design, NEW.reward_minor, NEW.expected_seconds, NEW.lease_seconds, NEW.answers_per_task, NEW.published_at,
         NEW.hourly_minor, NEW.session_most_seconds, NEW.design_hash)
        IS DISTINCT FROM
        (OLD.project_id, OLD.number, OLD.design, OLD.reward_minor, OLD.expected_seconds, OLD.lease_seconds, OLD.answers_per_task, OLD.published_at,
         OLD.hourly_minor, OLD.session_most_seconds, OLD.design_hash)) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'revision_frozen', TABLE = TG_TABLE_NAME,
            MESSAGE = format('revision_frozen: revision %s is published and never changes', OLD.id);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.paid_upto < OLD.paid_upto THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'revision_paid_stays_paid', TABLE = TG_TABLE_NAME,
            MESSAGE = format('revision_paid_stays_paid: money is set aside for tasks of revision %s up to position %s', OLD.id, OLD.paid_upto);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER work_revision_guarded BEFORE UPDATE OR DELETE ON work_revision
    FOR EACH ROW EXECUTE FUNCTION work_guard_revision();
"""

# A round belongs to a revision of its project and is decided once; places are opened for a round of theirs.
ROUNDS = """
ALTER TABLE work_round ADD CONSTRAINT round_revision_of_project
    FOREIGN KEY (revision_id, project_id) REFERENCES work_revision (id, project_id);
ALTER TABLE work_place ADD CONSTRAINT place_round_of_project
    FOREIGN KEY (round_id, project_id) REFERENCES work_round (id, project_id);
CREATE FUNCTION work_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF (NEW.project_id, NEW.revision_id, NEW.number, NEW.tasks, NEW.workers_a_task, NEW.places, NEW.most_per_worker,
        NEW.covers_tasks, NEW.opened_at)
        IS DISTINCT FROM
       (OLD.project_id, OLD.revision_id, OLD.number, OLD.tasks, OLD.workers_a_task, OLD.places, OLD.most_per_worker,
        OLD.covers_tasks, OLD.opened_at) THEN
        broken := 'round_frozen';
    ELSIF OLD.state <> 'running' AND (NEW.state, NEW.decided_at) IS DISTINCT FROM (OLD.state, OLD.decided_at) THEN
        broken := 'round_decided_once';
    ELSIF OLD.launched_at IS NOT NULL AND NEW.launched_at IS DISTINCT FROM OLD.launched_at THEN
        broken := 'round_launched_once';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: round %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_round_guarded BEFORE UPDATE ON work_round
    FOR EACH ROW EXECUTE FUNCTION work_guard_round();
CREATE FUNCTION work_guard_round_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM work_assignment a WHERE a.round_id = NEW.round_id AND a.worker_id = NEW.worker_id
                   AND a.state IN ('submitted', 'approved')) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'round_feedback_of_its_worker', TABLE = TG_TABLE_NAME,
            MESSAGE = format('round_feedback_of_its_worker: %s handed in nothing in round %s', NEW.worker_id, NEW.round_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_roundfeedback_guarded BEFORE INSERT OR UPDATE ON work_roundfeedback
    FOR EACH ROW EXECUTE FUNCTION work_guard_round_feedback();
"""

# What a volunteer project pays and what a paid one must.
REWARDS = """
CREATE FUNCTION work_reward_fits_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fits boolean;
BEGIN
    SELECT CASE WHEN p.kind <> 'paid' THEN NEW.reward_minor = 0 AND NEW.hourly_minor = 0
                WHEN p.pay_basis = 'hour' THEN NEW.reward_minor = 0 AND NEW.hourly_minor > 0
                ELSE NEW.reward_minor > 0 AND NEW.hourly_minor = 0 END
        INTO fits FROM work_project p WHERE p.id = NEW.project_id;
    IF NEW.published_at IS NOT NULL AND NOT fits THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'revision_reward_fits_kind', TABLE = TG_TABLE_NAME,
            MESSAGE = 'revision_reward_fits_kind: paid work has a reward or an hourly rate, and volunteer work neither';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_revision_reward BEFORE INSERT OR UPDATE ON work_revision
    FOR EACH ROW EXECUTE FUNCTION work_reward_fits_kind();
"""

# What guarded projects ask beside what all ask; the same as canut.work.rules.may_take, which a property
# test compares. In a function of its own, so that the hot statement pays for it only where it applies.
ENTRY = """
CREATE FUNCTION work_standing_suffices(comparator text, standing numeric, asked numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE comparator
        WHEN 'exists' THEN standing IS NOT NULL
        WHEN 'missing' THEN standing IS NULL
        WHEN 'not_equal_to' THEN coalesce(standing <> asked, true)
        ELSE coalesce(CASE comparator
            WHEN 'at_least' THEN standing >= asked
            WHEN 'at_most' THEN standing <= asked
            WHEN 'more_than' THEN standing > asked
            WHEN 'less_than' THEN standing < asked
            WHEN 'equal_to' THEN standing = asked END, false) END
$$;
CREATE FUNCTION work_session_of(project bigint, worker bigint, at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT s.id FROM work_worksession s
    WHERE s.worker_id = worker AND s.project_id = project AND s.closed_at IS NULL AND s.ends_at > at
      AND NOT EXISTS (SELECT FROM work_workbreak b WHERE b.session_id = s.id AND b.ended_at IS NULL)
$$;
CREATE FUNCTION work_standings_suffice(project bigint, worker bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM work_requirement q
        LEFT JOIN reputation_standing_v s ON s.party_id = worker AND s.scale = q.scale AND s.scale_id = q.scale_id
        WHERE q.project_id = project AND NOT work_standing_suffices(q.comparator, s.value, q.value))
$$;
CREATE FUNCTION work_meets_terms(project bigint, worker bigint, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (NOT p.allowed_only OR EXISTS (SELECT FROM people_listing_v l WHERE l.owner_id = p.owner_id
                                          AND l.person_id = worker AND l.kind = 'allow'))
       AND (p.risks = '{}' OR EXISTS (SELECT FROM work_workerchoice c
                                      WHERE c.worker_id = worker AND p.risks <@ c.accepted_risks))
       AND (NOT p.asks_standings OR work_standings_suffice(project, worker))
       AND (p.pay_basis <> 'hour' OR work_session_of(project, worker, at) IS NOT NULL)
       AND (p.round_id IS NULL
            OR (SELECT count(*) FROM work_assignment a WHERE a.worker_id = worker AND a.round_id = p.round_id
                AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed')) < p.round_most)
    FROM work_project p WHERE p.id = project
$$;
CREATE FUNCTION work_has_stayed(project bigint, worker bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM work_assignment a
        JOIN work_place q ON q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
        WHERE a.worker_id = worker AND a.project_id = project AND a.submitted_at IS NOT NULL AND a.round_id IS NULL
          AND NOT q.for_newcomers
          AND a.revision_id = (SELECT r.id FROM work_revision r WHERE r.project_id = project
                               AND r.published_at IS NOT NULL ORDER BY r.number DESC LIMIT 1))
$$;
CREATE FUNCTION work_cascade_lets_in(project bigint, worker bigint, unrated numeric) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p.threshold IS NULL OR p.round_id IS NOT NULL
        OR reputation_toward(worker, p.owner_id, p.group_id, unrated) >= p.threshold
        OR work_has_stayed(project, worker)
    FROM work_project p WHERE p.id = project
$$;
CREATE FUNCTION work_may_enter(project bigint, worker bigint, at timestamptz, unrated numeric)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT work_meets_terms(project, worker, at) AND work_cascade_lets_in(project, worker, unrated)
$$;
CREATE FUNCTION work_newcomers_taken(project bigint, worker bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM work_assignment a
    JOIN work_place q ON q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
    WHERE a.worker_id = worker AND a.project_id = project AND q.for_newcomers
      AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed')
$$;
CREATE FUNCTION work_may_enter_as_newcomer(project bigint, worker bigint, at timestamptz, first_beat int, most int)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p.threshold IS NOT NULL AND p.round_id IS NULL AND p.cascade_beat >= first_beat
       AND NOT EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = worker)
       AND work_newcomers_taken(project, worker) < most
       AND work_meets_terms(project, worker, at)
    FROM work_project p WHERE p.id = project
$$;
"""

# Who may take one task: by the assignments that its row names (canut.work.designs.displays.Takers, which a
# property test compares), and by its audience. It costs more than all else that the claim asks, so it is
# asked last.
TAKERS = """
CREATE FUNCTION work_is_of_audience(task bigint, worker bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM work_taskaudience u WHERE u.task_id = task)
        OR (NOT EXISTS (SELECT FROM work_taskbar b WHERE b.task_id = task AND b.worker_id = worker)
            AND NOT EXISTS (SELECT FROM work_assignment a WHERE a.task_id = task AND a.worker_id = worker
                            AND a.state IN ('given_back', 'skipped'))
            AND (EXISTS (SELECT FROM work_taskoffer o WHERE o.task_id = task AND o.worker_id = worker)
                 OR EXISTS (SELECT FROM work_taskaudience u
                            JOIN reputation_standing_v s ON s.party_id = worker AND s.scale = u.scale
                                                        AND s.scale_id = u.scale_id
                            WHERE u.task_id = task AND s.value >= u.least AND s.value <= coalesce(u.most, s.value))))
$$;
CREATE FUNCTION work_task_is_for(task bigint, worker bigint) RETURNS boolean LANGUAGE sql STABLE COST 10000 AS $$
    SELECT work_is_of_audience(task, worker) AND NOT EXISTS (
        SELECT FROM work_task t
        JOIN work_revision r ON r.id = t.revision_id
        JOIN work_project p ON p.id = t.project_id
        CROSS JOIN jsonb_array_elements(r.design -> 'items') item
        WHERE t.id = task AND item ->> 'type' = 'takers'
          AND (coalesce(item ->> 'rule', 'not_in') = 'in') <> EXISTS (
              SELECT FROM regexp_matches(t.row ->> (item ->> 'column'), '[0-9]+', 'g') named
              JOIN work_assignment a ON a.id = CASE WHEN length(named[1]) < 19 THEN named[1]::bigint END
              JOIN work_project other ON other.id = a.project_id AND other.owner_id = p.owner_id
              WHERE a.worker_id = worker))
$$;
"""

# What a project asks of standings is known by its own row, so that the claim looks further only where it must.
REQUIREMENTS = """
CREATE FUNCTION work_keep_asks_standings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.project_id] WHEN 'DELETE' THEN ARRAY[OLD.project_id]
                                        ELSE ARRAY[NEW.project_id, OLD.project_id] END LOOP
        UPDATE work_project p SET asks_standings = EXISTS (SELECT FROM work_requirement q WHERE q.project_id = p.id)
        WHERE p.id = touched;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER work_requirement_kept AFTER INSERT OR UPDATE OR DELETE ON work_requirement
    FOR EACH ROW EXECUTE FUNCTION work_keep_asks_standings();
"""

# No work is settled twice, and nobody loses a top-up but by a named person's decision.
TOP_UPS = """
CREATE FUNCTION work_guard_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.after_decision <> (CASE WHEN NEW.number = 1 THEN 0 ELSE coalesce((
            SELECT s.upto_decision FROM work_settlement s WHERE s.revision_id = NEW.revision_id AND s.number = NEW.number - 1), -1) END) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'settlement_follows', TABLE = TG_TABLE_NAME,
            MESSAGE = format('settlement_follows: settlement %s of revision %s does not begin where the one before ended', NEW.number, NEW.revision_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_settlement_guarded BEFORE INSERT ON work_settlement
    FOR EACH ROW EXECUTE FUNCTION work_guard_settlement();
CREATE FUNCTION work_guard_top_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.settlement_id, NEW.worker_id, NEW.amount_minor, NEW.floor_hourly_minor, NEW.lines)
            IS DISTINCT FROM (OLD.settlement_id, OLD.worker_id, OLD.amount_minor, OLD.floor_hourly_minor, OLD.lines) THEN
        broken := 'top_up_promise_kept';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
        (('announced', 'contested'), ('announced', 'paid'), ('contested', 'announced'), ('contested', 'paid'), ('contested', 'refused')) THEN
        broken := 'top_up_transition_known';
    ELSIF NEW.state IN ('contested', 'refused') AND NOT EXISTS (SELECT FROM work_topupcontest c
            WHERE c.top_up_id = NEW.id AND (NEW.state, c.state) IN (('contested', 'open'), ('refused', 'upheld'))) THEN
        broken := 'top_up_held_by_contest';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: top-up %s', broken, OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_top_up_guarded BEFORE UPDATE OR DELETE ON work_topup
    FOR EACH ROW EXECUTE FUNCTION work_guard_top_up();
CREATE FUNCTION work_guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR (NEW.top_up_id, NEW.opened_by_id, NEW.reason, NEW.opened_at, NEW.ends_at)
            IS DISTINCT FROM (OLD.top_up_id, OLD.opened_by_id, OLD.reason, OLD.opened_at, OLD.ends_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'contest_said_once', TABLE = TG_TABLE_NAME,
            MESSAGE = format('contest_said_once: the contest of top-up %s', OLD.top_up_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_contest_guarded BEFORE UPDATE OR DELETE ON work_topupcontest
    FOR EACH ROW EXECUTE FUNCTION work_guard_contest();
"""

WRITTEN_ONCE = """
CREATE TRIGGER work_submission_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_submission
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_decision_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_cascadebeat_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_cascadebeat
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_admission_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_admission
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_shownwork_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_shownwork
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_taskbar_written_once BEFORE UPDATE OR TRUNCATE ON work_taskbar
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_settlement_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
CREATE TRIGGER work_projectrefusal_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON work_projectrefusal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

# The hot statement writes rows without naming every column; and these tables are updated and
# drained all day, so their dead rows are swept early.
TABLES = """
ALTER TABLE work_assignment ALTER COLUMN state SET DEFAULT 'held', ALTER COLUMN attempt SET DEFAULT 1,
    ALTER COLUMN place_released SET DEFAULT false;
ALTER TABLE work_place SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE work_assignment SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0001_initial"),
        ("kernel", "0002_promises"),
        ("people", "0002_promises"),
        ("reputation", "0002_promises"),
    ]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            BELONGING,
            TRANSITIONS,
            PROJECTS,
            ROUNDS,
            REWARDS,
            TAKERS,
            ENTRY,
            REQUIREMENTS,
            TOP_UPS,
            WRITTEN_ONCE,
            TABLES,
        )
    ]
