-- Who could come into one project now if the cascade let them, counted by standing: at or above the
-- threshold, at or above where the next step would be, and all. The first scope that has a standing counts, as
-- in reputation_toward. Of each worker the whole condition is asked ("could_come", could_come.sql), so no more
-- than `most` of them are looked at: first those whom this requester has rated, then those who took a task
-- lately. Where there are more, the counts are those of a part.
-- Parameters: project, threshold and following (either may be null: everybody), since (active from then on),
-- unrated, recent (how many assignments are looked back through), most.
WITH asked AS (
    SELECT p.id, p.owner_id, p.group_id, p.allowed_only, p.risks, p.asks_standings,
           (SELECT jsonb_path_exists(r.design, '$.items[*] ? (@.type == "takers")') FROM work_revision r
            WHERE r.project_id = p.id AND r.published_at IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS names_takers
    FROM work_project p WHERE p.id = %(project)s
),
rated AS (
    SELECT s.party_id AS worker_id, 0 AS turn FROM reputation_standing_v s, asked
    WHERE (s.scale = 'project_group' AND s.scale_id = asked.group_id)
       OR (s.scale = 'requester' AND s.scale_id = asked.owner_id)
    LIMIT %(most)s
),
recent AS (
    SELECT DISTINCT a.worker_id, 1 AS turn FROM (
        SELECT worker_id, taken_at FROM work_assignment ORDER BY id DESC LIMIT %(recent)s) a
    WHERE a.taken_at > %(since)s
),
looked_at AS MATERIALIZED (
    SELECT worker_id FROM (SELECT * FROM rated UNION ALL SELECT * FROM recent) found
    GROUP BY worker_id ORDER BY min(turn), worker_id LIMIT %(most)s
),
coming AS MATERIALIZED (
    SELECT coalesce(in_group.value, with_requester.value, everywhere.value, %(unrated)s) AS standing
    FROM looked_at CROSS JOIN asked
    LEFT JOIN reputation_standing_v in_group ON in_group.party_id = looked_at.worker_id
          AND in_group.scale = 'project_group' AND in_group.scale_id = asked.group_id
    LEFT JOIN reputation_standing_v with_requester ON with_requester.party_id = looked_at.worker_id
          AND with_requester.scale = 'requester' AND with_requester.scale_id = asked.owner_id
    LEFT JOIN reputation_standing_v everywhere ON everywhere.party_id = looked_at.worker_id
          AND everywhere.scale = 'platform' AND everywhere.scale_id = 0
    WHERE {could_come}
)
SELECT count(*) FILTER (WHERE %(threshold)s::numeric IS NULL OR standing >= %(threshold)s),
       count(*) FILTER (WHERE %(following)s::numeric IS NULL OR standing >= %(following)s),
       count(*)
FROM coming
