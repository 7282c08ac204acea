"""Who is tied to whom by projects: one has handed in work for a project of the other."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from canut.work.models import Assignment


def project_ties(person_ids: Collection[int], *, since: datetime) -> frozenset[frozenset[int]]:
    """Return the pairs of these people of whom one has handed in work, since then, to the other's project."""
    rows = Assignment.objects.filter(
        worker_id__in=person_ids, project__owner_id__in=person_ids, submitted_at__gte=since
    ).exclude(worker_id=F("project__owner_id"))
    return frozenset(
        frozenset(pair) for pair in rows.values_list("worker_id", "project__owner_id").distinct()
    )
