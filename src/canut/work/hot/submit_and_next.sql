-- Hand in an answer and take the next task: one statement, one round trip.
-- Parameters: key_hash or worker_id (who asks), assignment_id, revision_id, answer, active_seconds,
-- measured_seconds, next (whether another task is wanted), and for the claim: cap, start, seed.
-- No row back means nothing was handed in: the twin (canut.work.usecases.submit_answer) says why.
WITH clock AS (SELECT kernel_now() AS at),
caller AS (
    SELECT k.owner_id AS worker_id FROM people_key_v k, clock
    WHERE k.hash = %(key_hash)s AND k.usable_until > clock.at AND 'work' = ANY (k.scopes)
    UNION ALL
    SELECT %(worker_id)s::bigint WHERE %(worker_id)s::bigint IS NOT NULL
),
handed_in AS (
    UPDATE work_assignment a
    SET state = 'submitted', submitted_at = clock.at, attempt = CASE a.state WHEN 'returned' THEN 2 ELSE 1 END
    FROM caller, clock
    WHERE a.id = %(assignment_id)s AND a.worker_id = caller.worker_id AND a.revision_id = %(revision_id)s
      AND a.state IN ('held', 'returned') AND a.lease_until > clock.at
      AND a.round_id IS NULL -- in a prototype round the twin asks for feedback and a vote as well
    RETURNING a.id, a.project_id, a.worker_id, a.attempt, a.submitted_at
),
submission AS (
    INSERT INTO work_submission (project_id, assignment_id, attempt, answer, active_seconds, measured_seconds, submitted_at)
    SELECT project_id, id, attempt, %(answer)s::jsonb, %(active_seconds)s, %(measured_seconds)s, submitted_at FROM handed_in
    RETURNING id
),
no_draft AS (DELETE FROM work_draft WHERE assignment_id = (SELECT id FROM handed_in)),
asker AS (
    SELECT worker_id, project_id, NULL::bigint AS task_id, id AS leaving, submitted_at AS at
    FROM handed_in WHERE %(next)s
),
{claim},
told AS (
    INSERT INTO kernel_event (at, by_id, name, subject_kind, subject_id, data)
    SELECT submitted_at, worker_id, 'assignment.submitted', 'assignment', id,
           jsonb_build_object('project_id', project_id, 'attempt', attempt) FROM handed_in
    UNION ALL
    SELECT taken_at, worker_id, 'assignment.taken', 'assignment', id,
           jsonb_build_object('project_id', project_id, 'task_id', task_id) FROM taken
)
SELECT h.id AS submitted_id, submission.id AS submission_id, h.project_id, h.worker_id,
       n.id, n.task_id, n.revision_id, n.seed, n.reward_minor, n.taken_at, n.lease_until, t.shown::text AS shown
FROM handed_in h CROSS JOIN submission
LEFT JOIN taken n ON true
LEFT JOIN work_task t ON t.id = n.task_id
