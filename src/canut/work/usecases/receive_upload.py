"""A requester's file of rows comes in and is kept as it is, so that it can be downloaded again."""

from datetime import datetime
from pathlib import PurePath
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_project, require_requester
from canut.work.models import Project, ShownWork, Upload
from canut.work.refusals import ProjectClosed
from canut.work.states import ProjectState, UploadState
from canut.work.uploads.reading import format_of
from canut.work.usecases.fit_rows import MOVING
from canut.work.usecases.read_upload import READ_AT_ONCE_BYTES, Found, look_into

LONGEST_FILENAME = 200
WAITING = (UploadState.RECEIVED, UploadState.READING, UploadState.READ, *MOVING)


class FileTooLarge(Refusal):
    """Facts: `limit_bytes`."""

    code = "file_too_large"
    status = 413


class FormatUnknown(Refusal):
    code = "upload_format_unknown"
    status = 422


class UploadWaiting(Refusal):
    """Facts: `upload_id`, the file that must be added or removed first."""

    code = "upload_waiting"


def receive_upload(
    *, project_id: int, by: Person, file: "File[bytes]", filename: str, at: datetime
) -> Upload:
    """Keep a CSV, TSV or JSONL file for a project, and read it: at once if it is small, else by a job.

    Nothing becomes a task yet (`add_rows`). In a published project the rows will wait, unpaid, for
    `add_tasks`. The file passes through in pieces and is never in memory as a whole.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to fill.
        ProjectClosed: it takes no more work. FormatUnknown: the name has none of the known endings.
        FileTooLarge: it is over the site's limit.
        UploadWaiting: another file waits; one at a time is looked at and added.
        BadInput: its tasks show work of others, which no row can.
    """
    require_requester(by)
    refuse_too_large(file.size)
    file_format = format_of(filename)
    if file_format is None:
        raise FormatUnknown(
            _(
                "Canut reads files whose names end in .csv, .tsv or .jsonl. "
                "Save a spreadsheet as CSV in UTF-8."
            )
        )
    _project_to_fill(project_id, by=by)
    found = look_into(file, file_format) if file.size <= READ_AT_ONCE_BYTES else None
    file.seek(0)
    stored_as = default_storage.save(place_for_file(project_id, file_format), file)
    try:
        return _note(project_id, stored_as, found, by=by, size=file.size, filename=filename, at=at)
    except BaseException:
        default_storage.delete(stored_as)
        raise


def place_for_file(project_id: int, file_format: str) -> str:
    """Return a fresh name in the site's store; nothing of what the requester called the file is in it."""
    return f"rows/{project_id}/{uuid4().hex}.{file_format}"


def refuse_too_large(size_bytes: int) -> None:
    """Raise FileTooLarge if a file of this size is over the site's limit; a door may ask beforehand."""
    limit = settings.UPLOAD_LIMIT_BYTES
    if size_bytes > limit:
        raise FileTooLarge(
            _("The file is larger than %(limit)s MB, the most this site takes. Split it into several files.")
            % {"limit": limit // 1_000_000},
            limit_bytes=limit,
        )


@transaction.atomic
def _note(
    project_id: int,
    stored_as: str,
    found: Found | None,
    *,
    by: Person,
    size: int,
    filename: str,
    at: datetime,
) -> Upload:
    project = _project_to_fill(project_id, by=by, lock=True)
    for refused in Upload.objects.filter(project=project, state=UploadState.REFUSED):
        later("work.forget_file", stored_as=refused.stored_as)
        refused.delete()
    upload = Upload.objects.create(
        project=project,
        uploaded_by=by,
        stored_as=stored_as,
        filename=_plain_name(filename),
        format=format_of(filename) or "",
        size_bytes=size,
        received_at=at,
        **(found.as_fields() if found else {}),
    )
    if found is None:
        later("work.read_upload", upload_id=upload.pk)
    record(by, "upload.received", upload, at=at, project_id=project.pk, size_bytes=size)
    return upload


def _project_to_fill(project_id: int, *, by: Person, lock: bool = False) -> Project:
    project = own_project(project_id, by=by, lock=lock)
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    if ShownWork.objects.filter(task__project=project).exists():
        sentence = _(
            "The tasks of this project are about work of others; this site makes them, from no file."
        )
        raise BadInput(sentence, errors={"file": sentence})
    waiting = Upload.objects.filter(project=project, state__in=WAITING).first()
    if waiting is not None:
        raise UploadWaiting(
            _("The file %(name)s waits. Add its rows or remove it, then upload the next.")
            % {"name": waiting.filename},
            upload_id=waiting.pk,
        )
    return project


def _plain_name(filename: str) -> str:
    """Return a name fit for a page and a header: no folders, nothing unprintable, its ending kept."""
    name = "".join(letter for letter in PurePath(filename.replace("\\", "/")).name if letter.isprintable())
    suffix = PurePath(name).suffix
    return name[: LONGEST_FILENAME - len(suffix)].removesuffix(suffix) + suffix
