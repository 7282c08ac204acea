"""Rows of a file become tasks, each once, however often the work is cut off and begun again."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_may
from canut.people.models import Bar, Person
from canut.work.access import latest_revision, own_project, own_upload, require_requester
from canut.work.designs.schema import columns_of, read_design
from canut.work.models import Project, Revision, Task, Upload
from canut.work.refusals import ProjectClosed
from canut.work.states import ProjectState, UploadState
from canut.work.uploads.objects import row_json
from canut.work.uploads.reading import Row, rows
from canut.work.usecases.blank_task import put_blank_task, remove_blank_task
from canut.work.usecases.read_upload import READ_AT_ONCE_BYTES, UploadNotRead, site_limits
from canut.work.usecases.refuse_while_revised import refuse_while_revised

ADD_AT_ONCE_ROWS = 2_500
"""Up to so many rows become tasks within the request; more are left to a job."""

BATCH_ROWS = 2_000
"""How many rows become tasks in one transaction."""

MANY_ROWS = 10_000
"""From so many new tasks on, the planner's statistics are brought up to date."""


class RowsAreBad(Refusal):
    """Nothing was added. Facts: `bad_rows`, `good_rows`, `first` (ten of them: line, code, sentence)."""

    code = "rows_are_bad"
    status = 422


@transaction.atomic
def add_rows(*, upload_id: int, by: Person, skip_bad: bool, at: datetime) -> Upload:
    """Make a task of every row of a file that was read; a large file's by a job, with progress.

    In a draft they take the blank task's place. In a published project they wait, unpaid and unseen,
    for `add_tasks`. Asking again while it is done, or after, is safe.

    Raises:
        RequesterRoleMissing; ProjectNotFound: there is no such upload of `by`.
        Restricted, AccountSuspended: a sanction keeps `by` from publishing.
        UploadNotRead: it has not been read yet, or was refused.
        RowsAreBad: there are bad rows, and `skip_bad` does not say to leave them out.
        ProjectClosed: the project takes no more work. RevisionUnfinished: a revision was begun.
    """
    require_requester(by)
    ensure_may(by, Bar.PUBLISH)
    project = own_project(own_upload(upload_id, by=by).project_id, by=by, lock=True)
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state in (UploadState.ADDING, UploadState.ADDED):
        return upload
    if upload.state != UploadState.READ:
        raise UploadNotRead(
            _("The file has not been read to its end yet, or was refused. Its page says which.")
        )
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    refuse_while_revised(project)
    if upload.error_count and not (skip_bad and upload.row_count):
        raise RowsAreBad(
            _(
                "%(bad)s rows of the file cannot be used. Nothing was added. "
                "Mend them, or add the other %(good)s."
            )
            % {"bad": upload.error_count, "good": upload.row_count},
            bad_rows=upload.error_count,
            good_rows=upload.row_count,
            first=upload.errors[:10],
        )
    upload.state = UploadState.ADDING
    upload.save(update_fields=["state"])
    record(
        by,
        "upload.adding",
        upload,
        at=at,
        project_id=project.pk,
        rows=upload.row_count,
        left_out=upload.error_count,
    )
    if upload.row_count <= ADD_AT_ONCE_ROWS and upload.size_bytes <= READ_AT_ONCE_BYTES:
        add_all_rows(upload_id=upload.pk, at=at)
        upload.refresh_from_db()
    else:
        later("work.add_rows", upload_id=upload.pk)
    return upload


def add_all_rows(*, upload_id: int, at: datetime) -> int:
    """Go on making tasks of an upload's rows until all are made, and return how many were made now.

    A job. Each batch and the count of rows it brings the upload to are one transaction under the
    rows' locks, so a runner that is killed, or two at once, leave each row one task. It stops by
    itself when the upload is removed or the project closed.
    """
    upload = Upload.objects.filter(pk=upload_id, state=UploadState.ADDING).first()
    if upload is None:
        return 0
    made = 0
    with default_storage.open(upload.stored_as) as file:
        read = rows(
            cast(BinaryIO, file),
            upload.format,
            site_limits(),
            id_column=upload.mapping.get("key") or None,
            answers_column=upload.mapping.get("answers") or None,
            leave_out_bad=True,
        )
        start = upload.rows_added
        for batch in _batches(islice(read, start, None)):
            added = _add_batch(upload_id, batch, start=start)
            if added is None:
                return made
            made, start = made + added, start + len(batch)
    _finish(upload_id, rows_read=start, at=at)
    return made


