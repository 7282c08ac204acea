"""The whole of an explanation, others' ratings included, for who runs the site; its reading is kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import NotInForceYet
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.models import Project
from canut.work.queries.explanations import AccessExplained, OrderExplained, explain_access, explain_order
from canut.work.refusals import ProjectNotFound


@transaction.atomic
def explain_access_to_operator(
    *, project_id: int, worker: Person, moment: datetime, at: datetime
) -> AccessExplained:
    """Return why a project was open to a worker at `moment`, or why not, and write down that it was read.

    There is no `by`: it is asked on the machine itself. `moment` lies not after `at`, which is now.

    Raises:
        ProjectNotFound: there is none. BadInput: the moment is still to come, or lies before the charter.
    """
    project = _project(project_id)
    _refuse_the_future(moment, at)
    try:
        found = explain_access(project=project, worker_id=worker.pk, at=moment)
    except NotInForceYet as error:
        raise _before_the_charter() from error
    record(None, "access.explained", worker, at=at, project_id=project.pk, moment=moment.isoformat())
    return found


@transaction.atomic
def explain_order_to_operator(
    *, project_id: int, beside_id: int, worker: Person, moment: datetime, at: datetime
) -> OrderExplained:
    """Return which of two projects stood above the other in a worker's feed. Otherwise as access.

    Raises:
        ProjectNotFound: there is no such project.
        BadInput: the moment is still to come or lies before the charter, or the two cannot be compared.
    """
    first, second = _project(project_id), _project(beside_id)
    _refuse_the_future(moment, at)
    try:
        found = explain_order(worker_id=worker.pk, first=first, second=second, at=moment)
    except NotInForceYet as error:
        raise _before_the_charter() from error
    except ValueError as error:
        raise BadInput(
            _(
                "Two different published projects can be compared, where the worker's feed is not sorted by "
                "the work left, which is not kept."
            )
        ) from error
    record(
        None,
        "order.explained",
        worker,
        at=at,
        project_id=first.pk,
        beside_id=second.pk,
        moment=moment.isoformat(),
    )
    return found


def _project(project_id: int) -> Project:
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise ProjectNotFound(_("There is no such project."))
    return found


def _refuse_the_future(moment: datetime, at: datetime) -> None:
    if moment > at:
        raise BadInput(_("What has not happened yet cannot be explained. Give a moment of the past."))


def _before_the_charter() -> BadInput:
    return BadInput(_("The charter had no rules yet at that moment. Give one since it began."))
