-- A page of the feed: the projects from which the claim (hot/claim.sql) would give this worker a task.
-- Candidates are ordered first and then looked through one after the other until the page is full, so
-- that the dear question, whether a place is left for this worker, is asked for a page's worth of them.
-- In braces: "key" and "join", what to sort by; "order", the columns; "after", where to go on.
-- Work by the hour is shown whether or not a session is open: opening one is the first step of taking it.
-- Parameters: worker, at, most, bound, sensitive (show work with risks that were not accepted), break_share,
-- and those of "after".
SELECT page.*, tasks_left.tasks, tasks_left.or_more FROM (
    SELECT * FROM (
        SELECT p.id, p.title, p.kind, p.currency, p.language, p.owner_id, p.published_at, p.deadline_at,
               p.pay_basis, p.risks, r.reward_minor, r.hourly_minor, r.expected_seconds, {key} AS key
        FROM work_project p
        CROSS JOIN LATERAL (SELECT * FROM work_revision r
                            WHERE r.project_id = p.id AND r.published_at IS NOT NULL
                            ORDER BY r.number DESC LIMIT 1) r
        {join}
        WHERE p.state = 'live' AND (p.deadline_at IS NULL OR p.deadline_at > %(at)s)
          AND p.owner_id <> %(worker)s
          AND NOT EXISTS (SELECT FROM people_listing_v l
                          WHERE l.owner_id = p.owner_id AND l.person_id = %(worker)s AND l.kind = 'block')
          AND (NOT p.is_guarded OR (
               (NOT p.allowed_only
                OR EXISTS (SELECT FROM people_listing_v l
                           WHERE l.owner_id = p.owner_id AND l.person_id = %(worker)s AND l.kind = 'allow'))
               AND (p.risks = '{}' OR %(sensitive)s
                    OR EXISTS (SELECT FROM work_workerchoice c
                               WHERE c.worker_id = %(worker)s AND p.risks <@ c.accepted_risks))
               AND (p.round_id IS NULL
                    OR (SELECT count(*) FROM work_assignment a
                        WHERE a.worker_id = %(worker)s AND a.round_id = p.round_id
                          AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
                       < p.round_most)))
          AND NOT EXISTS (SELECT FROM work_assignment h
                          WHERE h.worker_id = %(worker)s AND h.project_id = p.id AND h.state = 'held')
          {after}
        ORDER BY {order}
        OFFSET 0) candidates
    WHERE (SELECT true FROM work_place q
           WHERE q.project_id = candidates.id AND q.rank IS NOT NULL
             AND NOT EXISTS (SELECT FROM work_assignment d
                             WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                               AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
           ORDER BY q.rank LIMIT 1)
    ORDER BY {order}
    LIMIT %(most)s) page
CROSS JOIN LATERAL ({places_left}) tasks_left
ORDER BY {order}
