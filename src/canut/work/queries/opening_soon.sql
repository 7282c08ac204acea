-- A page of the projects that only the cascade keeps from this worker, those that open first first.
-- All else that the claim asks is met, as in feed.sql; work by the hour is there without an open session.
-- `opens_at` is when the next step comes that lets the worker in: on a ladder exact, else the next beat,
-- before which it cannot be. Whom nobody has rated may come sooner by a place kept for newcomers, if one is
-- left (`has_place`). The rule is rules_explained.opening_of, which says it again for each row that is shown; a
-- test compares the two.
-- Parameters: worker, at, most, unrated, ladder, last, beat_seconds, first_beat, newcomers_most, and
-- after_at and after_id: where to go on, or null.
WITH waiting AS MATERIALIZED (
    SELECT p.id, p.owner_id, p.title, p.kind, p.language, p.published_at, p.threshold, p.cascade_policy,
           p.cascade_beat, p.cascade_next_at,
           coalesce(in_group.value, with_requester.value, everywhere.value, %(unrated)s) AS standing
    FROM work_project p
    LEFT JOIN (SELECT scale_id, value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'project_group') in_group
           ON in_group.scale_id = p.group_id
    LEFT JOIN (SELECT scale_id, value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'requester') with_requester
           ON with_requester.scale_id = p.owner_id
    LEFT JOIN (SELECT value FROM reputation_standing_v
               WHERE party_id = %(worker)s AND scale = 'platform' AND scale_id = 0) everywhere ON true
    WHERE p.threshold IS NOT NULL AND p.round_id IS NULL AND p.state = 'live'
      AND (p.deadline_at IS NULL OR p.deadline_at > %(at)s)
      AND p.owner_id <> %(worker)s
      AND coalesce(in_group.value, with_requester.value, everywhere.value, %(unrated)s) < p.threshold
      AND NOT EXISTS (SELECT FROM people_listing_v l WHERE l.owner_id = p.owner_id
                      AND l.person_id = %(worker)s AND l.kind = 'block')
      AND (NOT p.allowed_only OR EXISTS (SELECT FROM people_listing_v l WHERE l.owner_id = p.owner_id
                                         AND l.person_id = %(worker)s AND l.kind = 'allow'))
      AND (p.risks = '{}' OR EXISTS (SELECT FROM work_workerchoice c
                                     WHERE c.worker_id = %(worker)s AND p.risks <@ c.accepted_risks))
      AND NOT EXISTS (SELECT FROM work_assignment h
                      WHERE h.worker_id = %(worker)s AND h.project_id = p.id AND h.state = 'held')
      AND NOT work_has_stayed(p.id, %(worker)s)
),
timed AS (
    SELECT w.*, newcomer.has_place,
           w.cascade_next_at + make_interval(secs => %(beat_seconds)s) * CASE WHEN w.cascade_policy = 'ladder'
               THEN (SELECT count(*) FROM unnest(%(ladder)s::numeric[]) step
                     WHERE step < w.threshold AND step > w.standing AND step > %(last)s) ELSE 0 END AS opens_at
    FROM waiting w
    CROSS JOIN LATERAL (
        SELECT NOT EXISTS (SELECT FROM reputation_rated_v d WHERE d.worker_id = %(worker)s)
           AND EXISTS (SELECT FROM work_place q WHERE q.project_id = w.id AND q.rank < 0)
           AND work_newcomers_taken(w.id, %(worker)s) < %(newcomers_most)s AS has_place) newcomer
)
SELECT t.* FROM timed t
WHERE NOT (t.has_place AND t.cascade_beat >= %(first_beat)s)
  AND (%(after_at)s::timestamptz IS NULL OR (t.opens_at, t.id) > (%(after_at)s, %(after_id)s))
  AND EXISTS (SELECT FROM work_place q
              WHERE q.project_id = t.id AND q.rank IS NOT NULL
                AND NOT EXISTS (SELECT FROM work_assignment d
                                WHERE d.worker_id = %(worker)s AND d.task_id = q.task_id
                                  AND d.state IN ('held', 'submitted', 'returned', 'approved', 'rejected', 'closed'))
                AND work_task_is_for(q.task_id, %(worker)s))
ORDER BY t.opens_at, t.id
LIMIT %(most)s
