-- A page of the projects that only the cascade keeps from this worker, those that open first first.
-- All else that the claim asks is met, as in feed.sql, and in the same way: what is known of the worker is read
-- once and compared with the projects as whole sets; whether a place is there is asked of one after the other in
-- order, until the page is full. Work by the hour is there without an open session.
-- `opens_at` is when the next step comes that lets the worker in: on a ladder exact, else the next beat, before
-- which it cannot be. Whom nobody has rated may come sooner by a place kept for newcomers, if one is left
-- (`has_place`). The rule is rules_explained.opening_of, which says it again for each row that is shown; a test
-- compares the two. What opens only when its deadline has passed is left out.
-- Parameters: worker, at, most, unrated, ladder, last, beat_seconds, first_beat, newcomers_most, and
-- after_at and after_id: where to go on, or null.
WITH unmet AS MATERIALIZED (
    SELECT q.project_id FROM work_requirement q
    JOIN work_project p ON p.id = q.project_id AND p.state = 'live'
    LEFT JOIN reputation_standing_v s
           ON s.party_id = %(worker)s AND s.scale = q.scale AND s.scale_id = q.scale_id
    WHERE NOT work_standing_suffices(q.comparator, s.value, q.value)
),
live AS MATERIALIZED (
    SELECT p.id, p.owner_id, p.group_id, p.title, p.kind, p.language, p.published_at, p.deadline_at, p.threshold,
           p.cascade_policy, p.cascade_beat, p.cascade_next_at
    FROM work_project p
    WHERE p.threshold IS NOT NULL AND p.round_id IS NULL AND p.state = 'live'
      AND (p.deadline_at IS NULL OR p.deadline_at > %(at)s)
      AND p.owner_id <> %(worker)s
      AND p.owner_id NOT IN (SELECT l.owner_id FROM people_listing_v l
                             WHERE l.person_id = %(worker)s AND l.kind = 'block')
      AND p.id NOT IN (SELECT h.subject_id FROM discussion_hidden_v h
                       WHERE h.subject_kind = 'project' AND h.until > %(at)s)
      AND p.owner_id NOT IN (SELECT r.person_id FROM people_restriction_v r WHERE 'publish' = ANY (r.bars))
      AND (NOT p.allowed_only OR p.owner_id IN (SELECT l.owner_id FROM people_listing_v l
                                                WHERE l.person_id = %(worker)s AND l.kind = 'allow'))
      AND (NOT p.asks_standings OR p.id NOT IN (SELECT u.project_id FROM unmet u))
      AND (p.risks = '{}' OR p.risks <@ coalesce((SELECT c.accepted_risks FROM work_workerchoice c
                                                  WHERE c.worker_id = %(worker)s), '{}'))
      AND p.id NOT IN (SELECT h.project_id FROM work_assignment h
                       WHERE h.worker_id = %(worker)s AND h.state = 'held')
),
-- Who has handed in work of the revision that is published, in no round and no newcomer's place, stays.
stays AS MATERIALIZED (
    SELECT DISTINCT a.project_id FROM work_assignment a
    JOIN live ON live.id = a.project_id
    JOIN work_place q ON q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
    WHERE a.worker_id = %(worker)s AND a.submitted_at IS NOT NULL AND a.round_id IS NULL AND NOT q.for_newcomers
      AND a.revision_id = (SELECT r.id FROM work_revision r
                           WHERE r.project_id = a.project_id AND r.published_at IS NOT NULL
                           ORDER BY r.number DESC LIMIT 1)
),
newcomer AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = %(worker)s) AS is_one
),
used AS MATERIALIZED (
    SELECT a.project_id FROM work_assignment a
    JOIN work_place q ON q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
    WHERE a.worker_id = %(worker)s AND q.for_newcomers
      AND a.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed')
    GROUP BY a.project_id HAVING count(*) >= %(newcomers_most)s
),
-- The standing toward each project is that of the first scope that has one (reputation_toward).
waiting AS MATERIALIZED (
    SELECT live.*, coalesce(in_group.value, with_requester.value, everywhere.value, %(unrated)s) AS standing
    FROM live
    LEFT JOIN (SELECT scale_id, value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'project_group') in_group
           ON in_group.scale_id = live.group_id
    LEFT JOIN (SELECT scale_id, value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'requester') with_requester
           ON with_requester.scale_id = live.owner_id
    LEFT JOIN (SELECT value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'platform' AND scale_id = 0) everywhere ON true
    WHERE coalesce(in_group.value, with_requester.value, everywhere.value, %(unrated)s) < live.threshold
      AND live.id NOT IN (SELECT project_id FROM stays)
)
SELECT o.*, (o.may_be_newcomer AND (SELECT true FROM work_place q
                                    WHERE q.project_id = o.id AND q.rank < 0 LIMIT 1)) IS TRUE AS has_place
FROM (
    SELECT w.*, newcomer.is_one AND w.id NOT IN (SELECT project_id FROM used) AS may_be_newcomer,
           w.cascade_next_at + make_interval(secs => %(beat_seconds)s) * CASE WHEN w.cascade_policy = 'ladder'
               THEN (SELECT count(*) FROM unnest(%(ladder)s::numeric[]) step
                     WHERE step < w.threshold AND step > w.standing AND step > %(last)s) ELSE 0 END AS opens_at
    FROM waiting w CROSS JOIN newcomer
    ORDER BY opens_at, id
    OFFSET 0) o
WHERE (%(after_at)s::timestamptz IS NULL OR (o.opens_at, o.id) > (%(after_at)s, %(after_id)s))
  AND (o.deadline_at IS NULL OR o.opens_at < o.deadline_at)
  AND (SELECT true FROM work_place q
       WHERE q.project_id = o.id AND q.rank IS NOT NULL
         AND NOT EXISTS (SELECT FROM work_assignment d
                         WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                           AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed', 'broken'))
         AND NOT EXISTS (SELECT FROM discussion_hidden_v h
                         WHERE h.subject_kind = 'task' AND h.subject_id = q.task_id AND h.until > %(at)s)
         AND work_task_is_for(q.task_id, %(worker)s)
       ORDER BY q.rank LIMIT 1)
  AND NOT (o.may_be_newcomer AND o.cascade_beat >= %(first_beat)s
           AND (SELECT true FROM work_place q WHERE q.project_id = o.id AND q.rank < 0 LIMIT 1) IS TRUE)
ORDER BY opens_at, id
LIMIT %(most)s
