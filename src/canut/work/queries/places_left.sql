-- How many tasks of a project a worker can still take: each worker does a task once, so tasks are
-- counted and not places; while a prototype round runs, no more than is left of the worker's share of it.
-- Looks through a bounded number of open places, and says whether it met the bound.
-- In braces: the project. Parameters: worker, bound.
SELECT least(found.tasks, share.left_over) AS tasks,
       found.met_bound AND (share.left_over IS NULL OR share.left_over > found.tasks) AS or_more
FROM (SELECT count(DISTINCT task_id) AS tasks, count(*) >= %(bound)s AS met_bound
      FROM (SELECT q.task_id FROM work_place q
            WHERE q.project_id = {project} AND q.rank IS NOT NULL
              AND NOT EXISTS (SELECT FROM work_assignment d
                              WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                                AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
            ORDER BY q.rank LIMIT %(bound)s) seen) found
LEFT JOIN (SELECT greatest(p.round_most - (SELECT count(*) FROM work_assignment a
                                           WHERE a.worker_id = %(worker)s AND a.round_id = p.round_id
                                             AND a.state IN ('held', 'submitted', 'returned', 'approved',
                                                             'rejected', 'closed')), 0) AS left_over
           FROM work_project p WHERE p.id = {project} AND p.round_id IS NOT NULL) share ON true
