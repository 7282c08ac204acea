-- For each project asked about: a standing at or above `least` and below `below` of somebody who could come in
-- now if the threshold let them; null if there is nobody. In braces: "found" is `coalesce` for any such
-- standing, whichever is found first, and `greatest` for the highest; "…_could_come" is could_come.sql.
-- The first scope that has a standing counts, as in reputation_toward; whom nobody has rated enough stands at
-- "unrated". Each search looks at so many people and no more (`people`, `strangers`, `looked`): where the last
-- of them is reached, somebody is taken to be there, so that no threshold falls because of a limit.
-- Where a standing is asked for, only those who have one on its scale are looked at.
-- Every list is read in its order and only as far as somebody is found; those who are active and best rated
-- everywhere come first, for most often one of them is. They and the unrated are the same for all projects, and
-- given (cascading.Active), for to find them is dear.
-- Parameters: projects, least, below (arrays of one length), since (active from then on), unrated, the limits,
-- everywhere with everywhere_values and everywhere_last, lately with lately_last.
WITH asked AS (
    SELECT p.id, p.owner_id, p.group_id, p.allowed_only, p.risks, p.asks_standings, given.least, given.below,
           EXISTS (SELECT FROM work_place q WHERE q.project_id = p.id AND q.rank >= 0) AS has_places,
           (SELECT q.id FROM work_requirement q
            WHERE p.asks_standings AND q.project_id = p.id AND q.comparator NOT IN ('missing', 'not_equal_to')
            ORDER BY q.scale, q.id LIMIT 1) AS requirement_id,
           (SELECT jsonb_path_exists(r.design, '$.items[*] ? (@.type == "takers")') FROM work_revision r
            WHERE r.project_id = p.id AND r.published_at IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS names_takers
    FROM unnest(%(projects)s::bigint[], %(least)s::numeric[], %(below)s::numeric[]) given (id, least, below)
    JOIN work_project p ON p.id = given.id
    OFFSET 0
),
-- The best rated everywhere of those who are active, and who took a task last and is not rated there.
everywhere AS MATERIALIZED (
    SELECT * FROM unnest(%(everywhere)s::bigint[], %(everywhere_values)s::numeric[], %(everywhere_last)s::boolean[])
                  WITH ORDINALITY one (party_id, value, is_last, n) ORDER BY n
),
lately AS MATERIALIZED (
    SELECT * FROM unnest(%(lately)s::bigint[], %(lately_last)s::boolean[])
                  WITH ORDINALITY one (worker_id, is_last, n) ORDER BY n
)
SELECT asked.id, CASE WHEN NOT asked.has_places THEN NULL WHEN asked.allowed_only THEN
    (SELECT max(s.value)
     FROM (SELECT o.person_id, reputation_toward(o.person_id, asked.owner_id, asked.group_id, %(unrated)s) AS value,
                  row_number() OVER () AS n
           FROM (SELECT person_id FROM people_listing_v
                 WHERE owner_id = asked.owner_id AND kind = 'allow' LIMIT %(strangers)s) o) s
     WHERE s.value >= asked.least AND s.value < asked.below AND (s.n = %(strangers)s OR ({allowed_could_come})))
WHEN asked.requirement_id IS NOT NULL THEN
    (SELECT max(s.value)
     FROM (SELECT o.party_id, reputation_toward(o.party_id, asked.owner_id, asked.group_id, %(unrated)s) AS value,
                  row_number() OVER () AS n
           FROM (SELECT h.party_id FROM work_requirement q
                 JOIN reputation_standing_v h ON h.scale = q.scale AND h.scale_id = q.scale_id
                 WHERE q.id = asked.requirement_id ORDER BY h.value DESC LIMIT %(strangers)s) o) s
     WHERE s.value >= asked.least AND s.value < asked.below AND (s.n = %(strangers)s OR ({rated_could_come})))
ELSE {found}(
    (SELECT s.value FROM everywhere s
     WHERE s.value >= asked.least AND s.value < asked.below AND (s.is_last OR (
           NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                       AND g.scale = 'project_group' AND g.scale_id = asked.group_id)
           AND NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                           AND g.scale = 'requester' AND g.scale_id = asked.owner_id)
           AND {rated_could_come}))
     LIMIT 1),
    (SELECT s.value
     FROM (SELECT o.*, row_number() OVER () AS n FROM (
               SELECT party_id, value FROM reputation_standing_v
               WHERE scale = 'project_group' AND scale_id = asked.group_id
                 AND value >= asked.least AND value < asked.below
               ORDER BY value DESC LIMIT %(people)s) o) s
     WHERE s.n = %(people)s OR ({rated_could_come})
     LIMIT 1),
    (SELECT s.value
     FROM (SELECT o.*, row_number() OVER () AS n FROM (
               SELECT party_id, value FROM reputation_standing_v
               WHERE scale = 'requester' AND scale_id = asked.owner_id
                 AND value >= asked.least AND value < asked.below
               ORDER BY value DESC LIMIT %(people)s) o) s
     WHERE s.n = %(people)s OR (
           NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                       AND g.scale = 'project_group' AND g.scale_id = asked.group_id)
           AND {rated_could_come})
     LIMIT 1),
    (SELECT %(unrated)s::numeric FROM lately s
     WHERE %(unrated)s >= asked.least AND %(unrated)s < asked.below AND (s.is_last OR (
           NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.worker_id
                       AND g.scale = 'project_group' AND g.scale_id = asked.group_id)
           AND NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.worker_id
                           AND g.scale = 'requester' AND g.scale_id = asked.owner_id)
           AND {unrated_could_come}))
     LIMIT 1)
) END AS standing
FROM asked
