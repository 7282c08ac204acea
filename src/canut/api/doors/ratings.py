"""Ratings by both sides. What they come to decides who sees a task early, and where a requester stands."""

from typing import Any

from django.http import HttpRequest

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page, Party
from canut.api.shapes.ratings import (
    Rating,
    RatingIn,
    RatingOfRequester,
    RatingOfWorker,
    Ratings,
    RatingsIn,
    Requester,
)
from canut.api.shapes.said_work import record_said
from canut.kernel import clock
from canut.people.models import Scope
from canut.reputation.models import Side
from canut.work.queries.ratings_given import Given, given_page
from canut.work.queries.requester_seen import RequesterNotFound, requester_seen
from canut.work.refusals import AssignmentNotFound, SubmissionNotFound
from canut.work.usecases.rate_requester import (
    DutyNotRated,
    NothingHandedIn,
    rate_requester,
    rate_requester_of_all,
)
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

    All or nothing: one line that is not a worker's finished task of yours refuses the call, and its
    number, counted from 0, is the fact `index`.
    """
    lines = [Judged(one.task_id, one.worker_id, one.weight, one.submission_id) for one in body.ratings]
    kept = rate_workers(
        judged=lines, by=request.auth.by, at=request.auth.at, ignore_history=body.ignore_history
    )
    return Ratings(rated=len(kept), new=sum(one.is_new for one in kept))


@doors.get("/ratings", scope=Scope.REVIEW, answers=Page[RatingOfWorker])
def list_ratings_of_workers(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[RatingOfWorker]:
    """What the caller has said of workers, newest first, what was replaced too."""
    given = given_page(
        by=request.auth.by, side=Side.WORKER, before_id=after(cursor, "ratings-of-workers"), most=limit
    )
    items = [
        RatingOfWorker(
            **_plain(one),
            worker=None if one.is_of_a_round else Party.model_validate(one.of),
            submission_id=one.submission_id,
        )
        for one in given.lines
    ]
    following = cursor_to("ratings-of-workers", given.next_cursor) if given.next_cursor else None
    return Page[RatingOfWorker](items=items, next_cursor=following)


@doors.put(
    "/assignments/{assignment_id}/requester-rating",
    scope=Scope.WORK,
    answers=Rating,
    refuses=(AssignmentNotFound, NothingHandedIn, DutyNotRated),
)
def rate_a_requester(request: Asked, assignment_id: Id, body: RatingIn) -> Rating:
    """Rate the requester of a task that was handed in: ✓+ puts them at the top of the feed, ✓− at the end."""
    kept = rate_requester(
        assignment_id=assignment_id, by=request.auth.by, value=body.value, at=request.auth.at
    )
    return Rating(value=float(kept.value), given_at=kept.given_at)


@doors.put("/requesters/{requester_id}/rating", scope=Scope.WORK, answers=Rating, refuses=(NothingHandedIn,))
def rate_a_requester_for_all(request: Asked, requester_id: Id, body: RatingIn) -> Rating:
    """Rate a requester for all the work that was handed in to them; it hangs on the last piece."""
    kept = rate_requester_of_all(
        requester_id=requester_id, by=request.auth.by, value=body.value, at=request.auth.at
    )
    return Rating(value=float(kept.value), given_at=kept.given_at)


@doors.get("/requester-ratings", scope=Scope.WORK, answers=Page[RatingOfRequester])
def list_ratings_of_requesters(
    request: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Page[RatingOfRequester]:
    """What the caller has said of requesters, newest first, what was replaced too."""
    given = given_page(
        by=request.auth.by, side=Side.REQUESTER, before_id=after(cursor, "ratings-of-requesters"), most=limit
    )
    items = [RatingOfRequester(**_plain(one), requester=Party.model_validate(one.of)) for one in given.lines]
    following = cursor_to("ratings-of-requesters", given.next_cursor) if given.next_cursor else None
    return Page[RatingOfRequester](items=items, next_cursor=following)


@doors.get("/requesters/{requester_id}", scope=None, answers=Requester, refuses=(RequesterNotFound,))
def get_requester(request: HttpRequest, requester_id: Id) -> Requester:
    """A requester's public record, each figure with its number of cases. Needs no key."""
    seen = requester_seen(requester_id, by=None, at=clock.now())
    return Requester(
        requester=Party.model_validate(seen.who),
        is_closed=seen.who.is_closed,
        record=record_said(seen.record),
    )


def _plain(one: Given) -> dict[str, Any]:
    same = ("id", "given_at", "counts_until", "project_id", "task_id", "assignment_id")
    return {name: getattr(one, name) for name in same} | {"value": float(one.value)}
