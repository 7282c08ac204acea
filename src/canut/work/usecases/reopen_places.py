"""Places that somebody left open again for others, or close because their money is needed no more."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from canut.work.hot.statements import RANKS

# A place opens again if what was set aside for it pays for it still: its task is of the revision that
# workers work on, paid for, and at the same reward. In a prototype round its own places open, and the
# others wait. A place of a round that is decided serves the full run, if that has been launched. That of a
# row which is out of the feed waits with it, or closes where the row was withdrawn.
_REOPEN = """
UPDATE work_place q
SET state = now.state, rank = CASE now.state WHEN 'open' THEN
        CASE WHEN q.for_newcomers AND now.cascading THEN -1 - (random() * %(ranks)s)::int
             ELSE (random() * %(ranks)s)::int END END,
    round_id = CASE WHEN q.round_id = now.running THEN q.round_id END
FROM (
    SELECT a.project_id, a.task_id, a.place_number, p.round_id AS running,
        p.threshold IS NOT NULL AS cascading, CASE
        WHEN p.state = 'closed' OR off.state = 'withdrawn' THEN 'closed'
        WHEN own.round_id = p.round_id THEN coalesce(off.state, 'open')
        WHEN t.position > r.paid_upto OR a.reward_minor <> r.reward_minor
            OR EXISTS (SELECT FROM work_revision n WHERE n.project_id = p.id AND n.number > r.number
                       AND n.published_at IS NOT NULL) THEN 'closed'
        ELSE coalesce(off.state, CASE WHEN p.round_id IS NULL THEN 'open' ELSE 'waiting' END) END AS state
    FROM work_assignment a
    JOIN work_project p ON p.id = a.project_id
    JOIN work_task t ON t.id = a.task_id
    JOIN work_revision r ON r.id = t.revision_id
    JOIN work_place own ON own.project_id = a.project_id AND own.task_id = a.task_id
        AND own.number = a.place_number
    LEFT JOIN work_brokenrow off ON off.task_id = a.task_id AND off.state IN ('paused', 'withdrawn')
    WHERE a.id = ANY (%(assignments)s)) now
WHERE q.project_id = now.project_id AND q.task_id = now.task_id AND q.number = now.place_number
"""

# Whoever puts their row out of the feed at this moment is waited for, so that the next statement sees it.
_LOCK = """
SELECT FROM work_place q JOIN work_assignment a
    ON q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
WHERE a.id = ANY (%(assignments)s) ORDER BY q.id FOR NO KEY UPDATE OF q
"""


def reopen_places(assignment_ids: Iterable[int]) -> None:
    """Open the places that these assignments have left, at a fresh rank in their project's queue.

    In a closed project they close instead, as they do where the work was of an earlier revision at another
    reward; their money goes back. Those of a row that is out of the feed stay paused. Must run in the
    transaction in which the assignments left their places.
    """
    given: dict[str, Any] = {"ranks": RANKS - 1, "assignments": list(assignment_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, given)
        cursor.execute(_REOPEN, given)
