"""A draft that goes live by itself at a time of its owner's choosing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.models import Project
from canut.work.states import ProjectState
from canut.work.usecases.publish_project import ProjectNotDraft, ready_to_publish


class TimeIsOver(Refusal):
    code = "time_is_over"
    status = 422


@transaction.atomic
def schedule_project(*, project_id: int, by: Person, publish_at: datetime | None, at: datetime) -> Project:
    """Have a draft published at `publish_at`, or with None not any more.

    It must be fit to be published now already; its money is asked for when the time comes, and if
    something is missing then, it stays a draft and its owner is told.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to publish.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        ProjectNotDraft: it was published or closed. TimeIsOver: `publish_at` is not in the future.
        What `publish_project` raises, but for InsufficientFunds.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    project = own_project(project_id, by=by, lock=True)
    if project.state != ProjectState.DRAFT:
        raise ProjectNotDraft(_("Only a draft can be scheduled; this project was published or closed."))
    if project.publish_at == publish_at:
        return project
    if publish_at is not None:
        if publish_at <= at:
            raise TimeIsOver(_("Choose a time in the future, or publish now."))
        ready_to_publish(project, latest_revision(project), at=publish_at)
    project.publish_at = publish_at
    project.save(update_fields=["publish_at"])
    event = "project.unscheduled" if publish_at is None else "project.scheduled"
    record(by, event, project, at=at, publish_at=publish_at and publish_at.isoformat())
    return project
