"""Pausing and resuming: a paused project leaves the feed at once; work in hand goes on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import Project
from canut.work.states import ProjectState


class NotRunning(Refusal):
    code = "project_not_running"


@transaction.atomic
def pause_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Take a live project out of the feed; nothing can be taken until it is resumed. Twice is safe.

    Raises:
        ProjectNotFound: there is none of `by`. NotRunning: it is a draft or closed.
    """
    return _move(project_id, by=by, at=at, to=ProjectState.PAUSED, event="project.paused")


@transaction.atomic
def resume_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Put a paused project back into the feed. Otherwise as `pause_project`."""
    return _move(project_id, by=by, at=at, to=ProjectState.LIVE, event="project.resumed")


def _move(project_id: int, *, by: Person, at: datetime, to: ProjectState, event: str) -> Project:
    project = own_project(project_id, by=by, lock=True)
    if project.state == to:
        return project
    if project.state not in (ProjectState.LIVE, ProjectState.PAUSED):
        raise NotRunning(_("Only a published project that is not closed can be paused or resumed."))
    project.state = to
    project.save(update_fields=["state"])
    record(by, event, project, at=at)
    return project
