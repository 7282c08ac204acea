"""A file is taken away again, with the tasks that its rows became."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, own_upload, require_requester
from canut.work.models import Project, Task, Upload
from canut.work.usecases.add_rows import delete_tasks_of


class UploadPublished(Refusal):
    code = "upload_published"


@transaction.atomic
def remove_upload(*, upload_id: int, by: Person, at: datetime) -> Project:
    """Remove a file and its rows from a project, whatever stage it is at, and return the project.

    A draft without any other rows is left one blank task. What was published cannot be removed.

    Raises:
        RequesterRoleMissing; ProjectNotFound: there is no such upload of `by`.
        UploadPublished: its tasks are paid for and open to workers.
    """
    require_requester(by)
    project = own_project(own_upload(upload_id, by=by).project_id, by=by, lock=True)
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if Task.objects.filter(upload=upload, position__lte=latest_revision(project).paid_upto).exists():
        raise UploadPublished(
            _(
                "The rows of this file are published, so they cannot be removed. "
                "Close the project to end its work."
            )
        )
    delete_tasks_of(upload)
    record(by, "upload.removed", upload, at=at, project_id=project.pk)
    later("work.forget_file", stored_as=upload.stored_as)
    upload.delete()
    return project


def forget_file(*, stored_as: str) -> None:
    """Delete a stored file that no row names any more. A job; deleting twice is safe."""
    if not Upload.objects.filter(stored_as=stored_as).exists():
        default_storage.delete(stored_as)
