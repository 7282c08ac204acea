"""Situations of projects: made, changed, priced, published, ended."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import GOOD_DESIGN, Cast
from tests.api.scenarios.registry import says, several

from canut.charter.rules import Scope
from canut.charter.usecases.record_law import record_law
from canut.people.models import Person
from canut.work.models import Project, Revision
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.close_project import close_project
from canut.work.usecases.edit_design import edit_design
from canut.work.usecases.pause_project import pause_project

NEW = {"title": "Cats", "design": GOOD_DESIGN, "reward": "0.60", "expected_seconds": 120}
SOON = "2099-01-01T12:00:00Z"


def _requester(cast: Cast) -> Person:
    return cast.requester


def _given_up(cast: Cast) -> Person:
    return cast.given_up(cast.requester)


def closed(cast: Cast, project: Project) -> Project:
    return close_project(project_id=project.pk, by=cast.requester, at=cast.at).project


def publish(cast: Cast, project_id: int, **body: object) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/publish", body)


def publish_rows(cast: Cast, project_id: int, **body: object) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/publish-rows", body)


def change(cast: Cast, project_id: int, **body: object) -> Call:
    return Call(cast.requester, "PATCH", f"/projects/{project_id}", body or {"title": "Dogs"})


def schedule(cast: Cast, project_id: int, at: str | None = SOON) -> Call:
    return cast.put(cast.requester, f"/projects/{project_id}/schedule", {"publish_at": at})


def deadline(cast: Cast, project_id: int, at: str | None = SOON) -> Call:
    return cast.put(cast.requester, f"/projects/{project_id}/deadline", {"deadline_at": at})


def device(cast: Cast, project_id: int, which: str = "phone") -> Call:
    return cast.put(cast.requester, f"/projects/{project_id}/device", {"device": which})


def duplicate(cast: Cast, project_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/duplicate", {})


def waiting_rows(cast: Cast, **details: object) -> int:
    """A live project with a file whose rows wait, unpaid."""
    project = cast.live(**details)
    add_rows(upload_id=cast.file(project).pk, by=cast.requester, skip_bad=False, at=cast.at)
    return project.pk


# --- Who may ---

ON_A_DRAFT = {
    "change_a_draft": change,
    "publish_a_project": publish,
    "publish_waiting_rows": publish_rows,
    "duplicate_a_project": duplicate,
    "schedule_a_project": schedule,
    "change_a_deadline": deadline,
    "change_a_device": device,
}
ANYHOW = {
    "get_project": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}"),
    "quote_project": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/quote"),
    "pause_a_project": lambda cast, pk: cast.post(cast.requester, f"/projects/{pk}/pause"),
    "resume_a_project": lambda cast, pk: cast.post(cast.requester, f"/projects/{pk}/resume"),
    "close_a_project": lambda cast, pk: cast.post(cast.requester, f"/projects/{pk}/close"),
    "watch_progress": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/progress"),
    "list_uploads": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/uploads"),
    "list_tasks": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/tasks"),
    "list_submissions": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/submissions"),
    "list_results": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/results"),
    "approve_several": lambda cast, pk: cast.post(
        cast.requester, f"/projects/{pk}/approvals", {"submission_ids": []}
    ),
    "look_at_project": lambda cast, pk: cast.get(cast.worker, f"/feed/{pk}"),
    "take_any_task": lambda cast, pk: cast.post(cast.worker, f"/projects/{pk}/take"),
}
several({**ON_A_DRAFT, **ANYHOW}, "project_not_found", lambda cast: 987654321)


def _draft_of_one_who_gave_up(cast: Cast) -> int:
    project = cast.draft()
    cast.given_up(cast.requester)
    return project.pk


several(ON_A_DRAFT, "requester_role_missing", _draft_of_one_who_gave_up)
several(
    {
        "get_project": ANYHOW["get_project"],
        "quote_project": ANYHOW["quote_project"],
        "watch_progress": ANYHOW["watch_progress"],
    },
    "200",
    lambda cast: cast.live().pk,
)


# --- Making and changing ---


@says("list_projects", "200")
def _(cast: Cast) -> Call:
    cast.draft()
    return cast.get(cast.requester, "/projects?state=draft")


@says("create_draft", "201")
def _(cast: Cast) -> Call:
    return cast.post(cast.requester, "/projects", NEW)


@says("create_draft", "requester_role_missing")
def _(cast: Cast) -> Call:
    return cast.post(cast.worker, "/projects", NEW)


@says("create_draft", "design_refused")
def _(cast: Cast) -> Call:
    return cast.post(
        cast.requester, "/projects", NEW | {"design": {"version": 1, "items": [{"type": "sculpture"}]}}
    )


@says("create_draft", "amount_refused")
def _(cast: Cast) -> Call:
    return cast.post(cast.requester, "/projects", NEW | {"reward": "0.605"})


@says("change_a_draft", "200")
def _(cast: Cast) -> Call:
    return change(cast, cast.draft().pk, title="Dogs", reward={"amount_minor": 70, "currency": "EUR"})


@says("change_a_draft", "draft_changed_meanwhile")
def _(cast: Cast) -> Call:
    return change(cast, cast.draft().pk, title="Dogs", based_on="2020-01-01T00:00:00Z")


@says("change_a_draft", "design_refused")
def _(cast: Cast) -> Call:
    return change(cast, cast.draft().pk, design={"version": 9})


@says("change_a_draft", "reward_missing")
def _(cast: Cast) -> Call:
    return change(cast, cast.draft().pk, reward="0")


@says("change_a_draft", "amount_refused")
def _(cast: Cast) -> Call:
    return change(cast, cast.draft().pk, reward="-1")


@says("change_a_draft", "rows_under_way")
def _(cast: Cast) -> Call:
    project = cast.draft()
    cast.rows_move(project)
    return change(cast, project.pk, answers_per_task=3)


several(
    {"change_a_draft": change, "schedule_a_project": schedule},
    "project_not_draft",
    lambda cast: cast.live().pk,
)


# --- Publishing ---


@says("publish_a_project", "200")
def _(cast: Cast) -> Call:
    return publish(cast, cast.draft().pk)


@says("publish_a_project", "project_not_draft")
def _(cast: Cast) -> Call:
    return publish(cast, closed(cast, cast.live()).pk)


PUBLISHING = {"publish_a_project": publish, "schedule_a_project": schedule}


def _rows_move(cast: Cast) -> int:
    project = cast.draft()
    cast.rows_move(project)
    return project.pk


def _with_an_unfinished_design(cast: Cast) -> int:
    project = cast.draft()
    unfinished = {**GOOD_DESIGN, "items": []}
    edit_design(project_id=project.pk, by=cast.requester, at=cast.at, design=unfinished, step="typed")
    return project.pk


def _with_a_broken_design(cast: Cast) -> int:
    project = cast.draft()
    Revision.objects.filter(project=project).update(design={"version": 1, "items": []})
    return project.pk


def _with_a_deadline_that_is_over(cast: Cast) -> int:
    project = cast.draft()
    Project.objects.filter(pk=project.pk).update(deadline_at=cast.at)
    return project.pk


several(PUBLISHING, "rows_under_way", _rows_move)
several(PUBLISHING, "nothing_to_publish", lambda cast: cast.draft(rows=[]).pk)
several(PUBLISHING, "design_unfinished", _with_an_unfinished_design)
several(PUBLISHING, "design_refused", _with_a_broken_design)
several(PUBLISHING, "reward_missing", lambda cast: cast.draft(reward_minor=0).pk)
several(PUBLISHING, "reward_under_floor", lambda cast: cast.draft(reward_minor=1).pk)
several(PUBLISHING, "deadline_too_soon", _with_a_deadline_that_is_over)


@says("publish_a_project", "total_changed")
def _(cast: Cast) -> Call:
    return publish(cast, cast.draft().pk, agreed_total="0.01")


@says("publish_a_project", "amount_refused")
def _(cast: Cast) -> Call:
    return publish(cast, cast.draft().pk, agreed_total=3.5)


@says("publish_a_project", "insufficient_funds")
def _(cast: Cast) -> Call:
    project = cast.draft()
    cast.drained(cast.requester)
    return publish(cast, project.pk)


@says("publish_waiting_rows", "200")
def _(cast: Cast) -> Call:
    return publish_rows(cast, waiting_rows(cast))


@says("publish_waiting_rows", "not_published_yet")
def _(cast: Cast) -> Call:
    return publish_rows(cast, cast.draft().pk)


@says("publish_waiting_rows", "nothing_to_add")
def _(cast: Cast) -> Call:
    return publish_rows(cast, cast.live().pk)


@says("publish_waiting_rows", "project_closed")
def _(cast: Cast) -> Call:
    return publish_rows(cast, closed(cast, cast.live()).pk)


@says("publish_waiting_rows", "project_deadline_passed")
def _(cast: Cast) -> Call:
    project_id = waiting_rows(cast)
    Project.objects.filter(pk=project_id).update(deadline_at=cast.at)
    return publish_rows(cast, project_id)


@says("publish_waiting_rows", "rows_under_way")
def _(cast: Cast) -> Call:
    project = cast.live()
    cast.rows_move(project)
    return publish_rows(cast, project.pk)


@says("publish_waiting_rows", "reward_under_floor")
def _(cast: Cast) -> Call:
    return publish_rows(cast, _under_a_floor_that_rose(cast))


@says("publish_waiting_rows", "total_changed")
def _(cast: Cast) -> Call:
    return publish_rows(cast, waiting_rows(cast), agreed_total="0.01")


@says("publish_waiting_rows", "amount_refused")
def _(cast: Cast) -> Call:
    return publish_rows(cast, waiting_rows(cast), agreed_total={"amount_minor": 1, "currency": "USD"})


@says("publish_waiting_rows", "insufficient_funds")
def _(cast: Cast) -> Call:
    project_id = waiting_rows(cast)
    cast.drained(cast.requester)
    return publish_rows(cast, project_id)


def _under_a_floor_that_rose(cast: Cast) -> int:
    """A live project that pays the floor to the cent, with waiting rows; and then the floor rises."""
    project_id = waiting_rows(cast, reward_minor=50, expected_seconds=120)
    floor_rises(cast)
    return project_id


def floor_rises(cast: Cast) -> None:
    record_law(
        name="pay.floor_hourly_minor",
        value=1600,
        scope=Scope(country="FR"),
        cites="A law.",
        effective_at=cast.at,
        by=cast.operator,
        at=cast.at,
    )


# --- Pausing, ending, copying, timing ---


@says("pause_a_project", "200")
def _(cast: Cast) -> Call:
    return ANYHOW["pause_a_project"](cast, cast.live().pk)


@says("resume_a_project", "200")
def _(cast: Cast) -> Call:
    project = pause_project(project_id=cast.live().pk, by=cast.requester, at=cast.at)
    return ANYHOW["resume_a_project"](cast, project.pk)


several(
    {name: ANYHOW[name] for name in ("pause_a_project", "resume_a_project")},
    "project_not_running",
    lambda cast: cast.draft().pk,
)


@says("close_a_project", "200")
def _(cast: Cast) -> Call:
    return ANYHOW["close_a_project"](cast, cast.live().pk)


@says("duplicate_a_project", "201")
def _(cast: Cast) -> Call:
    return duplicate(cast, cast.live().pk)


@says("duplicate_a_project", "rows_under_way")
def _(cast: Cast) -> Call:
    return duplicate(cast, _rows_move(cast))


@says("schedule_a_project", "200")
def _(cast: Cast) -> Call:
    return schedule(cast, cast.draft().pk)


@says("schedule_a_project", "time_is_over")
def _(cast: Cast) -> Call:
    return schedule(cast, cast.draft().pk, "2020-01-01T00:00:00Z")


@says("change_a_deadline", "200")
def _(cast: Cast) -> Call:
    return deadline(cast, cast.live().pk)


@says("change_a_deadline", "time_is_over")
def _(cast: Cast) -> Call:
    return deadline(cast, cast.live().pk, (cast.at - timedelta(days=1)).isoformat())


@says("change_a_deadline", "project_closed")
def _(cast: Cast) -> Call:
    return deadline(cast, closed(cast, cast.live()).pk)


@says("change_a_device", "200")
def _(cast: Cast) -> Call:
    return device(cast, cast.live().pk)


@says("change_a_device", "project_closed")
def _(cast: Cast) -> Call:
    return device(cast, closed(cast, cast.live()).pk)
