"""A requester accepts work: one submission, several that were shown, or all of one worker."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_project, submission_for_decision
from canut.work.models import Assignment, Decision, Project, Submission
from canut.work.states import AppealBy, AssignmentState, Outcome
from canut.work.usecases.overturn_rejection import overturn_rejection
from canut.work.usecases.pay_reward import pay_rewards_from_escrow
from canut.work.usecases.record_decisions import record_decisions
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.settle_design import settle_when_all_is_decided

MOST_AT_ONCE = 1_000
"""How many submissions one call decides."""


class AlreadyReturned(Refusal):
    code = "already_returned"


@transaction.atomic
def approve_submission(*, submission_id: int, by: Person, at: datetime) -> Submission:
    """Accept a worker's submission and pay its reward out of escrow.

    Approving twice is safe: the second call returns the same submission and pays nothing. A rejected
    one can be approved too: the requester's change of mind (MECHANISMS 5.1, 5.4).

    Raises:
        SubmissionNotFound: there is none, or `by` may not decide on it.
        AlreadyReturned: it went back for rework; the second submission is decided instead.
        InsufficientFunds: it was rejected, its place serves another by now, and the balance does not
            cover paying for it all the same.
    """
    submission = submission_for_decision(submission_id, by=by)
    assignment = submission.assignment
    if submission.attempt < assignment.attempt or assignment.state == AssignmentState.RETURNED:
        raise AlreadyReturned(_("You have sent this back for rework. Decide on what comes back."))
    if assignment.state == AssignmentState.REJECTED:
        overturn_rejection(submission, by=by, ended_by=AppealBy.REQUESTER, reason="", at=at)
    elif assignment.state == AssignmentState.SUBMITTED:
        _approve(assignment.project, [submission], by=by, at=at)
    return submission


@transaction.atomic
def approve_submissions(*, project_id: int, submission_ids: Sequence[int], by: Person, at: datetime) -> int:
    """Accept those of the named submissions that still wait, and return how many they were.

    The ids are those a page showed, so what was handed in since is not swept in; those decided
    meanwhile are left as they are.

    Raises:
        ProjectNotFound: there is none of `by`. BadInput: more than a thousand ids.
    """
    if len(submission_ids) > MOST_AT_ONCE:
        raise BadInput(_("At most 1,000 submissions can be decided at once."))
    project = own_project(project_id, by=by)
    waiting = _waiting(Submission.objects.filter(project=project, pk__in=list(submission_ids)))
    _approve(project, waiting, by=by, at=at)
    return len(waiting)


@transaction.atomic
def approve_all_of_worker(*, project_id: int, worker_id: int, up_to_id: int, by: Person, at: datetime) -> int:
    """Accept what one worker has handed in and the page has counted: submissions up to `up_to_id`.

    At most a thousand in one call; returns how many, so that a caller goes on until it is zero.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    theirs = _undecided(project).filter(
        pk__lte=up_to_id, assignment__worker_id=worker_id, assignment__round=None
    )
    waiting = _waiting(theirs.order_by("pk")[:MOST_AT_ONCE])
    _approve(project, waiting, by=by, at=at)
    return len(waiting)


@transaction.atomic
def approve_by_silence(*, project_id: int, before: datetime, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Accept what was handed in before `before` and nobody decided; marked as automatic (MECHANISMS 5.2)."""
    project = Project.objects.get(pk=project_id)
    waiting = _waiting(_undecided(project).filter(submitted_at__lte=before).order_by("pk")[:most])
    _approve(project, waiting, by=None, at=at)
    return len(waiting)


def approve_duty(project: Project, submission: Submission, *, at: datetime) -> None:
    """Accept what was handed in just now to a project that a fund pays; marked as automatic.

    There is no requester who could look at it. Must run in the transaction that handed it in.
    """
    _approve(project, [submission], by=None, at=at)


def _undecided(project: Project) -> QuerySet[Submission]:
    waiting = Submission.objects.filter(project=project, assignment__state=AssignmentState.SUBMITTED)
    return waiting.filter(attempt=F("assignment__attempt"))


def _waiting(candidates: QuerySet[Submission]) -> list[Submission]:
    """Return those submissions that wait for a decision, their assignments locked in id order."""
    by_assignment = {submission.assignment_id: submission for submission in candidates}
    locked = Assignment.objects.select_for_update(no_key=True).filter(
        pk__in=by_assignment, state=AssignmentState.SUBMITTED
    )
    found = []
    for assignment in locked.order_by("pk"):
        submission = by_assignment[assignment.pk]
        if submission.attempt == assignment.attempt:
            submission.assignment = assignment
            found.append(submission)
    return found


def _approve(project: Project, submissions: Sequence[Submission], *, by: Person | None, at: datetime) -> None:
    if not submissions:
        return
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    assignments = [submission.assignment for submission in submissions]
    for assignment in assignments:
        assignment.state, assignment.ended_at = AssignmentState.APPROVED, at
    Assignment.objects.bulk_update(assignments, ["state", "ended_at"])
    Decision.objects.bulk_create(
        Decision(
            project=project,
            submission=one,
            outcome=Outcome.APPROVED,
            decided_by=by,
            automatic=by is None,
            decided_at=at,
        )
        for one in submissions
    )
    pay_rewards_from_escrow(project, assignments, at=at)
    record_decisions(project, submissions, Outcome.APPROVED, by=by, at=at)
    settle_when_all_is_decided(project, at=at)
    refund_unused(project, at=at)
