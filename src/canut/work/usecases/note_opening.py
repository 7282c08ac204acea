"""That a worker has looked at a project is kept: out of so many it takes a share to withdraw it."""

from datetime import datetime

from canut.people.models import Person
from canut.work.models import Project, ProjectOpening


def note_opening(*, project_id: int, by: Person, at: datetime) -> bool:
    """Note once that the worker `by` has opened a published project of somebody else; tell whether it is new.

    It is no event: who looked at what concerns nobody, only their number does.
    """
    if not by.is_worker or ProjectOpening.objects.filter(project_id=project_id, worker=by).exists():
        return False
    seen = Project.objects.filter(pk=project_id, published_at__isnull=False).exclude(owner_id=by.pk)
    if not seen.exists():
        return False
    opening = ProjectOpening(project_id=project_id, worker=by, opened_at=at)
    ProjectOpening.objects.bulk_create([opening], ignore_conflicts=True)
    return True
