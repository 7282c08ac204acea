"""Ratings by both sides. What they come to decides who sees a task early, and where a requester stands."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.ratings import Rating, RatingIn, Ratings, RatingsIn
from canut.people.models import Scope
from canut.work.refusals import AssignmentNotFound, SubmissionNotFound
from canut.work.usecases.rate_requester import NothingHandedIn, rate_requester
from canut.work.usecases.rate_worker import Judged, RatedIsForeign, rate_worker, rate_workers

doors = Doors("ratings")


@doors.put(
    "/submissions/{submission_id}/rating",
    scope=Scope.REVIEW,
    answers=Rating,
    refuses=(SubmissionNotFound,),
)
def rate_a_worker(request: Asked, submission_id: Id, body: RatingIn) -> Rating:
    """Rate the worker of a submission: ✓+ lets them in early to your next tasks, ✓− last.

    A later rating takes the place of the first. The worker is not shown who rated them.
    """
    kept = rate_worker(submission_id=submission_id, by=request.auth.by, value=body.value, at=request.auth.at)
    return Rating(value=float(kept.value), given_at=kept.given_at)


@doors.post("/ratings", scope=Scope.REVIEW, answers=Ratings, refuses=(RatedIsForeign,))
def rate_workers_in_bulk(request: Asked, body: RatingsIn) -> Ratings:
    """Rate many workers at once on a scale of your own: min–max over the call, onto 1..3.

    All or nothing: one line that is not a worker's finished task of yours refuses the call.
    """
    lines = [Judged(one.task_id, one.worker_id, one.weight) for one in body.ratings]
    kept = rate_workers(
        judged=lines, by=request.auth.by, at=request.auth.at, ignore_history=body.ignore_history
    )
    return Ratings(rated=len(kept))


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
