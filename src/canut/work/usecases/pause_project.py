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
from canut.work.usecases.end_session import end_sessions_of
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock
from canut.work.usecases.pay_top_ups import refuse_while_owing
from canut.work.usecases.refuse_while_revised import refuse_while_revised


class NotRunning(Refusal):
    code = "project_not_running"


@transaction.atomic
def pause_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Take a live project out of the feed; nothing can be taken until it is resumed. Twice is safe.

    Open sessions of work by the hour end, paid, for there is nothing to do in them.

    Raises:
        ProjectNotFound: there is none of `by`. NotRunning: it is a draft or closed.
    """
    return _move(project_id, by=by, at=at, to=ProjectState.PAUSED, event="project.paused")


@transaction.atomic
def resume_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Put a paused project back into the feed. Otherwise as `pause_project`.

    Raises:
        RevisionUnfinished: a revision was begun. Publish it or discard it first.
        TopUpsOwed: top-ups are due that neither its reserve nor its owner's balance covers.
    """
    return _move(project_id, by=by, at=at, to=ProjectState.LIVE, event="project.resumed")


def _move(project_id: int, *, by: Person, at: datetime, to: ProjectState, event: str) -> Project:
    project = own_project(project_id, by=by, lock=True)
    if project.state == to:
        return project
    if project.state not in (ProjectState.LIVE, ProjectState.PAUSED):
        raise NotRunning(_("Only a published project that is not closed can be paused or resumed."))
    if to == ProjectState.LIVE:
        refuse_while_revised(project)
        refuse_while_owing(project, at=at)
    project.state = to
    project.save(update_fields=["state"])
    keep_cascade_clock(project, at=at)
    if to == ProjectState.PAUSED:
        end_sessions_of(project, by=by, at=at)
    record(by, event, project, at=at)
    return project
