-- The place a newcomer is given while a cascade runs: one of those kept for workers nobody has rated, which
-- have a negative rank; of the task that was asked for, or of any.
chosen AS (
    SELECT q.id FROM work_place q
    WHERE q.project_id = (SELECT project_id FROM admitted) AND q.rank < 0
      AND ((SELECT task_id FROM admitted) IS NULL OR q.task_id = (SELECT task_id FROM admitted))
      AND NOT EXISTS (SELECT FROM work_assignment a
                      WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                        AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
      AND {shown}
      AND work_task_is_for(q.task_id, (SELECT worker_id FROM admitted))
    ORDER BY EXISTS (SELECT FROM work_assignment a
                     WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                       AND a.state = 'skipped'), q.rank
    LIMIT 1 FOR NO KEY UPDATE OF q SKIP LOCKED
)
