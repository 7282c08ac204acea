"""Situations of people who rate each other."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.builders import a_submission
from tests.work.duties import a_duty, a_duty_task, fill_fund

from canut.work.models import Submission


def of_worker(cast: Cast, submission_id: int, value: object = 3) -> Call:
    return cast.put(cast.requester, f"/submissions/{submission_id}/rating", {"value": value})


def of_requester(cast: Cast, assignment_id: int, value: object = 3) -> Call:
    return cast.put(cast.worker, f"/assignments/{assignment_id}/requester-rating", {"value": value})


def in_bulk(cast: Cast, *submissions: Submission, by: object = None) -> Call:
    lines = [
        {"task_id": one.assignment.task_id, "worker_id": one.assignment.worker_id, "weight": weight}
        for weight, one in enumerate(submissions, start=10)
    ]
    return cast.post(by or cast.requester, "/ratings", {"ratings": lines})  # type: ignore[arg-type]


says("rate_a_worker", "200")(lambda cast: of_worker(cast, cast.handed_in().pk, 2.5))
says("rate_a_worker", "bad_input")(lambda cast: of_worker(cast, cast.handed_in().pk, 3.5))
says("rate_a_worker", "submission_not_found")(lambda cast: of_worker(cast, 2**60))
says("rate_a_requester", "200")(lambda cast: of_requester(cast, cast.handed_in().assignment_id))
says("rate_a_requester", "nothing_handed_in")(lambda cast: of_requester(cast, cast.held().pk))
says("rate_a_requester", "assignment_not_found")(
    lambda cast: of_requester(cast, cast.held(worker=cast.peer).pk)
)


@says("rate_a_requester", "duty_not_rated")
def _of_a_duty(cast: Cast) -> Call:
    fill_fund(125)
    duty = a_duty(at=cast.at)
    a_duty_task(duty, offered_to=[cast.worker.pk], at=cast.at)
    done = a_submission(worker=cast.worker, project=duty, at=cast.at)
    return of_requester(cast, done.assignment_id)


says("rate_workers_in_bulk", "200")(lambda cast: in_bulk(cast, cast.handed_in()))
says("rate_workers_in_bulk", "rated_is_foreign")(
    lambda cast: in_bulk(cast, cast.handed_in(), by=cast.stranger)
)


def for_all(cast: Cast, requester_id: int) -> Call:
    return cast.put(cast.worker, f"/requesters/{requester_id}/rating", {"value": 2})


def rated(cast: Cast) -> Submission:
    """Return work that both sides have rated."""
    done = cast.handed_in()
    of_worker(cast, done.pk).answered()
    of_requester(cast, done.assignment_id).answered()
    return done


@says("list_ratings_of_workers", "200")
def _ratings_of_workers(cast: Cast) -> Call:
    rated(cast)
    return cast.get(cast.requester, "/ratings")


@says("list_ratings_of_requesters", "200")
def _ratings_of_requesters(cast: Cast) -> Call:
    rated(cast)
    return cast.get(cast.worker, "/requester-ratings")


@says("rate_a_requester_for_all", "200")
def _rates_for_all(cast: Cast) -> Call:
    cast.handed_in()
    return for_all(cast, cast.requester.pk)


says("rate_a_requester_for_all", "nothing_handed_in")(lambda cast: for_all(cast, cast.requester.pk))


@says("get_requester", "200")
def _record(cast: Cast) -> Call:
    return cast.get(None, f"/requesters/{cast.handed_in().project.owner_id}")


says("get_requester", "requester_not_found")(lambda cast: cast.get(None, f"/requesters/{cast.worker.pk}"))
