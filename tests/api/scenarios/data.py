"""Situations of files, rows and tasks."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.projects import closed, floor_rises
from tests.api.scenarios.registry import says, several

from canut.work.models import Project, Upload
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.publish_project import publish_project

CSV = b"id,text\n1,A cat\n2,A dog\n"


def send(cast: Cast, project_id: int, content: bytes = CSV, name: str = "rows.csv") -> Call:
    path = f"/projects/{project_id}/uploads?filename={name}"
    return Call(cast.requester, "POST", path, raw=content, content_type="application/octet-stream")


def add_tasks(cast: Cast, project_id: int, **more: object) -> Call:
    body = {"rows": [{"text": "A cat"}, {"text": "A dog"}], **more}
    return cast.post(cast.requester, f"/projects/{project_id}/tasks", body)


ABOUT_A_FILE = {
    "get_upload": lambda cast, pk: cast.get(cast.requester, f"/uploads/{pk}"),
    "choose_upload_columns": lambda cast, pk: cast.put(
        cast.requester, f"/uploads/{pk}/columns", {"key": "id"}
    ),
    "add_upload_rows": lambda cast, pk: cast.post(cast.requester, f"/uploads/{pk}/add", {}),
    "download_upload": lambda cast, pk: cast.get(cast.requester, f"/uploads/{pk}/file"),
    "remove_an_upload": lambda cast, pk: Call(cast.requester, "DELETE", f"/uploads/{pk}"),
}
several(
    {**ABOUT_A_FILE, "upload_file": send, "add_tasks_by_rows": add_tasks},
    "project_not_found",
    lambda cast: 987654321,
)
several(
    {name: ABOUT_A_FILE[name] for name in ABOUT_A_FILE if name != "remove_an_upload"},
    "200",
    lambda cast: cast.file(cast.draft()).pk,
)
says("remove_an_upload", "204")(
    lambda cast: ABOUT_A_FILE["remove_an_upload"](cast, cast.file(cast.draft()).pk)
)


def _file_of_one_who_gave_up(cast: Cast) -> int:
    upload = cast.file(cast.draft())
    cast.given_up(cast.requester)
    return upload.pk


def _draft_of_one_who_gave_up(cast: Cast) -> int:
    project = cast.draft()
    cast.given_up(cast.requester)
    return project.pk


several(
    {name: ABOUT_A_FILE[name] for name in ("add_upload_rows", "remove_an_upload")},
    "requester_role_missing",
    _file_of_one_who_gave_up,
)
FILLING = {"upload_file": send, "add_tasks_by_rows": add_tasks}
several(FILLING, "requester_role_missing", _draft_of_one_who_gave_up)
several(FILLING, "project_closed", lambda cast: closed(cast, cast.live()).pk)


def _with_a_file_that_waits(cast: Cast) -> int:
    project = cast.draft()
    cast.file(project)
    return project.pk


several(FILLING, "upload_waiting", _with_a_file_that_waits)


@says("list_uploads", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/projects/{_with_a_file_that_waits(cast)}/uploads")


@says("upload_file", "201")
def _(cast: Cast) -> Call:
    return send(cast, cast.draft().pk)


@says("upload_file", "upload_format_unknown")
def _(cast: Cast) -> Call:
    return send(cast, cast.draft().pk, name="rows.xlsx")


@says("upload_file", "bad_input")
def _(cast: Cast) -> Call:
    return send(cast, cast.draft().pk, name="")


@says("upload_file", "file_too_large")
def _(cast: Cast) -> Call:
    return send(cast, cast.draft().pk).but(content_length=10**12)


@says("upload_file", "request_not_understood")
def _(cast: Cast) -> Call:
    call = send(cast, cast.draft().pk)
    return call.but(content_type="multipart/form-data; boundary=", raw=b"nothing of the kind")


@says("choose_upload_columns", "upload_not_read")
def _(cast: Cast) -> Call:
    return ABOUT_A_FILE["choose_upload_columns"](cast, cast.rows_move(cast.draft()).pk)


@says("add_upload_rows", "upload_not_read")
def _(cast: Cast) -> Call:
    upload = cast.file(cast.draft())
    Upload.objects.filter(pk=upload.pk).update(state="reading")
    return ABOUT_A_FILE["add_upload_rows"](cast, upload.pk)


@says("add_upload_rows", "rows_are_bad")
def _(cast: Cast) -> Call:
    content = b"id,text\n1,A cat\n2\n"
    upload_id = send(cast, cast.draft().pk, content).answered().json["id"]
    return ABOUT_A_FILE["add_upload_rows"](cast, upload_id)


@says("add_upload_rows", "project_closed")
def _(cast: Cast) -> Call:
    project = cast.live()
    upload = cast.file(project)
    closed(cast, project)
    return ABOUT_A_FILE["add_upload_rows"](cast, upload.pk)


@says("remove_an_upload", "upload_published")
def _(cast: Cast) -> Call:
    project = cast.draft()
    upload = cast.file(project)
    add_rows(upload_id=upload.pk, by=cast.requester, skip_bad=False, at=cast.at)
    publish_project(project_id=project.pk, by=cast.requester, at=cast.at)
    return ABOUT_A_FILE["remove_an_upload"](cast, upload.pk)


@says("add_tasks_by_rows", "201")
def _(cast: Cast) -> Call:
    return add_tasks(cast, cast.live().pk)


@says("add_tasks_by_rows", "rows_are_bad")
def _(cast: Cast) -> Call:
    rows = [{"id": "1", "text": "A cat"}, {"id": "1", "text": "A dog"}]
    return add_tasks(cast, cast.draft().pk, rows=rows, key_column="id")


@says("add_tasks_by_rows", "file_too_large")
def _(cast: Cast) -> Call:
    return add_tasks(cast, cast.draft().pk, rows=[{"text": "a" * 6_000} for _row in range(1000)])


@says("add_tasks_by_rows", "reward_under_floor")
def _(cast: Cast) -> Call:
    project = cast.live(reward_minor=50, expected_seconds=120)
    floor_rises(cast)
    return add_tasks(cast, project.pk)


@says("add_tasks_by_rows", "project_deadline_passed")
def _(cast: Cast) -> Call:
    project = cast.live()
    Project.objects.filter(pk=project.pk).update(deadline_at=cast.at)
    return add_tasks(cast, project.pk)


@says("add_tasks_by_rows", "total_changed")
def _(cast: Cast) -> Call:
    return add_tasks(cast, cast.live().pk, agreed_total="0.01")


@says("add_tasks_by_rows", "amount_refused")
def _(cast: Cast) -> Call:
    return add_tasks(cast, cast.live().pk, agreed_total=1.5)


@says("add_tasks_by_rows", "insufficient_funds")
def _(cast: Cast) -> Call:
    project = cast.live()
    cast.drained(cast.requester)
    return add_tasks(cast, project.pk)


@says("list_tasks", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/projects/{cast.live().pk}/tasks?key=2")


@says("get_task", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/tasks/{cast.a_task(cast.draft()).pk}")


@says("get_task", "task_not_found")
def _(cast: Cast) -> Call:
    return cast.get(cast.stranger, f"/tasks/{cast.a_task(cast.live()).pk}")
