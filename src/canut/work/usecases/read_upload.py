"""A file of rows is looked through: how many rows, which columns, and every bad row by its line."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_upload
from canut.work.models import Upload
from canut.work.states import UploadState
from canut.work.uploads.lines import Limits
from canut.work.uploads.problems import UploadRefused
from canut.work.uploads.reading import Scan, scan_in_steps

READ_AT_ONCE_BYTES = 5_000_000
"""A file up to this size is read within the request that brings it; it takes about a second."""

PROGRESS_EVERY_SECONDS = 0.5


class UploadNotRead(Refusal):
    code = "upload_not_read"


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading came to: a scan, or the sentence that says why nothing of the file can be used."""

    scan: Scan | None
    problem: str = ""

    def as_fields(self) -> dict[str, Any]:
        """Return the upload's fields as this reading sets them."""
        if self.scan is None:
            return {"state": UploadState.REFUSED, "problem": self.problem[:300]}
        return {
            "state": UploadState.READ,
            "bytes_read": self.scan.bytes_read,
            "row_count": self.scan.row_count,
            "columns": list(self.scan.columns),
            "sample": list(self.scan.sample),
            "errors": [problem.as_json() for problem in self.scan.problems],
            "error_count": self.scan.problem_count,
            "problem": "",
        }


def site_limits() -> Limits:
    """Return what this site takes of a file."""
    return Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES)


def look_into(file: "File[bytes]", file_format: str, mapping: dict[str, str] | None = None) -> Found:
    """Read the whole file and return what was found, without writing anything."""
    steps = _steps(file, file_format, mapping or {})
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return cast(Found, finished.value)


def _steps(file: "File[bytes]", file_format: str, mapping: dict[str, str]) -> Generator[int, None, Found]:
    file.seek(0)
    try:
        scan = yield from scan_in_steps(
            cast(BinaryIO, file),
            file_format,
            site_limits(),
            id_column=mapping.get("key") or None,
            answers_column=mapping.get("answers") or None,
        )
    except UploadRefused as refused:
        return Found(None, str(refused))
    return Found(scan)


def read_upload(*, upload_id: int) -> Upload | None:
    """Read a received file, noting how far it is, and return the upload; None if there is nothing to read.

    A job. It may run twice and be cut off anywhere: it begins anew and ends in the same result. It
    stops by itself when the file is removed, or is to be read by other columns, meanwhile.
    """
    upload = Upload.objects.select_related("uploaded_by").filter(pk=upload_id, state__in=_UNREAD).first()
    if upload is None:
        return None
    reading = Upload.objects.filter(pk=upload_id, state__in=_UNREAD, mapping=upload.mapping)
    reading.update(state=UploadState.READING, bytes_read=0)
    try:
        file = default_storage.open(upload.stored_as)
    except FileNotFoundError:
        if Upload.objects.filter(pk=upload_id).exists():
            raise
        return None
    with file, translation.override(upload.uploaded_by.locale):
        steps, said_at = _steps(file, upload.format, upload.mapping), monotonic()
        while True:
            try:
                bytes_read = next(steps)
            except StopIteration as finished:
                found: Found = finished.value
                break
            if monotonic() - said_at >= PROGRESS_EVERY_SECONDS:
                said_at = monotonic()
                if not reading.update(bytes_read=bytes_read):
                    return None
    if not reading.update(**found.as_fields()):
        return None
    return Upload.objects.get(pk=upload_id)


_UNREAD = (UploadState.RECEIVED, UploadState.READING)


@transaction.atomic
def choose_columns(*, upload_id: int, by: Person, at: datetime, key: str = "", answers: str = "") -> Upload:
    """Say which column holds the rows' ids, and which the number of answers each needs; "" for none.

    The file is then read again by these columns, at once if it is small, for a repeated id or a bad
    number makes a bad row. Choosing the same again changes nothing.

    Raises:
        ProjectNotFound: there is no such upload of `by`.
        UploadNotRead: it is being read, was refused, or has become tasks already.
        BadInput: the file has no such column, or both are the same.
    """
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=own_upload(upload_id, by=by).pk)
    mapping = {"key": key, "answers": answers}
    if upload.state != UploadState.READ:
        raise UploadNotRead(
            _("Columns are chosen when the file has been read and before its rows are added.")
        )
    if {"key": "", "answers": "", **upload.mapping} == mapping:
        return upload
    errors = {
        name: _("The file has no such column.")
        for name, column in mapping.items()
        if column and column not in upload.columns
    }
    if key and key == answers:
        errors["answers"] = _("One column cannot be both the ids and the numbers of answers.")
    if errors:
        raise BadInput(_("Choose columns of this file. Nothing was changed."), errors=errors)
    upload.mapping = mapping
    if upload.size_bytes > READ_AT_ONCE_BYTES:
        fields: dict[str, Any] = {"state": UploadState.RECEIVED, "bytes_read": 0}
        later("work.read_upload", upload_id=upload.pk)
    else:
        with default_storage.open(upload.stored_as) as file:
            fields = look_into(file, upload.format, mapping).as_fields()
    for name, value in fields.items():
        setattr(upload, name, value)
    upload.save(update_fields=["mapping", *fields])
    record(by, "upload.columns_chosen", upload, at=at, project_id=upload.project_id, **mapping)
    return upload
