"""Places for workers nobody has rated: kept while a cascade runs, and everybody's when it has ended."""

from collections.abc import Sequence

from django.db import connection

# A kept place has a negative rank, where who comes by standing does not look; turned over, it is again
# where it was in the queue.
_TURN = """
UPDATE work_place SET rank = -1 - rank
WHERE project_id = ANY (%(projects)s) AND for_newcomers AND rank IS NOT NULL AND (rank < 0) <> %(kept)s
"""


def keep_newcomers_places(project_ids: Sequence[int], *, kept: bool) -> None:
    """Keep the open places for newcomers in these projects, or give them to everybody.

    Must run in the transaction in which the projects' cascades start or end, their rows locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"projects": list(project_ids), "kept": kept})
