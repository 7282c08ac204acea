"""Files of rows as their owner sees them: what is in them, what is wrong with them, how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.people.models import Person
from canut.work.access import latest_revision, own_upload
from canut.work.designs.schema import Design, missing_columns, read_design
from canut.work.models import Upload
from canut.work.states import UploadState


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RowsFile:
    """One file of rows. `sample` holds the cells of the first rows in the order of `columns`.

    `lacks` are the columns that the design shows and the file has not. `done_share` says how far a job
    is, between 0 and 1. `repeats` tells that a file of this name and size is in the project already.
    """

    id: int
    filename: str
    format: str
    size_bytes: int
    state: str
    received_at: datetime
    row_count: int
    rows_added: int
    error_count: int
    errors: Sequence[BadRow]
    columns: Sequence[str]
    sample: Sequence[Sequence[object]]
    key_column: str
    answers_column: str
    lacks: Sequence[str]
    problem: str
    is_published: bool
    repeats: bool
    done_share: float

    @property
    def is_read(self) -> bool:
        return self.state == UploadState.READ

    @property
    def is_refused(self) -> bool:
        return self.state == UploadState.REFUSED

    @property
    def is_added(self) -> bool:
        return self.state == UploadState.ADDED

    @property
    def is_being_read(self) -> bool:
        return self.state in (UploadState.RECEIVED, UploadState.READING)

    @property
    def is_being_added(self) -> bool:
        return self.state == UploadState.ADDING

    @property
    def is_being_fitted(self) -> bool:
        return self.state == UploadState.FITTING

    @property
    def is_being_removed(self) -> bool:
        return self.state == UploadState.REMOVING

    @property
    def is_busy(self) -> bool:
        return not (self.is_read or self.is_refused or self.is_added)


def rows_file(upload_id: int, *, by: Person) -> RowsFile:
    """Return one file of a project of `by`.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    upload = own_upload(upload_id, by=by)
    return file_of(upload, read_design(latest_revision(upload.project).design), [upload], is_published=False)


def stored_file(upload_id: int, *, by: Person) -> tuple[str, str, str]:
    """Return where a file of `by` is stored, what it was called, and its format.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    upload = own_upload(upload_id, by=by)
    return upload.stored_as, upload.filename, upload.format


def file_of(upload: Upload, design: Design, uploads: Sequence[Upload], *, is_published: bool) -> RowsFile:
    columns = upload.columns
    return RowsFile(
        id=upload.pk,
        filename=upload.filename,
        format=upload.format,
        size_bytes=upload.size_bytes,
        state=upload.state,
        received_at=upload.received_at,
        row_count=upload.row_count,
        rows_added=upload.rows_added,
        error_count=upload.error_count,
        errors=[BadRow(*error) for error in upload.errors],
        columns=columns,
        sample=[[row.get(column) for column in columns] for row in upload.sample],
        key_column=upload.mapping.get("key", ""),
        answers_column=upload.mapping.get("answers", ""),
        lacks=missing_columns(design, columns) if columns else (),
        problem=upload.problem,
        is_published=is_published,
        repeats=any(
            (other.filename, other.size_bytes) == (upload.filename, upload.size_bytes)
            for other in uploads
            if other.pk < upload.pk
        ),
        done_share=_done_share(upload),
    )


def _done_share(upload: Upload) -> float:
    match upload.state:
        case UploadState.READING:
            return upload.bytes_read / upload.size_bytes if upload.size_bytes else 0.0
        case UploadState.ADDING:
            return upload.rows_added / upload.row_count if upload.row_count else 0.0
        case UploadState.REMOVING:
            return 1 - upload.rows_added / upload.row_count if upload.row_count else 0.0
        case UploadState.ADDED:
            return 1.0
        case _:
            return 0.0
