-- The place a worker goes on to, from a point in the queue drawn anew each time, so that a thousand
-- workers do not queue for one row. Where nothing lies behind that point, the twin looks further
-- (chosen_any.sql): every way that stands in the hot statement costs it, walked or not.
chosen AS (
    SELECT q.id FROM work_place q
    WHERE q.project_id = (SELECT project_id FROM admitted)
      AND q.rank >= %(start)s
      AND NOT EXISTS (SELECT FROM work_assignment a
                      WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                        AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
      AND NOT EXISTS (SELECT FROM work_assignment a
                      WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                        AND a.state = 'skipped')
      AND {shown}
    ORDER BY q.project_id, q.rank LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
)
