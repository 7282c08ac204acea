"""Ratings of requesters by workers: they decide where a requester stands in the feed."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.ratings import Rating, RatingIn
from canut.people.models import Scope
from canut.work.refusals import AssignmentNotFound
from canut.work.usecases.rate_requester import NothingHandedIn, rate_requester

doors = Doors("ratings")


@doors.put(
    "/assignments/{assignment_id}/requester-rating",
    scope=Scope.WORK,
    answers=Rating,
    refuses=(AssignmentNotFound, NothingHandedIn),
)
def rate_a_requester(request: Asked, assignment_id: Id, body: RatingIn) -> Rating:
    """Rate the requester of a task that was handed in: ✓+ puts them at the top of the feed, ✓− at the end."""
    kept = rate_requester(
        assignment_id=assignment_id, by=request.auth.by, value=body.value, at=request.auth.at
    )
    return Rating(value=float(kept.value), given_at=kept.given_at)
