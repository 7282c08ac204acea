"""Who is too near to somebody by work to judge about them."""

from datetime import datetime, timedelta

from canut.people.queries_lists import who_block_or_are_blocked
from canut.work.models import Assignment

NEAR = timedelta(days=90)
"""So long ago must two people have worked for each other, for one to judge about the other."""


def near_to(person_id: int, *, at: datetime) -> set[int]:
    """Return who worked for somebody lately, for whom they worked, whom they block, and who blocks them."""
    lately = Assignment.objects.filter(taken_at__gt=at - NEAR, submitted_at__isnull=False)
    return {
        *lately.filter(worker=person_id).values_list("project__owner", flat=True).distinct(),
        *lately.filter(project__owner=person_id).values_list("worker", flat=True).distinct(),
        *who_block_or_are_blocked([person_id]),
    }
