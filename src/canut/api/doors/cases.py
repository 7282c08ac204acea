"""Appeals: reading one's own and those against one, adding files, taking one back."""

from typing import Annotated, Literal

from django.http import FileResponse
from ninja import Query, Status

from canut.api.doors.files import FileId, file_id_of, sent_as_it_is
from canut.api.doors.uploads import FILE_BODY, Filename, length_of, received
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.refusals import RequestNotUnderstood
from canut.api.shapes import cases as shapes
from canut.api.shapes.common import Page
from canut.api.shapes.said_cases import case_said
from canut.justice.files import (
    CaseFileEmpty,
    CaseFileTooLarge,
    CaseFileTypeRefused,
    SentFile,
    refuse_too_large,
)
from canut.justice.queries import case_seen, cases_against, cases_of, readable_case_file
from canut.justice.refusals import CaseFileNotFound, CaseNotFound
from canut.justice.usecases.keep_case_file import (
    CaseHasEnded,
    TooManyCaseFiles,
    add_case_file,
    remove_case_file,
)
from canut.justice.usecases.take_back_case import take_back_case
from canut.people.models import Scope

doors = Doors("cases")

SideAsked = Annotated[
    Literal["mine", "against"],
    Query(description="Those that the caller opened, or those against what the caller decided or reported."),
]


@doors.get("/cases", scope=Scope.ACCOUNT, answers=Page[shapes.CaseListed])
def list_cases(
    request: Asked, side: SideAsked = "mine", cursor: Cursor = None, limit: Limit = 50
) -> Page[shapes.CaseListed]:
    """The appeals that the caller opened, or those in which they are the other side, the newest first."""
    listing = "cases" if side == "mine" else "cases-against"
    of_side = cases_of if side == "mine" else cases_against
    page = of_side(request.auth.by, before_id=after(cursor, listing), most=limit)
    following = cursor_to(listing, page.next_cursor) if page.next_cursor else None
    return Page[shapes.CaseListed](
        items=[shapes.CaseListed.model_validate(one) for one in page.cases], next_cursor=following
    )


@doors.get("/cases/{case_id}", scope=Scope.ACCOUNT, answers=shapes.Case, refuses=(CaseNotFound,))
def get_case(request: Asked, case_id: Id) -> shapes.Case:
    """An appeal of the caller's, or one in which they are the other side; no name is in it."""
    return case_said(case_seen(case_id, by=request.auth.by, at=request.auth.at))


@doors.post(
    "/cases/{case_id}/files",
    scope=Scope.WORK,
    answers=shapes.CaseFile,
    status=201,
    refuses=(
        CaseNotFound,
        CaseHasEnded,
        CaseFileEmpty,
        CaseFileTooLarge,
        CaseFileTypeRefused,
        TooManyCaseFiles,
        RequestNotUnderstood,
    ),
    replays=Replays.NATURAL,
    extra={"requestBody": FILE_BODY},
)
def add_a_case_file(request: Asked, case_id: Id, filename: Filename = None) -> Status[shapes.CaseFile]:
    """Add a file to an open appeal of the caller's. The same file is kept once.

    Send a form with the field `file`, or the file's bytes as the body with `filename` in the address.
    """
    refuse_too_large(length_of(request))
    with received(request, filename, refuse_too_large) as file:
        kept = add_case_file(
            case_id=case_id, by=request.auth.by, sent=SentFile(file, str(file.name)), at=request.auth.at
        )
    said = shapes.CaseFile(
        id=kept.pk,
        number=kept.number,
        name=kept.filename,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
    )
    return Status(201, said)


@doors.get(
    "/case-files/{str:file_id}",
    scope=Scope.ACCOUNT,
    answers="application/octet-stream",
    refuses=(CaseFileNotFound,),
)
def fetch_case_file(request: Asked, file_id: FileId) -> FileResponse:
    """A file of an appeal in which the caller is a side, byte for byte."""
    return sent_as_it_is(readable_case_file(file_id_of(file_id), by=request.auth.by))


@doors.delete(
    "/case-files/{str:file_id}",
    scope=Scope.WORK,
    answers=None,
    status=204,
    refuses=(CaseFileNotFound, CaseHasEnded),
)
def remove_a_case_file(request: Asked, file_id: FileId) -> None:
    """Take a file away again while the appeal is open."""
    remove_case_file(file_id=file_id_of(file_id), by=request.auth.by, at=request.auth.at)


@doors.post(
    "/cases/{case_id}/take-back",
    scope=Scope.WORK,
    answers=shapes.Case,
    refuses=(CaseNotFound,),
    replays=Replays.NATURAL,
)
def take_a_case_back(request: Asked, case_id: Id) -> shapes.Case:
    """End an open appeal of the caller's: what was decided stands, and it cannot be appealed again."""
    take_back_case(case_id=case_id, by=request.auth.by, at=request.auth.at)
    return case_said(case_seen(case_id, by=request.auth.by, at=request.auth.at))
