-- The place a worker is given. Four ways, each tried only if those before it found nothing: the task
-- that was asked for; a place
-- from a point in the queue drawn anew each time, so that a thousand workers do not queue for one
-- row; the queue's beginning; and at the very last what this worker has skipped before. Tasks that
-- their design keeps from this worker are passed over; the fast lane leaves such designs to this way.
-- Places kept for newcomers have a negative rank (chosen_kept.sql). In braces: that the task is not hidden.
chosen AS (
    SELECT id FROM (
        SELECT id FROM (SELECT q.id FROM work_place q
                        WHERE q.project_id = (SELECT project_id FROM admitted)
                          AND q.task_id = (SELECT task_id FROM admitted) AND q.rank >= 0
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
                          AND {shown}
                          AND work_task_is_for(q.task_id, (SELECT worker_id FROM admitted))
                        ORDER BY q.number LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) asked_for
        UNION ALL
        SELECT id FROM (SELECT q.id FROM work_place q
                        WHERE q.project_id = (SELECT project_id FROM admitted WHERE task_id IS NULL)
                          AND q.rank >= %(start)s
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state = 'skipped')
                          AND {shown}
                          AND work_task_is_for(q.task_id, (SELECT worker_id FROM admitted))
                        ORDER BY q.project_id, q.rank LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) from_the_middle
        UNION ALL
        SELECT id FROM (SELECT q.id FROM work_place q
                        WHERE q.project_id = (SELECT project_id FROM admitted WHERE task_id IS NULL)
                          AND q.rank >= 0 AND q.rank < %(start)s
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state = 'skipped')
                          AND {shown}
                          AND work_task_is_for(q.task_id, (SELECT worker_id FROM admitted))
                        ORDER BY q.project_id, q.rank LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) from_the_beginning
        UNION ALL
        SELECT id FROM (SELECT q.id FROM work_place q
                        WHERE q.project_id = (SELECT project_id FROM admitted WHERE task_id IS NULL)
                          AND q.rank >= 0
                          AND NOT EXISTS (SELECT FROM work_assignment a
                                 WHERE a.worker_id = (SELECT worker_id FROM admitted) AND a.task_id = q.task_id
                                   AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
                          AND {shown}
                          AND work_task_is_for(q.task_id, (SELECT worker_id FROM admitted))
                        ORDER BY q.project_id, q.rank LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) skipped_before
    ) ways LIMIT 1
)
