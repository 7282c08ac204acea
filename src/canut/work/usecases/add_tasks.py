"""Rows that wait in a published project become work: their money is set aside first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.models import Revision
from canut.work.queries.pricing import places_unpaid, quote_for
from canut.work.refusals import ProjectClosed, ProjectDeadlinePassed
from canut.work.rules import Quote
from canut.work.states import ProjectState
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.open_places import open_places
from canut.work.usecases.pay_top_ups import refuse_while_owing
from canut.work.usecases.publish_project import (
    last_position,
    refuse_another_total,
    refuse_under_floor,
)


class NotPublishedYet(Refusal):
    code = "not_published_yet"


class NothingToAdd(Refusal):
    code = "nothing_to_add"
    status = 422


@transaction.atomic
def add_tasks(*, project_id: int, by: Person, at: datetime, agreed_minor: int | None = None) -> Quote:
    """Pay for every row that waits in a live or paused project, open its places, and return the quote.

    `agreed_minor` is the total that the owner was shown: then exactly that is charged, or nothing.
    It also tells a repeat: with nothing waiting, the call is refused and charges nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to enlarge.
        NotPublishedYet: a draft is published whole. ProjectClosed, ProjectDeadlinePassed: nobody
            could take the tasks.
        RowsUnderWay: a file is still becoming tasks. NothingToAdd: no row waits.
        RewardUnderFloor: the floor has risen above the project's reward since it was published.
        TopUpsOwed: the project owes its workers top-ups, and they come first.
        TotalChanged: it costs another sum by now. InsufficientFunds: the balance does not cover it.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if project.state == ProjectState.DRAFT:
        raise NotPublishedYet(_("This is a draft: its rows are paid for when it is published."))
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    if project.deadline_at is not None and project.deadline_at <= at:
        raise ProjectDeadlinePassed(_("This project's deadline has passed. Move it, then add the tasks."))
    refuse_while_rows_move(project)
    refuse_while_owing(project, at=at)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    last = last_position(revision)
    if last <= revision.paid_upto:
        raise NothingToAdd(_("No rows wait to be added. Upload a file first."))
    priced = quote_for(project, revision, places=places_unpaid(revision), at=at)
    refuse_under_floor(project, priced)
    refuse_another_total(project, priced, agreed_minor=agreed_minor)

    set_aside(project, priced, key=f"tasks-to-{revision.number}-{last}", at=at)
    revision.paid_upto = last
    revision.save(update_fields=["paid_upto"])
    if open_places(revision_id=revision.pk):
        later("work.open_places", revision_id=revision.pk)
    record(by, "project.tasks_added", project, at=at, places=priced.places, total_minor=priced.total_minor)
    return priced
