-- How many tasks of a project a worker can still take: each worker does a task once, so tasks are
-- counted and not places; while a prototype round runs, no more than is left of the worker's share of it;
-- and who comes only as a newcomer has the places kept for them, of which each may take so many.
-- Looks through a bounded number of open places, and says whether it met the bound.
-- In braces: the project, and whether the worker comes by right. Parameters: worker, at, bound, newcomers_most.
SELECT least(found.tasks, share.left_over) AS tasks,
       found.met_bound AND (share.left_over IS NULL OR share.left_over > found.tasks) AS or_more
FROM (SELECT count(DISTINCT task_id) AS tasks, count(*) >= %(bound)s AS met_bound
      FROM (SELECT q.task_id FROM work_place q
            WHERE q.project_id = {project}
              AND q.rank >= CASE WHEN {by_right} THEN 0 ELSE -2147483648 END
              AND q.rank <= CASE WHEN {by_right} THEN 2147483647 ELSE -1 END
              AND NOT EXISTS (SELECT FROM work_assignment d
                              WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                                AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken') OFFSET 0)
              AND NOT EXISTS (SELECT FROM discussion_hidden_v h
                             WHERE h.subject_kind = 'task' AND h.subject_id = q.task_id AND h.until > %(at)s OFFSET 0)
              AND ((NOT EXISTS (SELECT FROM work_revision r
                                WHERE r.project_id = {project} AND r.design @> '{"items": [{"type": "takers"}]}')
                    AND NOT EXISTS (SELECT FROM work_taskaudience u WHERE u.task_id = q.task_id OFFSET 0))
                   OR work_task_is_for(q.task_id, %(worker)s))
            ORDER BY q.rank LIMIT %(bound)s) seen) found
CROSS JOIN (SELECT CASE
                WHEN NOT {by_right} THEN greatest(%(newcomers_most)s - work_newcomers_taken({project}, %(worker)s), 0)
                WHEN p.round_id IS NOT NULL
                THEN greatest(p.round_most - (SELECT count(*) FROM work_assignment a
                                              WHERE a.worker_id = %(worker)s AND a.round_id = p.round_id
                                                AND a.state IN ('held', 'submitted', 'returned', 'approved',
                                                                'rejected', 'closed')), 0) END AS left_over
            FROM work_project p WHERE p.id = {project}) share
