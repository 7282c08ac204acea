"""Places that somebody left open again for others, or close for good when the project is closed."""

from collections.abc import Iterable

from django.db import connection

from canut.work.hot.statements import RANKS


def reopen_places(assignment_ids: Iterable[int]) -> None:
    """Open the places that these assignments have left, at a fresh rank in their project's queue.

    In a closed project they close instead, and their money goes back by `refund_unused`. Must run in
    the transaction in which the assignments left their places.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE work_place q
            SET state = CASE p.state WHEN 'closed' THEN 'closed' ELSE 'open' END,
                rank = CASE p.state WHEN 'closed' THEN NULL ELSE (random() * %s)::int END
            FROM work_assignment a JOIN work_project p ON p.id = a.project_id
            WHERE a.id = ANY (%s)
              AND q.project_id = a.project_id AND q.task_id = a.task_id AND q.number = a.place_number
            """,
            [RANKS - 1, list(assignment_ids)],
        )
