-- The one way a place is claimed. In braces: what only some projects ask, and the way a place is chosen.
-- Neither a project nor a task that is hidden (canut.discussion.hiding) is given out; the way of choosing asks
-- for the task.
-- Goes on from
--   asker (worker_id, project_id, task_id or null for any, leaving: the assignment handed in just now or null, at).
-- Data-modifying parts see the table as it was when the statement began, so what `asker` has just
-- handed in still counts as in hand here: `leaving` takes it out.
admitted AS (
    SELECT k.*, p.is_guarded
    FROM asker k
    JOIN work_project p ON p.id = k.project_id
    JOIN people_worker_v w ON w.worker_id = k.worker_id
    WHERE p.state = 'live' AND (p.deadline_at IS NULL OR p.deadline_at > k.at)
      AND w.may_work AND p.owner_id <> k.worker_id
      AND NOT EXISTS (SELECT FROM people_listing_v l
                      WHERE l.owner_id = p.owner_id AND l.person_id = k.worker_id AND l.kind = 'block')
      AND NOT EXISTS (SELECT FROM discussion_hidden_v h
                      WHERE h.subject_kind = 'project' AND h.subject_id = k.project_id AND h.until > k.at)
      AND NOT EXISTS (SELECT FROM people_restriction_v r
                      WHERE r.person_id = p.owner_id AND 'publish' = ANY (r.bars))
      AND NOT EXISTS (SELECT FROM work_assignment a
                      WHERE a.worker_id = k.worker_id AND a.project_id = k.project_id AND a.state = 'held'
                        AND a.id IS DISTINCT FROM k.leaving)
      AND (SELECT count(*) FROM work_assignment a
           WHERE a.worker_id = k.worker_id AND a.state IN ('held', 'returned')
             AND a.id IS DISTINCT FROM k.leaving) < %(cap)s
      AND {entry}
),
{chosen},
claimed AS (
    UPDATE work_place q SET state = 'taken', rank = NULL
    FROM chosen WHERE q.id = chosen.id
    RETURNING q.project_id, q.task_id, q.number, q.round_id
),
taken AS (
    INSERT INTO work_assignment
        (project_id, revision_id, task_id, place_number, worker_id, seed, reward_minor, taken_at, lease_until, round_id, session_id)
    SELECT c.project_id, r.id, c.task_id, c.number, k.worker_id, %(seed)s, r.reward_minor, k.at,
           k.at + make_interval(secs => r.lease_seconds),
           c.round_id, CASE WHEN k.is_guarded THEN work_session_of(k.project_id, k.worker_id, k.at) END
    FROM claimed c, admitted k, work_task t JOIN work_revision r ON r.id = t.revision_id
    WHERE t.id = c.task_id AND t.project_id = c.project_id
    RETURNING id, project_id, revision_id, task_id, worker_id, seed, reward_minor, attempt, taken_at, lease_until
)
