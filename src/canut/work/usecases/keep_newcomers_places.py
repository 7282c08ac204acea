"""Places for workers nobody has rated: kept while a cascade runs, and everybody's when it has ended."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

# A kept place has a negative rank, where who comes by standing does not look; turned over, it is again
# where it was in the queue.
_TURN = """
UPDATE work_place SET rank = -1 - rank
WHERE project_id = ANY (%(projects)s) AND for_newcomers AND rank IS NOT NULL AND (rank < 0) <> %(kept)s
"""


# Somebody who leaves a place at the very moment in which a cascade starts or ends may not see that yet, and
# open it on the wrong side. Few projects have just started; of the others the queue's beginning is looked at.
_MEND = """
UPDATE work_place q SET rank = -1 - q.rank
FROM work_project p
WHERE q.project_id = p.id AND p.state IN ('live', 'paused') AND p.round_id IS NULL AND (
      (p.threshold IS NULL AND q.rank < 0)
      OR (p.threshold IS NOT NULL AND p.cascade_started_at > %(since)s AND q.for_newcomers AND q.rank >= 0))
"""


def keep_newcomers_places(project_ids: Sequence[int], *, kept: bool) -> None:
    """Keep the open places for newcomers in these projects, or give them to everybody.

    Must run in the transaction in which the projects' cascades start or end, their rows locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"projects": list(project_ids), "kept": kept})


def mend_newcomers_places(*, started_since: datetime) -> None:
    """Turn over the places that were opened on the wrong side as a cascade started or ended."""
    with connection.cursor() as cursor:
        cursor.execute(_MEND, {"since": started_since})
