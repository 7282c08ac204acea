"""A duty ends when nothing of it is open any more."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.work.models import Assignment, Place
from canut.work.queries.settling import UNDECIDED
from canut.work.states import PlaceState, ProjectState
from canut.work.usecases.add_duty import duty_to_change
from canut.work.usecases.close_project import end_project


@transaction.atomic
def end_duty(*, project_id: int, at: datetime) -> bool:
    """Close a project that a fund pays, unless a task of it is open or in hand; return whether it is closed.

    Its work is settled now; what its reserve holds goes back to the fund when its top-ups are paid.

    Raises:
        ProjectNotFound: there is no such duty.
    """
    project = duty_to_change(project_id)
    if project.state == ProjectState.CLOSED:
        return True
    is_open = Place.objects.filter(project=project, state__in=[PlaceState.OPEN, PlaceState.WAITING])
    if is_open.exists() or Assignment.objects.filter(UNDECIDED, project=project).exists():
        return False
    refunded = end_project(project, by=None, at=at)
    record(None, "project.closed", project, at=at, refunded_minor=refunded)
    return True
