"""Files that belong to answers: sent before the answer that names them, fetched by the parties alone."""

from typing import Annotated
from uuid import UUID

from django.http import FileResponse
from ninja import Path, Query, Status

from canut.api.doors.uploads import FILE_BODY, Filename, length_of, received
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.refusals import RequestNotUnderstood
from canut.api.shapes.common import Words
from canut.api.shapes.work import AnswerFile
from canut.people.models import Scope
from canut.work.queries.files import AnswerFileNotFound, Stored, readable_file
from canut.work.queries.shown_work import readable_shown_file
from canut.work.refusals import AssignmentNotFound
from canut.work.usecases.keep_answer_file import (
    AnswerFileEmpty,
    AnswerFileHandedIn,
    AnswerFileTooLarge,
    AnswerFileTypeRefused,
    NoFileAsked,
    TooManyAnswerFiles,
    keep_answer_file,
    refuse_too_large,
    remove_answer_file,
)
from canut.work.usecases.leave_task import NotInHand
from canut.work.usecases.submit_answer import LeaseRanOut

doors = Doors("files")

FileId = Annotated[str, Path(description="What the answer calls `file`.")]
Item = Annotated[Words, Query(max_length=60, description="The name of the question that the file is for.")]


@doors.post(
    "/assignments/{assignment_id}/files",
    scope=Scope.WORK,
    answers=AnswerFile,
    status=201,
    refuses=(
        AssignmentNotFound,
        NotInHand,
        LeaseRanOut,
        NoFileAsked,
        AnswerFileEmpty,
        AnswerFileTooLarge,
        AnswerFileTypeRefused,
        TooManyAnswerFiles,
        RequestNotUnderstood,
    ),
    replays=Replays.NATURAL,
    extra={"requestBody": FILE_BODY},
)
def send_answer_file(
    request: Asked, assignment_id: Id, item: Item, filename: Filename = None
) -> Status[AnswerFile]:
    """Send a file for a question of a task in hand; hand in what this answers as the question's answer.

    Send a form with the field `file`, or the file's bytes as the body with `filename` in the address.
    What a file is, its bytes say. The same file for the same question is kept once.
    """
    refuse_too_large(length_of(request))
    with received(request, filename, refuse_too_large) as file:
        kept = keep_answer_file(
            assignment_id=assignment_id,
            by=request.auth.by,
            item=item,
            file=file,
            filename=str(file.name),
            at=request.auth.at,
        )
    said = AnswerFile(file=str(kept.pk), name=kept.filename, size=kept.size_bytes, type=kept.media_type)
    return Status(201, said)


@doors.get(
    "/assignments/{assignment_id}/files/{str:file_id}",
    scope=Scope.WORK,
    answers="application/octet-stream",
    refuses=(AnswerFileNotFound,),
)
def fetch_own_file(request: Asked, assignment_id: Id, file_id: FileId) -> FileResponse:
    """A file that the caller sent, byte for byte."""
    del assignment_id  # a file of an earlier go at the task counts as one of this
    return _saved(request, file_id)


@doors.get(
    "/assignments/{assignment_id}/shown/{number}/files/{file_number}",
    scope=Scope.WORK,
    answers="application/octet-stream",
    refuses=(AnswerFileNotFound,),
)
def fetch_shown_file(request: Asked, assignment_id: Id, number: Id, file_number: Id) -> FileResponse:
    """A file of the work that an assignment shows to be judged, without what it tells of its maker.

    `number` is the work's, `file_number` what stands as the file's id in its answer. It can be fetched
    from taking the task until what was handed in is decided.
    """
    return sent_as_it_is(
        readable_shown_file(assignment_id, number=number, file_number=file_number, by=request.auth.by)
    )


@doors.delete(
    "/assignments/{assignment_id}/files/{str:file_id}",
    scope=Scope.WORK,
    answers=None,
    status=204,
    refuses=(AnswerFileNotFound, AnswerFileHandedIn),
)
def remove_own_file(request: Asked, assignment_id: Id, file_id: FileId) -> None:
    """Take a file away again that was not handed in."""
    del assignment_id
    remove_answer_file(file_id=file_id_of(file_id), by=request.auth.by, at=request.auth.at)


@doors.get(
    "/files/{str:file_id}",
    scope=Scope.RESULTS,
    answers="application/octet-stream",
    refuses=(AnswerFileNotFound,),
)
def fetch_answer_file(request: Asked, file_id: FileId) -> FileResponse:
    """A file that was handed in to a project of the caller's, byte for byte.

    An export of the kind `files` has all of a project's in one archive.
    """
    return _saved(request, file_id)


def _saved(request: Asked, file_id: str) -> FileResponse:
    return sent_as_it_is(readable_file(file_id_of(file_id), by=request.auth.by))


def sent_as_it_is(stored: Stored) -> FileResponse:
    """Answer with a file byte for byte, as one to be saved."""
    return FileResponse(
        stored.open(), as_attachment=True, filename=stored.name, content_type="application/octet-stream"
    )


def file_id_of(written: str) -> UUID:
    """Return the id that an address names; what is none is the id of nothing."""
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
