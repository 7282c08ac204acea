-- How many tasks of a project a worker can still take: each worker does a task once, so tasks are
-- counted and not places. Looks through a bounded number of open places, and says whether it met the bound.
-- In braces: the project. Parameters: worker, bound.
SELECT count(DISTINCT task_id) AS tasks, count(*) >= %(bound)s AS or_more
FROM (SELECT q.task_id FROM work_place q
      WHERE q.project_id = {project} AND q.rank IS NOT NULL
        AND NOT EXISTS (SELECT FROM work_assignment d
                        WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                          AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
      ORDER BY q.rank LIMIT %(bound)s) seen
