"""Deciding on work that was handed in: one submission, several, all of one worker."""

from typing import Annotated
from uuid import uuid4

from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.replays import hashed_key
from canut.api.shapes.common import Page, amount, minor_of
from canut.api.shapes.review import (
    Approvals,
    Approved,
    Bonus,
    BonusIn,
    RejectIn,
    ReturnIn,
    Work,
)
from canut.api.shapes.said_work import work_said
from canut.api.shapes.work import AssignmentState
from canut.kernel.money import AmountRefused
from canut.kernel.refusals import BadInput
from canut.ledger.usecases.post_entries import EntryKeyReused, InsufficientFunds
from canut.people.models import Scope
from canut.work.queries.answered import currency_of_assignment, submission, submissions
from canut.work.refusals import AssignmentNotFound, ProjectNotFound, SubmissionNotFound
from canut.work.usecases.approve_submission import (
    AlreadyReturned,
    approve_all_of_worker,
    approve_submission,
    approve_submissions,
)
from canut.work.usecases.pay_bonus import NoBonusForThat, pay_bonus
from canut.work.usecases.reject_submission import ReturnFirst, reject_submission
from canut.work.usecases.return_submission import DecidedAlready, ReturnedAlready, return_submission

doors = Doors("review")

StateAsked = Annotated[
    AssignmentState | None, Query(description="Only the latest attempts of assignments in this state.")
]
WorkerAsked = Annotated[int | None, Query(ge=1, lt=2**63, description="Only this worker's.")]


@doors.get(
    "/projects/{project_id}/submissions", scope=Scope.REVIEW, answers=Page[Work], refuses=(ProjectNotFound,)
)
def list_submissions(
    request: Asked,
    project_id: Id,
    state: StateAsked = None,
    worker_id: WorkerAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Work]:
    """What was handed in to a project, by number.

    To follow what is approved as it comes, use `list_results`, which loses and repeats nothing.
    """
    rows = submissions(
        project_id,
        by=request.auth.by,
        state=state or "",
        worker_id=worker_id,
        after_id=after(cursor, "submissions") or 0,
        most=limit + 1,
    )
    shown, following = cut(rows, limit=limit, listing="submissions", row_id=lambda row: row.submission_id)
    return Page[Work](items=[work_said(row) for row in shown], next_cursor=following)


@doors.get("/submissions/{submission_id}", scope=Scope.REVIEW, answers=Work, refuses=(SubmissionNotFound,))
def get_submission(request: Asked, submission_id: Id) -> Work:
    """One submission to a project of the caller's, with what was decided about it."""
    return work_said(submission(submission_id, by=request.auth.by))


@doors.post(
    "/submissions/{submission_id}/approve",
    scope=Scope.REVIEW,
    answers=Work,
    refuses=(SubmissionNotFound, AlreadyReturned, InsufficientFunds),
)
def approve_one(request: Asked, submission_id: Id) -> Work:
    """Accept a submission and pay it. Twice is safe; a rejection can be taken back so."""
    approve_submission(submission_id=submission_id, by=request.auth.by, at=request.auth.at)
    return work_said(submission(submission_id, by=request.auth.by))


@doors.post(
    "/projects/{project_id}/approvals", scope=Scope.REVIEW, answers=Approved, refuses=(ProjectNotFound,)
)
def approve_several(request: Asked, project_id: Id, body: Approvals) -> Approved:
    """Accept the submissions named, or all of one worker up to one by number.

    At most a thousand in one call: for a worker with more, repeat it until none was approved. What was
    decided before, and what came in after the numbers given, is left as it is.
    """
    by, at = request.auth.by, request.auth.at
    if body.submission_ids is not None and body.worker_id is None and body.up_to_id is None:
        done = approve_submissions(project_id=project_id, submission_ids=body.submission_ids, by=by, at=at)
    elif body.submission_ids is None and body.worker_id is not None and body.up_to_id is not None:
        done = approve_all_of_worker(
            project_id=project_id, worker_id=body.worker_id, up_to_id=body.up_to_id, by=by, at=at
        )
    else:
        sentence = _("Send either submission_ids, or worker_id and up_to_id.")
        raise BadInput(sentence, errors={"submission_ids": sentence})
    return Approved(approved=done)


@doors.post(
    "/submissions/{submission_id}/return",
    scope=Scope.REVIEW,
    answers=Work,
    refuses=(SubmissionNotFound, ReturnedAlready, DecidedAlready, InsufficientFunds),
)
def return_one(request: Asked, submission_id: Id, body: ReturnIn) -> Work:
    """Send a first submission back for rework, once, saying what to change. The rework is paid."""
    return_submission(submission_id=submission_id, by=request.auth.by, reason=body.reason, at=request.auth.at)
    return work_said(submission(submission_id, by=request.auth.by))


@doors.post(
    "/submissions/{submission_id}/reject",
    scope=Scope.REVIEW,
    answers=Work,
    refuses=(SubmissionNotFound, ReturnFirst, DecidedAlready),
)
def reject_one(request: Asked, submission_id: Id, body: RejectIn) -> Work:
    """Turn down reworked work, with a ground, evidence and a reason. Its money waits for an appeal."""
    reject_submission(
        submission_id=submission_id,
        by=request.auth.by,
        ground=body.ground,
        evidence=body.evidence,
        reason=body.reason,
        at=request.auth.at,
    )
    return work_said(submission(submission_id, by=request.auth.by))


@doors.post(
    "/assignments/{assignment_id}/bonus",
    scope=Scope.MONEY,
    answers=Bonus,
    status=201,
    refuses=(AssignmentNotFound, NoBonusForThat, AmountRefused, InsufficientFunds, EntryKeyReused),
)
def pay_a_bonus(request: Asked, assignment_id: Id, body: BonusIn) -> Bonus:
    """Pay a bonus from the caller's balance to somebody who has handed in work to them."""
    by = request.auth.by
    currency = currency_of_assignment(assignment_id, by=by)
    entry = pay_bonus(
        assignment_id=assignment_id,
        by=by,
        amount_minor=minor_of(body.amount, currency),
        reason=body.reason,
        key=hashed_key(request) or uuid4().hex,
        at=request.auth.at,
    )
    return Bonus(
        entry_id=entry.pk,
        assignment_id=assignment_id,
        amount=amount(entry.amount_minor, entry.currency),
        reason=entry.note,
        paid_at=entry.recorded_at,
    )
