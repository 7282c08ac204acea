"""Situations of projects that open step by step: watched, chosen, and met too early."""

from datetime import timedelta
from decimal import Decimal

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.hours import opened_by, refuse
from tests.api.scenarios.projects import closed
from tests.api.scenarios.registry import says
from tests.api.scenarios.work import take, take_this
from tests.builders import a_project, a_submission
from tests.work.by_the_hour import an_hourly_draft

from canut.work.models import Project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_worker import rate_worker


def opening(cast: Cast, **details: object) -> Project:
    """A project that has just begun to open, to the peer alone, whom its requester rates best."""
    _rated(cast)
    given: dict[str, object] = {
        "owner": cast.requester,
        "at": cast.at,
        "rows": 10,
        "cascade_policy": "ladder",
    }
    return a_project(**(given | details))  # type: ignore[arg-type]


def hourly_opening(cast: Cast) -> Project:
    _rated(cast)
    draft = an_hourly_draft(owner=cast.requester, at=cast.at)
    Project.objects.filter(pk=draft.pk).update(cascade_policy="ladder")
    return publish_project(project_id=draft.pk, by=cast.requester, at=cast.at)


def _rated(cast: Cast) -> None:
    since = cast.at - timedelta(hours=1)
    before = a_project(owner=cast.requester, rows=1, at=since)
    done = a_submission(worker=cast.peer, project=before, at=since)
    rate_worker(submission_id=done.pk, by=cast.requester, value=Decimal(3), at=since)


def watch(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/cascade")


def choose(cast: Cast, project_id: int, policy: str = "throughput") -> Call:
    return cast.put(cast.requester, f"/projects/{project_id}/cascade", {"policy": policy})


says("watch_cascade", "200")(lambda cast: watch(cast, opening(cast).pk))
says("watch_cascade", "project_not_found")(lambda cast: watch(cast, 987654321))
says("choose_a_cascade", "200")(lambda cast: choose(cast, opening(cast).pk))
says("choose_a_cascade", "project_not_found")(lambda cast: choose(cast, 987654321))
says("choose_a_cascade", "project_closed")(lambda cast: choose(cast, closed(cast, cast.live()).pk))
says("choose_a_cascade", "open_already")(lambda cast: choose(cast, cast.live().pk))


@says("choose_a_cascade", "requester_role_missing")
def _(cast: Cast) -> Call:
    project = opening(cast)
    cast.given_up(cast.requester)
    return choose(cast, project.pk)


@says("list_opening_soon", "200")
def _(cast: Cast) -> Call:
    opening(cast)
    return cast.get(cast.worker, "/opening-soon")


@says("list_opening_soon", "worker_role_missing")
def _(cast: Cast) -> Call:
    return cast.get(cast.guest, "/opening-soon")


says("take_any_task", "not_open_to_you_yet")(lambda cast: take(cast, opening(cast).pk))
says("take_this_task", "not_open_to_you_yet")(lambda cast: take_this(cast, cast.a_task(opening(cast)).pk))
says("open_a_session", "not_open_to_you_yet")(lambda cast: opened_by(cast, hourly_opening(cast).pk))
says("refuse_a_project", "not_open_to_you_yet")(lambda cast: refuse(cast, opening(cast)))
