-- Whether somebody could come into a project now if its threshold let them: active lately, may work, not
-- blocked, meets the project's terms, and has an open place left by right, in a task they have not done.
-- Goes on from `asked`. Who may take a task of which the design names the takers costs much to know: of such
-- a project the first hundred places are looked at, and if none is for this worker, another is taken to be.
-- In braces: who is asked about.
asked.owner_id <> {worker}
AND (SELECT a.taken_at FROM work_assignment a WHERE a.worker_id = {worker} ORDER BY a.id DESC LIMIT 1) > %(since)s
AND EXISTS (SELECT FROM people_worker_v w WHERE w.worker_id = {worker} AND w.may_work)
AND NOT EXISTS (SELECT FROM people_listing_v l
                WHERE l.owner_id = asked.owner_id AND l.person_id = {worker} AND l.kind = 'block')
AND (NOT asked.allowed_only OR EXISTS (SELECT FROM people_listing_v l
                                       WHERE l.owner_id = asked.owner_id AND l.person_id = {worker}
                                         AND l.kind = 'allow'))
AND (asked.risks = '{{}}' OR EXISTS (SELECT FROM work_workerchoice c
                                     WHERE c.worker_id = {worker} AND asked.risks <@ c.accepted_risks))
AND CASE WHEN asked.names_takers THEN EXISTS (
    SELECT FROM (SELECT q.task_id, row_number() OVER (ORDER BY q.rank) AS n
                 FROM work_place q WHERE q.project_id = asked.id AND q.rank >= 0) q
    WHERE q.n <= 100
      AND (q.n = 100 OR (
           NOT EXISTS (SELECT FROM work_assignment d
                       WHERE d.worker_id = {worker} AND d.task_id = q.task_id
                         AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
           AND work_task_is_for(q.task_id, {worker}))))
ELSE EXISTS (
    SELECT FROM work_place q
    WHERE q.project_id = asked.id AND q.rank >= 0
      AND NOT EXISTS (SELECT FROM work_assignment d
                      WHERE d.worker_id = {worker} AND d.task_id = q.task_id
                        AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed')))
END
