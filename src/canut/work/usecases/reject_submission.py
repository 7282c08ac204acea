"""A requester turns down reworked work, with a ground, evidence and a reason; its money waits."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import submission_for_decision
from canut.work.models import Decision, Submission
from canut.work.refusals import refuse_in_round
from canut.work.states import AssignmentState, Ground, Outcome
from canut.work.usecases.record_decisions import record_decisions
from canut.work.usecases.return_submission import DecidedAlready, checked_text


class ReturnFirst(Refusal):
    code = "return_first"


@transaction.atomic
def reject_submission(
    *, submission_id: int, by: Person, ground: str, evidence: str, reason: str, at: datetime
) -> Submission:
    """Reject a second submission. The place stays closed and its money set aside while it may be appealed.

    Repeating it is safe: the first rejection's texts stand.

    Raises:
        SubmissionNotFound: there is none, or `by` may not decide on it.
        BadInput: the ground is not on the list, or evidence or reason is missing or too long.
        RoundNotRejected: it was handed in for a prototype round.
        ReturnFirst: it was never sent back; rework must be offered before a rejection.
        DecidedAlready: it is approved.
    """
    submission = submission_for_decision(submission_id, by=by)
    assignment = submission.assignment
    refuse_in_round(assignment.round_id is not None)
    if ground not in Ground.values:
        raise BadInput(_("Choose one of the published grounds."), errors={"ground": "unknown"})
    evidence, reason = checked_text(evidence, what="evidence"), checked_text(reason, what="reason")
    if submission.attempt == 2 and assignment.state == AssignmentState.REJECTED:
        return submission
    if submission.attempt == 1:
        raise ReturnFirst(_("Send the work back once, saying what to change, before you reject it."))
    if assignment.state != AssignmentState.SUBMITTED:
        raise DecidedAlready(_("This has been decided already."), state=assignment.state)

    days = int(in_force("deciding.rejection_hold_days", at=at))
    assignment.state, assignment.ended_at = AssignmentState.REJECTED, at
    assignment.held_until = at + timedelta(days=days)
    assignment.save(update_fields=["state", "ended_at", "held_until"])
    Decision.objects.create(
        project_id=submission.project_id,
        submission=submission,
        outcome=Outcome.REJECTED,
        decided_by=by,
        ground=ground,
        evidence=evidence,
        reason=reason,
        decided_at=at,
    )
    record_decisions(assignment.project, [submission], Outcome.REJECTED, by=by, at=at)
    return submission
