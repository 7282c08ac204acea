"""A worker says what they think of a requester; it decides where they stand in the worker's feed."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.reputation.models import Rating, Side
from canut.reputation.usecases.record_rating import Judgement, record_ratings
from canut.work.access import own_assignment
from canut.work.models import Assignment, Project


class NothingHandedIn(Refusal):
    """A requester is rated with or after handing in: before that, there is nothing to judge them by."""

    code = "nothing_handed_in"


class DutyNotRated(Refusal):
    """A fund pays it, and there is no requester behind it whom a feed could go by."""

    code = "duty_not_rated"


@transaction.atomic
def rate_requester(*, assignment_id: int, by: Person, value: Decimal, at: datetime) -> Rating:
    """Rate the requester of a task that `by` has handed in: 3 for ✓+, 2 for ✓, 1 for ✓−.

    Rating again replaces the first; both are kept. The requester is never shown who rated them.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NothingHandedIn: it was not handed in. DutyNotRated: a fund pays it.
        BadInput: the value is not on the scale.
    """
    assignment = own_assignment(assignment_id, by=by)
    if assignment.submitted_at is None:
        raise _nothing_handed_in()
    return _rate(assignment, by=by, value=value, at=at)


@transaction.atomic
def rate_requester_of_all(*, requester_id: int, by: Person, value: Decimal, at: datetime) -> Rating:
    """Rate a requester for all that `by` has done for them; it hangs on what was handed in last.

    Else as `rate_requester`.

    Raises:
        NothingHandedIn: `by` has handed nothing in to them, or there is no such requester.
        BadInput: the value is not on the scale.
    """
    done = Assignment.objects.filter(
        worker_id=by.pk, project__owner_id=requester_id, project__fund="", submitted_at__isnull=False
    )
    latest = done.order_by("-submitted_at", "-pk").first()
    if latest is None:
        raise _nothing_handed_in()
    return _rate(latest, by=by, value=value, at=at)


def _rate(assignment: Assignment, *, by: Person, value: Decimal, at: datetime) -> Rating:
    project = Project.objects.get(pk=assignment.project_id)
    if project.fund:
        raise DutyNotRated(_("A fund pays this work, so there is no requester whom you could rate."))
    judgement = Judgement(project.owner_id, assignment.pk, project.group_id, value)
    recorded = record_ratings(side=Side.REQUESTER, rater_id=by.pk, judgements=[judgement], at=at)[0]
    if recorded.is_new:
        record(by, "requester.rated", assignment, at=at, project_id=project.pk)
    return recorded.rating


def _nothing_handed_in() -> NothingHandedIn:
    return NothingHandedIn(_("Hand a task in first; then say what you think of its requester."))
