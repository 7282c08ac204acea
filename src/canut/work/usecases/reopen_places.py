"""Places that somebody left open again for others, or close because their money is needed no more."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from canut.kernel.later import later
from canut.work.hot.statements import RANKS

# Which place each of them left. The key is asked for each by itself, for a planner that believes a table to
# be empty, as it is until the first count of its rows, would join by reading all of it for each.
_LEFT = """
SELECT a.id, (SELECT q.id FROM work_place q
              WHERE q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number)
FROM work_assignment a WHERE a.id = ANY (%(assignments)s)
"""

# Whoever puts their row out of the feed at this moment is waited for, so that the next statement sees it.
_LOCK = "SELECT FROM work_place WHERE id = ANY (%(places)s) ORDER BY id FOR NO KEY UPDATE"

# A place opens again if what was set aside for it pays for it still: its task is of the revision that
# workers work on, paid for, and at the same reward. In a prototype round its own places open, and the
# others wait. A place of a round that is decided serves the full run, if that has been launched. That of a
# row which is out of the feed waits with it, or closes where the row was withdrawn.
_REOPEN = """
WITH now AS MATERIALIZED (
    SELECT own.id, p.round_id AS running, p.threshold IS NOT NULL AS cascading, CASE
        WHEN p.state = 'closed' OR off.state = 'withdrawn' THEN 'closed'
        WHEN own.round_id = p.round_id THEN coalesce(off.state, 'open')
        WHEN t.position > r.paid_upto OR a.reward_minor <> r.reward_minor
            OR EXISTS (SELECT FROM work_revision n WHERE n.project_id = p.id AND n.number > r.number
                       AND n.published_at IS NOT NULL) THEN 'closed'
        ELSE coalesce(off.state, CASE WHEN p.round_id IS NULL THEN 'open' ELSE 'waiting' END) END AS state
    FROM unnest(%(places)s::bigint[], %(left)s::bigint[]) AS one (place_id, assignment_id)
    CROSS JOIN LATERAL (SELECT * FROM work_assignment WHERE id = one.assignment_id OFFSET 0) a
    CROSS JOIN LATERAL (SELECT * FROM work_place WHERE id = one.place_id OFFSET 0) own
    CROSS JOIN LATERAL (SELECT * FROM work_project WHERE id = a.project_id OFFSET 0) p
    CROSS JOIN LATERAL (SELECT * FROM work_task WHERE id = a.task_id OFFSET 0) t
    CROSS JOIN LATERAL (SELECT * FROM work_revision WHERE id = t.revision_id OFFSET 0) r
    LEFT JOIN LATERAL (SELECT state FROM work_brokenrow WHERE task_id = a.task_id
                       AND state IN ('paused', 'withdrawn') OFFSET 0) off ON true)
UPDATE work_place q
SET state = now.state, rank = CASE now.state WHEN 'open' THEN
        CASE WHEN q.for_newcomers AND now.cascading THEN -1 - (random() * %(ranks)s)::int
             ELSE (random() * %(ranks)s)::int END END,
    round_id = CASE WHEN q.round_id = now.running THEN q.round_id END
FROM now WHERE q.id = now.id AND q.id = ANY (%(places)s)
RETURNING q.project_id, q.state
"""


def reopen_places(assignment_ids: Iterable[int]) -> None:
    """Open the places that these assignments have left, at a fresh rank in their project's queue.

    In a closed project they close instead, as they do where the work was of an earlier revision at another
    reward, or of a row that was withdrawn; a job gives their money back. Those of a row that is paused stay
    paused. Must run in the transaction in which the assignments left their places.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"assignments": list(assignment_ids)})
        found = cursor.fetchall()
        left, places = [one[0] for one in found], [one[1] for one in found]
        given: dict[str, Any] = {"ranks": RANKS - 1, "left": left, "places": places}
        cursor.execute(_LOCK, given)
        cursor.execute(_REOPEN, given)
        closed = {project_id for project_id, state in cursor.fetchall() if state == "closed"}
    for project_id in sorted(closed):
        later("work.give_back_free", project_id=project_id)
