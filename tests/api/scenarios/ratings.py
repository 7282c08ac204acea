"""Situations of people who rate each other."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

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
says("rate_workers_in_bulk", "200")(lambda cast: in_bulk(cast, cast.handed_in()))
says("rate_workers_in_bulk", "rated_is_foreign")(
    lambda cast: in_bulk(cast, cast.handed_in(), by=cast.stranger)
)
