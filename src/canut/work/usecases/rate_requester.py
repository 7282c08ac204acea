"""A worker says what they think of a requester; it decides where they stand in the worker's feed."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.reputation.models import Rating, Side
from canut.reputation.usecases.record_rating import record_rating
from canut.work.access import own_assignment
from canut.work.models import Project


class NothingHandedIn(Refusal):
    """A requester is rated with or after handing in: before that, there is nothing to judge them by."""

    code = "nothing_handed_in"


@transaction.atomic
def rate_requester(*, assignment_id: int, by: Person, value: Decimal, at: datetime) -> Rating:
    """Rate the requester of a task that `by` has handed in: 3 for ✓+, 2 for ✓, 1 for ✓−.

    Rating again replaces the first; both are kept. The requester is never shown who rated them.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NothingHandedIn: it was not handed in.
        BadInput: the value is not on the scale.
    """
    assignment = own_assignment(assignment_id, by=by, lock=True)
    if assignment.submitted_at is None:
        raise NothingHandedIn(_("Hand the task in first; then say what you think of its requester."))
    project = Project.objects.get(pk=assignment.project_id)
    rating = record_rating(
        side=Side.REQUESTER,
        rater_id=by.pk,
        rated_id=project.owner_id,
        assignment_id=assignment.pk,
        group_id=project.group_id,
        value=value,
        at=at,
    )
    if rating.given_at == at:
        record(by, "requester.rated", assignment, at=at, project_id=project.pk)
    return rating
