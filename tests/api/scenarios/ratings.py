"""Situations of workers who rate requesters."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says


def of_requester(cast: Cast, assignment_id: int, value: object = 3) -> Call:
    return cast.put(cast.worker, f"/assignments/{assignment_id}/requester-rating", {"value": value})


says("rate_a_requester", "200")(lambda cast: of_requester(cast, cast.handed_in().assignment_id))
says("rate_a_requester", "nothing_handed_in")(lambda cast: of_requester(cast, cast.held().pk))
says("rate_a_requester", "assignment_not_found")(
    lambda cast: of_requester(cast, cast.held(worker=cast.peer).pk)
)
says("rate_a_requester", "bad_input")(lambda cast: of_requester(cast, cast.handed_in().assignment_id, 3.5))
