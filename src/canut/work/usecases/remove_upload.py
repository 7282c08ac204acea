"""A file is taken away again, with the tasks that its rows became."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, own_upload, require_requester
from canut.work.models import Project, Task, Upload
from canut.work.states import UploadState
from canut.work.usecases.add_rows import delete_tasks_of
from canut.work.usecases.refuse_while_revised import refuse_while_revised


class UploadPublished(Refusal):
    code = "upload_published"


REMOVE_AT_ONCE_ROWS = 5_000
"""Up to so many tasks are deleted within the request, and in one transaction of the job."""


@transaction.atomic
def remove_upload(*, upload_id: int, by: Person, at: datetime) -> Project:
    """Remove a file and its rows from a project, whatever stage it is at, and return the project.

    Many rows go by a job, with progress. A draft without any other rows is left one blank task. What
    was published cannot be removed. Asking again while it is done is safe.

    Raises:
        RequesterRoleMissing; ProjectNotFound: there is no such upload of `by`.
        UploadPublished: its tasks are open to workers, or were in a prototype round.
        RevisionUnfinished: a revision was begun.
    """
    require_requester(by)
    project = own_project(own_upload(upload_id, by=by).project_id, by=by, lock=True)
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state == UploadState.REMOVING:
        return project
    refuse_while_revised(project)
    revision = latest_revision(project)
    published = Task.objects.filter(upload=upload).filter(
        Q(position__lte=revision.paid_upto) | Q(places__isnull=False)
    )
    if published.exists():
        raise UploadPublished(
            _(
                "The rows of this file are published, so they cannot be removed. "
                "Close the project to end its work."
            )
        )
    record(by, "upload.removed", upload, at=at, project_id=project.pk)
    if upload.rows_added <= REMOVE_AT_ONCE_ROWS:
        _take_away(upload)
    else:
        upload.state = UploadState.REMOVING
        upload.save(update_fields=["state"])
        later("work.remove_rows", upload_id=upload.pk)
    return project


def remove_all_rows(*, upload_id: int) -> int:
    """Go on deleting the tasks of a file that is being removed, then the file; return how many went now.

    A job, safe to run twice, on two nodes, or again after it was cut off.
    """
    removed = 0
    while True:
        with transaction.atomic():
            upload = _locked(upload_id)
            if upload is None:
                return removed
            deleted = delete_tasks_of(upload, most=REMOVE_AT_ONCE_ROWS)
            removed += deleted
            if deleted < REMOVE_AT_ONCE_ROWS:
                _take_away(upload)
            else:
                upload.rows_added = max(0, upload.rows_added - deleted)
                upload.save(update_fields=["rows_added"])


def _take_away(upload: Upload) -> None:
    """Delete a file's row, with what tasks are left of it; what is stored goes after the commit."""
    delete_tasks_of(upload)
    later("work.forget_file", stored_as=upload.stored_as)
    upload.delete()


def _locked(upload_id: int) -> Upload | None:
    """Return a file that is being removed, its project's row and its own locked, in this order."""
    project_id = Upload.objects.filter(pk=upload_id).values_list("project_id", flat=True).first()
    if project_id is None:
        return None
    Project.objects.select_for_update(no_key=True).get(pk=project_id)
    return Upload.objects.select_for_update().filter(pk=upload_id, state=UploadState.REMOVING).first()


def forget_file(*, stored_as: str) -> None:
    """Delete a stored file that no row names any more. A job; deleting twice is safe."""
    if not Upload.objects.filter(stored_as=stored_as).exists():
        default_storage.delete(stored_as)
