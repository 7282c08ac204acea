"""Rows that wait in a published project become work: their money is set aside first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.work.access import latest_revision, lock_owner, own_project, require_requester
from canut.work.models import Revision
from canut.work.queries.price import price_of
from canut.work.refusals import ProjectClosed, ProjectDeadlinePassed
from canut.work.rules import Quote
from canut.work.states import ProjectState
from canut.work.usecases.begin_tasks import begin_tasks
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.open_round import refuse_if_stopped
from canut.work.usecases.pay_top_ups import refuse_while_owing
from canut.work.usecases.publish_project import refuse_another_total, refuse_under_floor
from canut.work.usecases.refuse_while_revised import refuse_while_revised


class NotPublishedYet(Refusal):
    code = "not_published_yet"


class NothingToAdd(Refusal):
    code = "nothing_to_add"
    status = 422


@transaction.atomic
def add_tasks(*, project_id: int, by: Person, at: datetime, agreed_minor: int | None = None) -> Quote:
    """Pay for every row that waits in a live or paused project, open its places, and return the quote.

    What passed prototype rounds do not cover begins with a further round: then its places alone are paid
    for and open, and the rest goes on waiting. `agreed_minor` is the total that the owner was shown: then
    exactly that is charged, or nothing. It also tells a repeat: with nothing waiting, the call is refused
    and charges nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to enlarge.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        NotPublishedYet: a draft is published whole. ProjectClosed, ProjectDeadlinePassed: nobody
            could take the tasks.
        RevisionUnfinished: a revision was begun, and takes over what waits.
        RowsUnderWay: a file is still becoming tasks. NothingToAdd: no row waits.
        RoundRunning: a prototype round runs; what waits can begin when it has passed.
        DesignNotRevised: the workers of the last round asked for a revision.
        RewardUnderFloor: the floor has risen above the project's reward since it was published, or the
            workers of the rounds took longer than it pays for.
        TopUpsOwed: the project owes its workers top-ups, and they come first.
        TotalChanged: it costs another sum by now. InsufficientFunds: the balance does not cover it.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    lock_owner(by)
    project = own_project(project_id, by=by, lock=True)
    if project.state == ProjectState.DRAFT:
        raise NotPublishedYet(_("This is a draft: its rows are paid for when it is published."))
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    if project.deadline_at is not None and project.deadline_at <= at:
        raise ProjectDeadlinePassed(_("This project's deadline has passed. Move it, then add the tasks."))
    refuse_while_revised(project)
    refuse_while_rows_move(project)
    refuse_while_owing(project, at=at)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    price = price_of(project, revision, at=at)
    if not price.gate.waiting_tasks:
        raise NothingToAdd(_("No rows wait to be added. Upload a file first."))
    refuse_if_stopped(price.gate, project)
    refuse_under_floor(project, price.now, tried=price.tried_seconds is not None, at=at)
    refuse_another_total(project, price.now, agreed_minor=agreed_minor)

    begin_tasks(project, revision, price, key="tasks", by=by, at=at)
    record(
        by,
        "project.tasks_added",
        project,
        at=at,
        places=price.now.places,
        total_minor=price.now.total_minor,
        in_round=price.gate.needs_round,
    )
    return price.now
