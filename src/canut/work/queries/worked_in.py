"""Which projects somebody has handed work in to: how many tasks, and when. For themselves alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from canut.work.models import Assignment
from canut.work.states import AssignmentState


@dataclass(frozen=True, slots=True)
class WorkedIn:
    """What a worker handed in to one project. `is_duty`: a fund pays it, such as the reviews of a guild."""

    project_id: int
    title: str
    is_duty: bool
    handed_in: int
    approved: int
    first_at: datetime
    last_at: datetime


def worked_in(
    worker_id: int,
    *,
    project_id: int | None = None,
    project_ids: Collection[int] | None = None,
    since: datetime | None = None,
    most: int | None = None,
) -> Sequence[WorkedIn]:
    """Return what somebody handed in, project by project, the latest first.

    One project alone, or some, if they are named; only what was handed in after `since`. A task that came
    back and was handed in again counts once, at its latest time.
    """
    rows = Assignment.objects.filter(worker_id=worker_id, submitted_at__isnull=False)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    if project_ids is not None:
        rows = rows.filter(project_id__in=project_ids)
    if since is not None:
        rows = rows.filter(submitted_at__gt=since)
    counted = (
        rows.values("project_id", "project__title", "project__fund")
        .annotate(
            handed_in=Count("pk"),
            approved=Count("pk", filter=Q(state=AssignmentState.APPROVED)),
            first_at=Min("submitted_at"),
            last_at=Max("submitted_at"),
        )
        .order_by("-last_at", "-project_id")
    )
    return [
        WorkedIn(
            project_id=row["project_id"],
            title=row["project__title"],
            is_duty=bool(row["project__fund"]),
            handed_in=row["handed_in"],
            approved=row["approved"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in counted[:most]
    ]
