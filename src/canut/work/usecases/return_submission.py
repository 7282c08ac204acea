"""A requester sends work back once, saying why and what to change; the rework is paid."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.refusals import BadInput, Refusal
from canut.kernel.working_days import add_working_days
from canut.ledger.models import Kind, Reason
from canut.ledger.queries import project_total_minor
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person
from canut.work.access import submission_for_decision
from canut.work.models import Assignment, Decision, Project, Submission
from canut.work.queries.pricing import rework_minor
from canut.work.refusals import refuse_in_round
from canut.work.states import AssignmentState, Outcome
from canut.work.usecases.fund_project import account_of, payer_of
from canut.work.usecases.record_decisions import record_decisions
from canut.work.usecases.refund_unused import rework_promised_minor

LONGEST_TEXT = 2_000
"""How many characters a reason or an evidence may have."""


class DecidedAlready(Refusal):
    code = "decided_already"


class ReturnedAlready(Refusal):
    code = "returned_already"


@transaction.atomic
def return_submission(*, submission_id: int, by: Person, reason: str, at: datetime) -> Submission:
    """Send a first submission back for rework, once, with a reason that says what to change.

    The worker has the charter's working days to hand in again. What the rework will be paid if it is
    approved is fixed now and lies in the project's reserve, topped up from the owner's balance if the
    reserve is used up, so that a later approval by silence never lacks money. Repeating it is safe.

    Raises:
        SubmissionNotFound: there is none, or `by` may not decide on it.
        BadInput: no reason, or one of over 2,000 characters.
        RoundNotRejected: it was handed in for a prototype round.
        ReturnedAlready: this is the second submission: approve it, or reject it with a ground.
        DecidedAlready: it is approved or rejected.
        InsufficientFunds: neither the reserve nor the balance covers the rework.
    """
    submission = submission_for_decision(submission_id, by=by)
    assignment = submission.assignment
    refuse_in_round(assignment.round_id is not None)
    reason = checked_text(reason, what="reason")
    if submission.attempt == 1 and assignment.state == AssignmentState.RETURNED:
        return submission
    if assignment.attempt == 2:
        raise ReturnedAlready(
            _("Work is sent back once only. Approve what came back, or reject it with a ground.")
        )
    if assignment.state != AssignmentState.SUBMITTED:
        raise DecidedAlready(_("This has been decided already."), state=assignment.state)

    project = Project.objects.select_for_update(no_key=True).get(pk=assignment.project_id)
    promised_minor = rework_minor(project, assignment.revision_id, at=at)
    _cover_rework(project, assignment, promised_minor, at=at)
    days = int(in_force("deciding.rework_working_days", at=at))
    assignment.state, assignment.lease_until = AssignmentState.RETURNED, add_working_days(at, days)
    assignment.save(update_fields=["state", "lease_until"])
    Decision.objects.create(
        project_id=submission.project_id,
        submission=submission,
        outcome=Outcome.RETURNED,
        decided_by=by,
        reason=reason,
        rework_minor=promised_minor,
        decided_at=at,
    )
    record_decisions(project, [submission], Outcome.RETURNED, by=by, at=at)
    return submission


def checked_text(text: str, *, what: Literal["reason", "evidence"]) -> str:
    """Return a reason or an evidence without outer blanks.

    Raises:
        BadInput: it is empty or longer than 2,000 characters.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        asked = {
            "reason": _("Write the reason in 1 to 2,000 characters; the worker reads it."),
            "evidence": _("Write the evidence in 1 to 2,000 characters; the worker reads it."),
        }
        raise BadInput(asked[what], errors={what: "length"})
    return text


def _cover_rework(project: Project, assignment: Assignment, promised_minor: int, *, at: datetime) -> None:
    lacking = rework_promised_minor(project) + promised_minor - project_total_minor(project.pk, Kind.RESERVE)
    if lacking > 0:
        movement = Movement(
            payer_of(project),
            account_of(project, Kind.RESERVE),
            lacking,
            Reason.REWORK,
            f"rework-reserve:{assignment.pk}",
            ("assignment", assignment.pk),
        )
        post_entries([movement], at=at)
