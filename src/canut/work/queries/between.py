"""Between whom there was work: who worked in whose projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from canut.people.models import Kind
from canut.work.models import Assignment, Project


@dataclass(frozen=True, slots=True)
class WorkedIn:
    """A project in which somebody took a task, and whose it is."""

    id: int
    title: str
    owner_id: int
    owner_name: str
    is_of_a_person: bool


def had_work_between(party_id: int, among: Collection[int], *, since: datetime) -> frozenset[int]:
    """Return which of these people worked for a party, or had a project in which it worked, since a moment.

    A task that was taken counts, whatever became of it.
    """
    taken = Assignment.objects.filter(taken_at__gte=since)
    for_it = taken.filter(project__owner_id=party_id, worker_id__in=among)
    by_it = taken.filter(worker_id=party_id, project__owner_id__in=among)
    return frozenset(for_it.values_list("worker_id", flat=True).distinct()) | frozenset(
        by_it.values_list("project__owner_id", flat=True).distinct()
    )


def worked_for(worker_id: int, owner_id: int) -> bool:
    """Tell whether somebody took a task of a party's."""
    return Assignment.objects.filter(worker_id=worker_id, project__owner_id=owner_id).exists()


def knows_as_requester(owner_id: int, worker_id: int) -> bool:
    """Tell whether a requester knows somebody who worked for them: they handed in, not in a round alone.

    Rounds hide who takes part (MECHANISMS 3.7).
    """
    return Assignment.objects.filter(
        project__owner_id=owner_id, worker_id=worker_id, round__isnull=True, submitted_at__isnull=False
    ).exists()


def owner_to_worker(project_id: int, worker_id: int) -> WorkedIn | None:
    """Return a project in which somebody took a task; None if they took none."""
    found = Project.objects.select_related("owner").filter(pk=project_id).first()
    if found is None or not Assignment.objects.filter(project=found, worker_id=worker_id).exists():
        return None
    return WorkedIn(
        found.pk, found.title, found.owner_id, found.owner.screen_name, found.owner.kind == Kind.PERSON
    )
