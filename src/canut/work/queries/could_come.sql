-- Whether somebody could come into a project now if its threshold let them: meets the project's terms, is not
-- blocked, was active lately, may work, and has an open place left by right, in a task they have not done.
-- Goes on from `asked`, and asks what is cheap and rare first. Who may take a task of which the design names
-- the takers is dear to know: of such a project the first hundred places are looked at, and if none is for
-- this worker, another is taken to be. OFFSET 0: one probe after the other, for most are never made.
-- In braces: who is asked about.
CASE
WHEN asked.owner_id = {worker} THEN false
WHEN asked.risks <> '{{}}' AND NOT EXISTS (
    SELECT FROM work_workerchoice c WHERE c.worker_id = {worker} AND asked.risks <@ c.accepted_risks OFFSET 0)
    THEN false
WHEN coalesce((SELECT a.taken_at FROM work_assignment a WHERE a.worker_id = {worker}
               ORDER BY a.id DESC LIMIT 1) <= %(since)s, true) THEN false
WHEN EXISTS (SELECT FROM people_listing_v l WHERE l.owner_id = asked.owner_id AND l.person_id = {worker}
             AND l.kind = 'block' OFFSET 0) THEN false
WHEN asked.allowed_only AND NOT EXISTS (
    SELECT FROM people_listing_v l
    WHERE l.owner_id = asked.owner_id AND l.person_id = {worker} AND l.kind = 'allow' OFFSET 0) THEN false
WHEN asked.asks_standings AND NOT work_standings_suffice(asked.id, {worker}) THEN false
WHEN NOT EXISTS (SELECT FROM people_worker_v w WHERE w.worker_id = {worker} AND w.may_work OFFSET 0) THEN false
WHEN NOT asked.names_takers THEN EXISTS (
    SELECT FROM work_place q
    WHERE q.project_id = asked.id AND q.rank >= 0
      AND NOT EXISTS (SELECT FROM work_assignment d
                      WHERE d.worker_id = {worker} AND d.task_id = q.task_id
                        AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken')
                      OFFSET 0)
    OFFSET 0)
ELSE EXISTS (
    SELECT FROM (SELECT o.*, row_number() OVER () AS n FROM (
                     SELECT q.task_id FROM work_place q WHERE q.project_id = asked.id AND q.rank >= 0
                     ORDER BY q.rank LIMIT 100) o) q
    WHERE q.n = 100 OR (
          NOT EXISTS (SELECT FROM work_assignment d
                      WHERE d.worker_id = {worker} AND d.task_id = q.task_id
                        AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken')
                      OFFSET 0)
          AND work_task_is_for(q.task_id, {worker})))
END