def _batches(read: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(read)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch


@transaction.atomic
def _add_batch(upload_id: int, batch: list[Row], *, start: int) -> int | None:
    """Make tasks of those rows of the batch that have none yet; None if there is nothing to go on with.

    `start` is how many rows of the file came before the batch.
    """
    locked = _locked(upload_id)
    if locked is None:
        return None
    project, upload = locked
    if project.state == ProjectState.CLOSED:
        _give_up(upload)
        return None
    new = batch[max(0, upload.rows_added - start) :]
    if not new:
        return 0
    revision = latest_revision(project)
    if project.state == ProjectState.DRAFT:
        remove_blank_task(revision)
    _copy(upload, revision, new)
    upload.rows_added += len(new)
    upload.save(update_fields=["rows_added"])
    return len(new)


def _copy(upload: Upload, revision: Revision, new: list[Row]) -> None:
    position = Task.objects.filter(revision=revision).aggregate(last=Max("position"))["last"] or 0
    shown = columns_of(read_design(revision.design))
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY work_task (project_id, revision_id, upload_id, position, key, row, shown, answers_wanted)"
            " FROM STDIN"
        ) as copy,
    ):
        for row in new:
            position += 1
            visible = {name: value for name, value in row.values.items() if name in shown}
            copy.write_row(
                (
                    *(revision.project_id, revision.pk, upload.pk, position, row.id or str(position)),
                    *(row_json(row.values), row_json(visible), row.answers or revision.answers_per_task),
                )
            )


@transaction.atomic
def _finish(upload_id: int, *, rows_read: int, at: datetime) -> None:
    locked = _locked(upload_id)
    if locked is None:
        return
    project, upload = locked
    if not upload.rows_added == upload.row_count == rows_read:
        raise RuntimeError(f"upload {upload_id} was read as {upload.row_count} rows and gave {rows_read} now")
    upload.state = UploadState.ADDED
    upload.save(update_fields=["state"])
    if upload.row_count >= MANY_ROWS:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE work_task")
    record(upload.uploaded_by, "upload.added", upload, at=at, project_id=project.pk, rows=upload.row_count)


def _locked(upload_id: int) -> tuple[Project, Upload] | None:
    """Return the project and the upload, locked in this order, if its rows are still to be added."""
    found = Upload.objects.filter(pk=upload_id).values_list("project_id", flat=True).first()
    if found is None:
        return None
    project = Project.objects.select_for_update(no_key=True).get(pk=found)
    upload = Upload.objects.select_for_update().filter(pk=upload_id, state=UploadState.ADDING).first()
    return None if upload is None else (project, upload)


def _give_up(upload: Upload) -> None:
    """Take back the rows added so far, because the project was closed meanwhile."""
    delete_tasks_of(upload)
    upload.state, upload.rows_added = UploadState.REFUSED, 0
    upload.problem = _("The project was closed while the rows were being added, so none was.")
    upload.save(update_fields=["state", "rows_added", "problem"])


def delete_tasks_of(upload: Upload, *, most: int | None = None) -> int:
    """Delete unpaid tasks that a file's rows became, the last first, and return how many.

    When they are all gone, a draft that has no other task is left its blank one.
    """
    revision = latest_revision(upload.project)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM work_task WHERE id IN (SELECT id FROM work_task WHERE upload_id = %s "
            "AND position > %s ORDER BY id DESC LIMIT %s)",
            [upload.pk, revision.paid_upto, most],
        )
        deleted = int(cursor.rowcount)
    if revision.published_at is None and (most is None or deleted < most):
        put_blank_task(revision)
    return deleted
