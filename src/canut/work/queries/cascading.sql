-- For each cascading project: the highest standing of those who could come in now if the threshold let them.
-- Who could: a worker who was active lately, may work, is not blocked and meets the project's terms, and has
-- an open place left by right, in a task they have not done. The first scope that has a standing counts, as
-- in reputation_toward; whom nobody has rated enough stands at "unrated".
-- Parameters: projects (ids), since (active from then on), unrated, recent (how many assignments are looked
-- back through for workers without a standing).
WITH recent AS (
    SELECT DISTINCT a.worker_id FROM (
        SELECT worker_id, taken_at FROM work_assignment ORDER BY id DESC LIMIT %(recent)s) a
    WHERE a.taken_at > %(since)s)
SELECT p.id, greatest(in_group.value, with_requester.value, anywhere.value, unrated.value) AS best
FROM work_project p
LEFT JOIN LATERAL (
    SELECT s.value FROM reputation_standing_v s
    WHERE s.scale = 'project_group' AND s.scale_id = p.group_id AND work_could_come(p.id, s.party_id, %(since)s)
    ORDER BY s.value DESC LIMIT 1) in_group ON true
LEFT JOIN LATERAL (
    SELECT s.value FROM reputation_standing_v s
    WHERE s.scale = 'requester' AND s.scale_id = p.owner_id
      AND NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                      AND g.scale = 'project_group' AND g.scale_id = p.group_id)
      AND work_could_come(p.id, s.party_id, %(since)s)
    ORDER BY s.value DESC LIMIT 1) with_requester ON true
LEFT JOIN LATERAL (
    SELECT s.value FROM reputation_standing_v s
    WHERE s.scale = 'platform' AND s.scale_id = 0
      AND NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                      AND ((g.scale = 'project_group' AND g.scale_id = p.group_id)
                           OR (g.scale = 'requester' AND g.scale_id = p.owner_id)))
      AND work_could_come(p.id, s.party_id, %(since)s)
    ORDER BY s.value DESC LIMIT 1) anywhere ON true
LEFT JOIN LATERAL (
    SELECT %(unrated)s::numeric AS value FROM recent r
    WHERE NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = r.worker_id
                      AND ((g.scale = 'project_group' AND g.scale_id = p.group_id)
                           OR (g.scale = 'requester' AND g.scale_id = p.owner_id)
                           OR (g.scale = 'platform' AND g.scale_id = 0)))
      AND work_could_come(p.id, r.worker_id, %(since)s)
    LIMIT 1) unrated ON true
WHERE p.id = ANY (%(projects)s)
