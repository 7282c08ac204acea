-- For each project asked about: the highest standing that anybody has toward it strictly below `below`; null if
-- none. Whoever they are: active or not. The first scope that has a standing counts, as in reputation_toward;
-- "unrated" is among the policy's own steps. Where the last of the people looked at is reached, theirs is taken:
-- the threshold stays too high rather than falling too far. OFFSET 0 keeps each probe a look into an index: as
-- a set to compare with, all that a requester ever rated would be read again for each project.
-- Parameters: projects, below (arrays of one length), people (how many are looked at in each scope).
SELECT p.id, greatest(
    (SELECT s.value FROM reputation_standing_v s
     WHERE s.scale = 'project_group' AND s.scale_id = p.group_id AND s.value < asked.below
     ORDER BY s.value DESC LIMIT 1),
    (SELECT s.value
     FROM (SELECT o.*, row_number() OVER () AS n FROM (
               SELECT party_id, value FROM reputation_standing_v
               WHERE scale = 'requester' AND scale_id = p.owner_id AND value < asked.below
               ORDER BY value DESC LIMIT %(people)s) o) s
     WHERE s.n = %(people)s OR NOT EXISTS (
           SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
           AND g.scale = 'project_group' AND g.scale_id = p.group_id OFFSET 0)
     LIMIT 1),
    (SELECT s.value
     FROM (SELECT o.*, row_number() OVER () AS n FROM (
               SELECT party_id, value FROM reputation_standing_v
               WHERE scale = 'platform' AND scale_id = 0 AND value < asked.below
               ORDER BY value DESC LIMIT %(people)s) o) s
     WHERE s.n = %(people)s OR (
           NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                       AND g.scale = 'project_group' AND g.scale_id = p.group_id OFFSET 0)
           AND NOT EXISTS (SELECT FROM reputation_standing_v g WHERE g.party_id = s.party_id
                           AND g.scale = 'requester' AND g.scale_id = p.owner_id OFFSET 0))
     LIMIT 1)) AS standing
FROM unnest(%(projects)s::bigint[], %(below)s::numeric[]) asked (id, below)
JOIN work_project p ON p.id = asked.id
