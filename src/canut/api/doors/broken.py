"""Broken tasks: a worker reports one, its requester mends, puts back or withdraws the row."""

from typing import Annotated, Literal

from ninja import Query

from canut.api.doors.work import assignment_of
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.broken import (
    BrokenContestIn,
    BrokenReport,
    BrokenReportIn,
    BrokenRow,
    BrokenRowsDecided,
    BrokenRowsIn,
    MendedRow,
)
from canut.api.shapes.common import Page
from canut.api.shapes.said_broken import report_said, row_said
from canut.api.shapes.said_work import why_none_said
from canut.api.shapes.work import Left
from canut.justice.usecases.contest_report import contest_report
from canut.people.models import Scope
from canut.work.queries import broken as found
from canut.work.refusals import (
    AssignmentNotFound,
    BrokenReportNotFound,
    BrokenRowNotFound,
    ProjectClosed,
    ProjectNotFound,
)
from canut.work.usecases.contest_top_up import ContestTooLate
from canut.work.usecases.end_broken_rows import (
    PlacesStillOpening,
    RowDecidedAlready,
    RowHasAnswers,
    mend_row,
    put_back_rows,
    withdraw_rows,
)
from canut.work.usecases.fit_rows import RowsUnderWay
from canut.work.usecases.leave_task import NotInHand
from canut.work.usecases.report_broken import NotReportable, report_broken, report_to_next
from canut.work.usecases.submit_answer import LeaseRanOut

doors = Doors("broken tasks")

ROWS = (ProjectNotFound, BrokenRowNotFound, ProjectClosed, PlacesStillOpening)
ShowsAsked = Annotated[
    Literal["paused", "mended", "whole", "withdrawn", "all"],
    Query(description="Rows that are out of the feed until they are decided on; or those in another state."),
]


@doors.post(
    "/assignments/{assignment_id}/broken",
    scope=Scope.WORK,
    answers=Left,
    replays=Replays.NATURAL,
    refuses=(AssignmentNotFound, NotInHand, LeaseRanOut, NotReportable),
)
def report_a_broken_task(request: Asked, assignment_id: Id, body: BrokenReportIn) -> Left:
    """Report a task in hand as broken. The time spent on it is paid at the caller's floor, within limits.

    Its row is out of the feed until its requester has looked at it, and the caller is not given it again. No
    standing changes. Reporting again answers with what was reported first.
    """
    by, at = request.auth.by, request.auth.at
    if not body.next:
        report_broken(assignment_id=assignment_id, kind=body.kind, words=body.words, by=by, at=at)
        return Left(assignment=assignment_of(request, assignment_id), next=None, why_none=None)
    reported = report_to_next(assignment_id=assignment_id, kind=body.kind, words=body.words, by=by, at=at)
    return Left(
        assignment=assignment_of(request, assignment_id),
        next=None if reported.next is None else assignment_of(request, reported.next.pk),
        why_none=why_none_said(reported.why_none),
    )


@doors.get(
    "/projects/{project_id}/broken-rows",
    scope=Scope.REVIEW,
    answers=Page[BrokenRow],
    refuses=(ProjectNotFound,),
)
def list_broken_rows(
    request: Asked, project_id: Id, shows: ShowsAsked = "paused", cursor: Cursor = None, limit: Limit = 50
) -> Page[BrokenRow]:
    """The project's rows that were reported as broken, those reported last first, with what was said."""
    name = f"broken-{project_id}-{shows}"
    page = found.broken_page(
        project_id,
        by=request.auth.by,
        at=request.auth.at,
        shows=shows,
        before_id=after(cursor, name),
        most=limit,
    )
    following = cursor_to(name, page.next_cursor) if page.next_cursor else None
    return Page[BrokenRow](items=[row_said(row) for row in page.rows], next_cursor=following)


@doors.post(
    "/projects/{project_id}/broken-rows/put-back",
    scope=Scope.PROJECTS,
    answers=BrokenRowsDecided,
    replays=Replays.NATURAL,
    refuses=ROWS,
)
def put_broken_rows_back(request: Asked, project_id: Id, body: BrokenRowsIn) -> BrokenRowsDecided:
    """Say that rows are whole: they are back in the feed. Those decided on before are left as they are."""
    decided = put_back_rows(
        project_id=project_id, row_ids=body.rows, words=body.words, by=request.auth.by, at=request.auth.at
    )
    return BrokenRowsDecided(decided=decided)


@doors.post(
    "/projects/{project_id}/broken-rows/withdraw",
    scope=Scope.PROJECTS,
    answers=BrokenRowsDecided,
    replays=Replays.NATURAL,
    refuses=ROWS,
)
def withdraw_broken_rows(request: Asked, project_id: Id, body: BrokenRowsIn) -> BrokenRowsDecided:
    """Take rows out for good; what was set aside for them comes back. What is in hand can be handed in."""
    decided = withdraw_rows(
        project_id=project_id, row_ids=body.rows, words=body.words, by=request.auth.by, at=request.auth.at
    )
    return BrokenRowsDecided(decided=decided)


@doors.put(
    "/projects/{project_id}/broken-rows/{row_id}/data",
    scope=Scope.PROJECTS,
    answers=BrokenRow,
    refuses=(*ROWS, RowDecidedAlready, RowHasAnswers, RowsUnderWay),
)
def mend_a_broken_row(request: Asked, project_id: Id, row_id: Id, body: MendedRow) -> BrokenRow:
    """Change the data of a reported row that nobody has answered; it is back in the feed."""
    by, at = request.auth.by, request.auth.at
    mend_row(project_id=project_id, row_id=row_id, row=body.row, words=body.words, by=by, at=at)
    return row_said(found.broken_row(project_id, row_id, by=by, at=at))


@doors.post(
    "/projects/{project_id}/broken-reports/{assignment_id}/contest",
    scope=Scope.REVIEW,
    answers=BrokenReport,
    replays=Replays.NATURAL,
    refuses=(ProjectNotFound, BrokenReportNotFound, ContestTooLate),
)
def contest_a_broken_report(
    request: Asked, project_id: Id, assignment_id: Id, body: BrokenContestIn
) -> BrokenReport:
    """Have the pay for one report wait until peers who are drawn by lot have decided. No reward is held."""
    by, at = request.auth.by, request.auth.at
    found.report_in(project_id, assignment_id, by=by, at=at)
    contest_report(assignment_id=assignment_id, by=by, reason=body.reason, at=at)
    return report_said(found.report_in(project_id, assignment_id, by=by, at=at))
