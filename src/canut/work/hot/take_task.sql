-- Take a task: any open one of the project, or the one that is asked for.
-- Parameters: worker_id, project_id, task_id or null, at, and for the claim: cap, start, seed.
-- No row back means nothing was taken: canut.work.queries.why_not says why.
WITH asker AS (
    SELECT %(worker_id)s::bigint AS worker_id, %(project_id)s::bigint AS project_id, %(task_id)s::bigint AS task_id,
           NULL::bigint AS leaving, %(at)s::timestamptz AS at
),
{claim},
told AS (
    INSERT INTO kernel_event (at, by_id, name, subject_kind, subject_id, data)
    SELECT taken_at, worker_id, 'assignment.taken', 'assignment', id,
           jsonb_build_object('project_id', project_id, 'task_id', task_id) FROM taken
)
SELECT n.id FROM taken n
