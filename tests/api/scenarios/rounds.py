"""Situations of prototype rounds and revisions: running, passed, stopped, being made."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.data import ABOUT_A_FILE
from tests.api.scenarios.data import add_tasks as add_rows_of
from tests.api.scenarios.projects import closed, publish, publish_rows
from tests.api.scenarios.registry import says, several
from tests.builders import a_worker
from tests.work.rounds import PUBLISH, REVISE, fill_round

from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.give_feedback import Feedback
from canut.work.usecases.publish_project import publish_project


def launch(cast: Cast, project_id: int, **body: object) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/launch", body)


def revise(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/revision", {"keeps_answers": True})


def discard(cast: Cast, project_id: int) -> Call:
    return Call(cast.requester, "DELETE", f"/projects/{project_id}/revision")


def look(cast: Cast, project_id: int) -> Call:
    return cast.get(cast.requester, f"/projects/{project_id}/round")


def running(cast: Cast, **details: object) -> Project:
    """A project of twelve tasks, of which three are tried."""
    return publish_project(project_id=cast.draft(rows=12, **details).pk, by=cast.requester, at=cast.at)  # type: ignore[arg-type]


def tried(cast: Cast, says_all: Feedback = PUBLISH, *, seconds: int = 60) -> Project:
    """The same, once three people have voted."""
    project = running(cast)
    crowd: list[Person] = [a_worker() for _one in range(3)]
    fill_round(project, crowd, says=says_all, seconds=seconds, at=cast.at)
    return project


def stopped(cast: Cast) -> int:
    return tried(cast, REVISE).pk


def revised(cast: Cast) -> int:
    """A published project with a revision that was begun."""
    project = cast.live()
    begin_revision(project_id=project.pk, by=cast.requester, at=cast.at)
    return project.pk


OWNED = {"launch_a_project": launch, "begin_a_revision": revise, "discard_a_revision": discard}


def _live_of_one_who_gave_up(cast: Cast) -> int:
    project = cast.live()
    cast.given_up(cast.requester)
    return project.pk


several({**OWNED, "get_round": look}, "project_not_found", lambda cast: 987654321)
several(OWNED, "requester_role_missing", _live_of_one_who_gave_up)
several(
    {"launch_a_project": launch, "begin_a_revision": revise},
    "project_closed",
    lambda cast: closed(cast, cast.live()).pk,
)


@says("get_round", "200")
def _(cast: Cast) -> Call:
    return look(cast, tried(cast, REVISE).pk)


@says("launch_a_project", "200")
def _(cast: Cast) -> Call:
    return launch(cast, tried(cast).pk)


@says("launch_a_project", "not_tried")
def _(cast: Cast) -> Call:
    project = publish_project(project_id=cast.draft().pk, by=cast.requester, at=cast.at)
    return launch(cast, project.pk)


@says("launch_a_project", "reward_under_floor")
def _(cast: Cast) -> Call:
    return launch(cast, tried(cast, seconds=600).pk)


@says("launch_a_project", "total_changed")
def _(cast: Cast) -> Call:
    return launch(cast, tried(cast).pk, agreed_total="0.01")


@says("launch_a_project", "amount_refused")
def _(cast: Cast) -> Call:
    return launch(cast, tried(cast).pk, agreed_total=3.5)


@says("launch_a_project", "insufficient_funds")
def _(cast: Cast) -> Call:
    project = tried(cast)
    cast.drained(cast.requester)
    return launch(cast, project.pk)


def _with_rows_on_the_move(cast: Cast) -> int:
    project = tried(cast)
    cast.rows_move(project)
    return project.pk


several({"launch_a_project": launch, "begin_a_revision": revise}, "rows_under_way", _with_rows_on_the_move)
several(
    {"launch_a_project": launch, "publish_waiting_rows": publish_rows, "add_tasks_by_rows": add_rows_of},
    "round_running",
    lambda cast: running(cast).pk,
)
several(
    {"launch_a_project": launch, "publish_waiting_rows": publish_rows, "add_tasks_by_rows": add_rows_of},
    "design_not_revised",
    stopped,
)
several(
    {
        "launch_a_project": launch,
        "publish_waiting_rows": publish_rows,
        "add_tasks_by_rows": add_rows_of,
        "resume_a_project": lambda cast, pk: cast.post(cast.requester, f"/projects/{pk}/resume"),
    },
    "revision_unfinished",
    revised,
)


@says("publish_a_project", "design_not_revised")
def _(cast: Cast) -> Call:
    project_id = stopped(cast)
    begin_revision(project_id=project_id, by=cast.requester, at=cast.at)
    return publish(cast, project_id)


def _file_of_a_project_being_revised(cast: Cast) -> int:
    project = cast.live()
    upload = cast.file(project)
    begin_revision(project_id=project.pk, by=cast.requester, at=cast.at)
    return upload.pk


several(
    {name: ABOUT_A_FILE[name] for name in ("add_upload_rows", "remove_an_upload")},
    "revision_unfinished",
    _file_of_a_project_being_revised,
)


@says("begin_a_revision", "200")
def _(cast: Cast) -> Call:
    return revise(cast, cast.live().pk)


@says("begin_a_revision", "not_published_yet")
def _(cast: Cast) -> Call:
    return revise(cast, cast.draft().pk)


@says("discard_a_revision", "200")
def _(cast: Cast) -> Call:
    return discard(cast, revised(cast))


@says("hand_in", "feedback_missing")
def _(cast: Cast) -> Call:
    held = cast.held(running(cast))
    return cast.post(cast.worker, f"/assignments/{held.pk}/submission", {"answer": {"label": "cat"}})
