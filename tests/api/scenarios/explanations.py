"""Situations of people who ask why."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.people.models import Person


def why(cast: Cast, project_id: int, by: Person | None = None) -> Call:
    return cast.get(by or cast.worker, f"/projects/{project_id}/explanation")


says("explain_project", "200")(lambda cast: why(cast, cast.live(cascade_policy="ladder").pk))
says("explain_project", "worker_role_missing")(lambda cast: why(cast, cast.live().pk, cast.guest))
says("explain_project", "project_not_found")(lambda cast: why(cast, cast.draft().pk))
