"""The time from which nothing of a project can be taken any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.access import own_project, require_requester
from canut.work.models import Project
from canut.work.refusals import ProjectClosed
from canut.work.states import ProjectState
from canut.work.usecases.schedule_project import TimeIsOver


@transaction.atomic
def change_deadline(*, project_id: int, by: Person, deadline_at: datetime | None, at: datetime) -> Project:
    """Set, move or with None lift the deadline. What is in hand when it passes may still be handed in.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to change.
        ProjectClosed: nothing can be taken from it anyway. TimeIsOver: the deadline is not in the future.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if project.deadline_at == deadline_at:
        return project
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it."))
    if deadline_at is not None and deadline_at <= at:
        raise TimeIsOver(_("Choose a deadline in the future. To stop a project at once, pause it."))
    project.deadline_at = deadline_at
    project.save(update_fields=["deadline_at"])
    record(
        by, "project.deadline_changed", project, at=at, deadline_at=deadline_at and deadline_at.isoformat()
    )
    return project
