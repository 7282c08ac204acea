"""A withdrawal that was overturned: the project's owner takes it up again, by a revision."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_project, require_requester
from canut.work.models import Project, Withdrawal
from canut.work.states import AppealState, ProjectState
from canut.work.usecases.begin_revision import begin_revision


class WithdrawalStands(Refusal):
    """Only an appeal that overturned the withdrawal lets a closed project be taken up again."""

    code = "withdrawal_stands"


@transaction.atomic
def reinstate_project(*, project_id: int, by: Person, at: datetime) -> Project:
    """Take up a project again whose withdrawal an appeal has overturned; twice is safe.

    It comes back paused, with a revision that its owner may change and then publishes: that sets the
    money aside again which went back when it was withdrawn, and opens what nobody has done.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to take up.
        WithdrawalStands: it was not withdrawn, or that stands, or it was closed again by its owner.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    withdrawal = Withdrawal.objects.filter(project=project).first()
    overturned = withdrawal is not None and withdrawal.appeal == AppealState.OVERTURNED
    if overturned and project.state in (ProjectState.PAUSED, ProjectState.LIVE):
        return project
    if withdrawal is None or not overturned or project.closed_at != withdrawal.withdrawn_at:
        raise WithdrawalStands(
            _("Only a project whose withdrawal was overturned can be taken up again. Duplicate this one.")
        )
    project.state, project.closed_at = ProjectState.PAUSED, None
    project.save(update_fields=["state", "closed_at"])
    record(by, "project.reinstated", project, at=at)
    begin_revision(project_id=project.pk, by=by, at=at)
    return project
