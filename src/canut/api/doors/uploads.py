"""Files of rows, and rows sent as they are: what tasks are made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.refusals import RequestNotUnderstood
from canut.api.replays import answered_once, content_hash
from canut.api.shapes.common import Page, Words, minor_of
from canut.api.shapes.projects import AddedRows, AddedTask, AddRows, Columns, GivenRows, Task, Upload
from canut.api.shapes.said import quote_said, task_said, upload_said
from canut.kernel.money import AmountRefused
from canut.kernel.refusals import BadInput
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.access import Restricted
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing, own_upload
from canut.work.queries.own_projects import one_of_own, own_task, own_tasks, own_uploads
from canut.work.refusals import (
    ProjectClosed,
    ProjectDeadlinePassed,
    ProjectNotFound,
    RevisionUnfinished,
    TaskNotFound,
)
from canut.work.usecases.add_given_rows import add_given_rows
from canut.work.usecases.add_rows import RowsAreBad, add_rows
from canut.work.usecases.open_round import DesignNotRevised, RoundRunning
from canut.work.usecases.publish_project import RewardUnderFloor, TotalChanged
from canut.work.usecases.read_upload import UploadNotRead, choose_columns
from canut.work.usecases.receive_upload import (
    FileTooLarge,
    FormatUnknown,
    UploadWaiting,
    receive_upload,
    refuse_too_large,
)
from canut.work.usecases.remove_upload import UploadPublished, remove_upload

doors = Doors("data")

CHUNK_BYTES = 1_000_000
IN_MEMORY_BYTES = 2_000_000
FIELD = "file"

Filename = Annotated[
    Words | None,
    Query(max_length=400, description="What the file is called; needed where its bytes are the whole body."),
]
KeyAsked = Annotated[Words | None, Query(max_length=200, description="Only tasks whose row has this id.")]

FILE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {FIELD: {"type": "string", "format": "binary"}},
                "required": [FIELD],
            }
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}


@doors.post(
    "/projects/{project_id}/uploads",
    scope=Scope.PROJECTS,
    answers=Upload,
    status=201,
    refuses=(
        RequesterRoleMissing,
        ProjectNotFound,
        ProjectClosed,
        FormatUnknown,
        FileTooLarge,
        UploadWaiting,
        RequestNotUnderstood,
    ),
    replays=Replays.BY_ENDPOINT,
    extra={"requestBody": FILE_BODY},
)
def upload_file(request: Asked, project_id: Id, filename: Filename = None) -> HttpResponse:
    """Send a CSV, TSV or JSONL file of rows; it is kept as it is and read, a large one by a job.

    Send a form with the field `file`, or the file's bytes as the body with `filename` in the address.
    Nothing becomes a task yet: look at what was found, say which columns are what, then add the rows.
    """
    refuse_too_large(length_of(request))
    with received(request, filename, refuse_too_large) as file:
        name = str(file.name)

        def do() -> Upload:
            upload = receive_upload(
                project_id=project_id, by=request.auth.by, file=file, filename=name, at=request.auth.at
            )
            return upload_said(upload)

        return answered_once(request, status=201, says=Upload, body=lambda: content_hash(file, name), do=do)


@doors.get(
    "/projects/{project_id}/uploads", scope=Scope.PROJECTS, answers=Page[Upload], refuses=(ProjectNotFound,)
)
def list_uploads(request: Asked, project_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[Upload]:
    """A project's files, newest first."""
    rows = own_uploads(project_id, by=request.auth.by, before_id=after(cursor, "uploads"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="uploads", row_id=lambda row: row.pk)
    return Page[Upload](items=[upload_said(row) for row in shown], next_cursor=following)


@doors.get("/uploads/{upload_id}", scope=Scope.PROJECTS, answers=Upload, refuses=(ProjectNotFound,))
def get_upload(request: Asked, upload_id: Id) -> Upload:
    """How far a file is: being read, read with what was found in it, or becoming tasks."""
    return upload_said(own_upload(upload_id, by=request.auth.by))


@doors.put(
    "/uploads/{upload_id}/columns",
    scope=Scope.PROJECTS,
    answers=Upload,
    refuses=(ProjectNotFound, UploadNotRead),
)
def choose_upload_columns(request: Asked, upload_id: Id, body: Columns) -> Upload:
    """Say which column holds the rows' ids, and which the number of answers each needs.

    The file is then read again: a repeated id, or a bad number, makes a bad row.
    """
    upload = choose_columns(
        upload_id=upload_id, by=request.auth.by, at=request.auth.at, key=body.key, answers=body.answers
    )
    return upload_said(upload)


@doors.post(
    "/uploads/{upload_id}/add",
    scope=Scope.PROJECTS,
    answers=Upload,
    refuses=(
        Restricted,
        RequesterRoleMissing,
        ProjectNotFound,
        UploadNotRead,
        RowsAreBad,
        ProjectClosed,
        RevisionUnfinished,
    ),
)
def add_upload_rows(request: Asked, upload_id: Id, body: AddRows | None = None) -> Upload:
    """Make a task of every row; many rows by a job, whose progress the file shows.

    In a draft they take the blank task's place. In a published project they wait until they are paid
    for (`publish_waiting_rows`).
    """
    skip_bad = body.skip_bad if body else False
    return upload_said(
        add_rows(upload_id=upload_id, by=request.auth.by, skip_bad=skip_bad, at=request.auth.at)
    )


@doors.get(
    "/uploads/{upload_id}/file",
    scope=Scope.PROJECTS,
    answers="application/octet-stream",
    refuses=(ProjectNotFound,),
)
def download_upload(request: Asked, upload_id: Id) -> FileResponse:
    """The file as it was sent, byte for byte."""
    upload = own_upload(upload_id, by=request.auth.by)
    return FileResponse(
        default_storage.open(upload.stored_as),
        as_attachment=True,
        filename=upload.filename,
        content_type="application/octet-stream",
    )


@doors.delete(
    "/uploads/{upload_id}",
    scope=Scope.PROJECTS,
    answers=None,
    status=204,
    refuses=(RequesterRoleMissing, ProjectNotFound, UploadPublished, RevisionUnfinished),
)
def remove_an_upload(request: Asked, upload_id: Id) -> None:
    """Remove a file and the tasks that its rows became, unless they are published."""
    remove_upload(upload_id=upload_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/projects/{project_id}/tasks",
    scope=Scope.PROJECTS,
    answers=AddedRows,
    status=201,
    refuses=(
        Restricted,
        RequesterRoleMissing,
        ProjectNotFound,
        ProjectClosed,
        ProjectDeadlinePassed,
        RowsAreBad,
        FileTooLarge,
        UploadWaiting,
        RevisionUnfinished,
        RoundRunning,
        DesignNotRevised,
        RewardUnderFloor,
        TotalChanged,
        InsufficientFunds,
        AmountRefused,
    ),
)
def add_tasks_by_rows(request: Asked, project_id: Id, body: GivenRows) -> AddedRows:
    """Make tasks of up to 1,000 rows at once, all or none.

    In a published project they are paid for first, and with them any other rows that wait.
    """
    currency = one_of_own(project_id, by=request.auth.by).project.currency
    added = add_given_rows(
        project_id=project_id,
        by=request.auth.by,
        rows=body.rows,
        at=request.auth.at,
        key=body.key_column,
        answers=body.answers_column,
        agreed_minor=None if body.agreed_total is None else minor_of(body.agreed_total, currency),
    )
    charged = None if added.charged is None else quote_said(added.charged, currency)
    return AddedRows(tasks=[AddedTask.model_validate(task) for task in added.tasks], charged=charged)


@doors.get(
    "/projects/{project_id}/tasks", scope=Scope.PROJECTS, answers=Page[Task], refuses=(ProjectNotFound,)
)
def list_tasks(
    request: Asked, project_id: Id, key: KeyAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Task]:
    """A project's tasks with their whole rows, oldest first; by `key` those of one row's id."""
    past = after(cursor, "tasks") or 0
    rows = own_tasks(project_id, by=request.auth.by, key=key, after_id=past, most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="tasks", row_id=lambda row: row.pk)
    return Page[Task](items=[task_said(row) for row in shown], next_cursor=following)


@doors.get("/tasks/{task_id}", scope=Scope.PROJECTS, answers=Task, refuses=(TaskNotFound,))
def get_task(request: Asked, task_id: Id) -> Task:
    """One task of a project of the caller's, with its whole row."""
    return task_said(own_task(task_id, by=request.auth.by))


def length_of(request: HttpRequest) -> int:
    written = request.META.get("CONTENT_LENGTH") or "0"
    return int(written) if written.isdecimal() else 0


@contextmanager
def received(
    request: Asked, filename: str | None, refuse: Callable[[int], object]
) -> Iterator["File[bytes]"]:
    """Give the file that a request brings, in a form's field or as its body, passed on in pieces.

    `refuse` is told how long it is so far, and raises what refuses a file that is too large.

    Raises:
        BadInput: there is no file, or no name for it.
    """
    if request.content_type == "multipart/form-data":
        sent = request.FILES.get(FIELD)
        if sent is None:
            raise _field_missing(FIELD, _("Send the file in this field of the form."))
        yield cast("File[bytes]", sent)
        return
    if not filename:
        raise _field_missing("filename", _("Say what the file is called."))
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as kept:
        size = 0
        while chunk := request.read(CHUNK_BYTES):
            size += len(chunk)
            refuse(size)
            kept.write(chunk)
        kept.seek(0)
        file: File[bytes] = File(cast(Any, kept), filename)
        file.size = size
        yield file


def _field_missing(name: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={name: sentence})
