"""What a project is best done with: a hint of the requester's, which workers narrow their feed by."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.access import own_project, require_requester
from canut.work.models import Project
from canut.work.refusals import ProjectClosed
from canut.work.states import ProjectState
from canut.work.usecases.create_project import refuse_misshapen


@transaction.atomic
def change_device(*, project_id: int, by: Person, device: str, at: datetime) -> Project:
    """Say what the work is best done with, of a draft or of what was published.

    It is no part of what workers were promised: it changes neither the task nor who may take one.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to change.
        BadInput: `device` is no Device. ProjectClosed: nobody looks for it any more.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    refuse_misshapen(device=device)
    if project.device == device:
        return project
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it."))
    project.device = device
    project.save(update_fields=["device"])
    record(by, "project.device_changed", project, at=at, device=device)
    return project
