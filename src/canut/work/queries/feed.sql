-- A page of the feed: the projects from which the claim (hot/claim.sql) would give this worker a task.
-- What is known of the worker is few rows and read once; projects are compared with it as whole sets, by
-- hashing, and never one by one through the functions that the claim calls for a single project. The
-- dear question, whether a place is left, is asked of one after the other in order, until the page is full.
-- OFFSET 0 keeps that question a look into an index: as a join, all that a worker has done would be read
-- again for each place.
-- Work by the hour is shown whether or not a session is open: opening one is the first step of taking it.
-- In braces: "price", a join where price or length are asked for; "narrowed", the worker's filters; "key"
-- and "scores", what to sort by; "order", the columns; "after", where to go on.
-- Parameters: worker, at, most, bound, unrated, first_beat, newcomers_most, and those of what stands in braces.
WITH standings AS MATERIALIZED (
    SELECT scale, scale_id, value FROM reputation_standing_v WHERE party_id = %(worker)s
),
-- The projects that ask for a standing which this worker does not have (work_standings_suffice).
unmet AS MATERIALIZED (
    SELECT q.project_id FROM work_requirement q
    JOIN work_project p ON p.id = q.project_id AND p.state = 'live'
    LEFT JOIN standings s ON s.scale = q.scale AND s.scale_id = q.scale_id
    WHERE NOT work_standing_suffices(q.comparator, s.value, q.value)
),
live AS MATERIALIZED (
    SELECT p.id, p.owner_id, p.group_id, p.published_at, p.cascade_beat,
           CASE WHEN p.round_id IS NULL THEN p.threshold END AS threshold, {key} AS key
    FROM work_project p
    {price}
    WHERE p.state = 'live' AND (p.deadline_at IS NULL OR p.deadline_at > %(at)s)
      AND p.owner_id <> %(worker)s
      AND p.owner_id NOT IN (SELECT l.owner_id FROM people_listing_v l
                             WHERE l.person_id = %(worker)s AND l.kind = 'block')
      AND p.id NOT IN (SELECT h.subject_id FROM discussion_hidden_v h
                       WHERE h.subject_kind = 'project' AND h.until > %(at)s)
      AND p.owner_id NOT IN (SELECT r.person_id FROM people_restriction_v r WHERE 'publish' = ANY (r.bars))
      AND (NOT p.is_guarded OR (
           (NOT p.allowed_only OR p.owner_id IN (SELECT l.owner_id FROM people_listing_v l
                                                 WHERE l.person_id = %(worker)s AND l.kind = 'allow'))
           AND (NOT p.asks_standings OR p.id NOT IN (SELECT u.project_id FROM unmet u))
           AND (p.round_id IS NULL
                OR (SELECT count(*) FROM work_assignment a
                    WHERE a.worker_id = %(worker)s AND a.round_id = p.round_id
                      AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
                   < p.round_most)))
      -- Of a duty's places most are for others, which is cheap to tell for all of them together.
      AND CASE WHEN p.fund = '' THEN true ELSE EXISTS (
              SELECT FROM work_place q JOIN work_taskaudience u ON u.task_id = q.task_id
              WHERE q.project_id = p.id AND q.rank >= 0
                AND (EXISTS (SELECT FROM work_taskoffer o WHERE o.worker_id = %(worker)s AND o.task_id = q.task_id)
                     OR EXISTS (SELECT FROM reputation_standing_v s
                                WHERE s.party_id = %(worker)s AND s.scale = u.scale AND s.scale_id = u.scale_id
                                  AND s.value >= u.least AND s.value <= coalesce(u.most, s.value)))) END
      AND p.id NOT IN (SELECT h.project_id FROM work_assignment h
                       WHERE h.worker_id = %(worker)s AND h.state = 'held')
      {narrowed}
),
-- Who has handed in work of the revision that is published, in no round and no newcomer's place, stays.
-- In two steps, so that the planner knows how many rows it joins.
handed_in AS MATERIALIZED (
    SELECT a.project_id, a.revision_id, a.task_id, a.place_number FROM work_assignment a
    WHERE a.worker_id = %(worker)s AND a.submitted_at IS NOT NULL AND a.round_id IS NULL
),
handed_in_here AS MATERIALIZED (
    SELECT a.* FROM handed_in a JOIN live ON live.id = a.project_id AND live.threshold IS NOT NULL
),
stays AS MATERIALIZED (
    SELECT a.project_id FROM handed_in_here a
    WHERE a.revision_id = (SELECT r.id FROM work_revision r
                           WHERE r.project_id = a.project_id AND r.published_at IS NOT NULL
                           ORDER BY r.number DESC LIMIT 1)
      AND NOT (SELECT q.for_newcomers FROM work_place q WHERE q.project_id = a.project_id
                 AND q.task_id = a.task_id AND q.number = a.place_number)
),
-- The standing toward each project is that of the first scope that has one (reputation_toward).
admitted AS MATERIALIZED (
    SELECT live.*, live.threshold IS NULL
               OR coalesce(in_group.value, with_requester.value,
                           (SELECT value FROM standings WHERE scale = 'platform' AND scale_id = 0),
                           %(unrated)s) >= live.threshold
               OR live.id IN (SELECT project_id FROM stays) AS by_right
    FROM live
    LEFT JOIN standings in_group ON in_group.scale = 'project_group' AND in_group.scale_id = live.group_id
    LEFT JOIN standings with_requester
           ON with_requester.scale = 'requester' AND with_requester.scale_id = live.owner_id
)
{scores}
SELECT p.id, p.title, p.kind, p.currency, p.language, p.device, p.owner_id, p.published_at, p.deadline_at,
       p.pay_basis, p.risks, p.fund, r.reward_minor, r.hourly_minor, r.expected_seconds, page.key,
       tasks_left.tasks, tasks_left.or_more
FROM (
    SELECT * FROM (
        SELECT c.id, c.published_at, c.by_right, {sorted} AS key
        FROM admitted c {join}
        WHERE (c.by_right
               OR (NOT EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = %(worker)s)
                   AND c.cascade_beat >= %(first_beat)s
                   AND c.id NOT IN (SELECT a.project_id FROM work_assignment a
                                    JOIN work_place q ON q.project_id = a.project_id AND q.task_id = a.task_id
                                                     AND q.number = a.place_number
                                    WHERE a.worker_id = %(worker)s AND q.for_newcomers
                                      AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected',
                                                      'closed')
                                    GROUP BY a.project_id HAVING count(*) >= %(newcomers_most)s)))
          {after}
        ORDER BY {order}
        OFFSET 0) candidates
    WHERE (SELECT true FROM work_place q
           WHERE q.project_id = candidates.id
             AND q.rank >= CASE WHEN candidates.by_right THEN 0 ELSE -2147483648 END
             AND q.rank <= CASE WHEN candidates.by_right THEN 2147483647 ELSE -1 END
             AND NOT EXISTS (SELECT FROM work_assignment d
                             WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                               AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken') OFFSET 0)
             AND NOT EXISTS (SELECT FROM discussion_hidden_v h
                             WHERE h.subject_kind = 'task' AND h.subject_id = q.task_id AND h.until > %(at)s OFFSET 0)
             AND work_task_is_for(q.task_id, %(worker)s)
           ORDER BY q.rank LIMIT 1)
    ORDER BY {order}
    LIMIT %(most)s) page
JOIN work_project p ON p.id = page.id
CROSS JOIN LATERAL (SELECT * FROM work_revision r
                    WHERE r.project_id = page.id AND r.published_at IS NOT NULL
                    ORDER BY r.number DESC LIMIT 1) r
CROSS JOIN LATERAL ({places_left}) tasks_left
ORDER BY {order}
