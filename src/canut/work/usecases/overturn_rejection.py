"""A rejection that does not stand: by the requester's change of mind, or by an appeal."""

from datetime import datetime

from django.db import transaction

from canut.people.models import Person
from canut.work.models import Appeal, Decision, Project, Submission
from canut.work.states import AppealBy, AppealState, AssignmentState, Outcome
from canut.work.usecases.pay_reward import pay_reward_from_balance, pay_rewards_from_escrow
from canut.work.usecases.record_decisions import record_decisions
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.settle_design import settle_when_all_is_decided


@transaction.atomic
def overturn_rejection(
    submission: Submission, *, by: Person | None, ended_by: AppealBy, reason: str, at: datetime
) -> None:
    """Turn a rejected submission into an approved one and pay its worker.

    The caller has locked the assignment and found it rejected. `by` is the requester, or None for what an
    appeal decided; an open appeal ends with it, by `ended_by`. While the place's money waits it pays; once
    the place serves another, the requester's balance does (MECHANISMS 5.4), which only their own change of
    mind can meet, for an appeal keeps the money waiting.

    Raises:
        InsufficientFunds: the place serves another by now and the balance does not cover the pay.
    """
    assignment = submission.assignment
    project = Project.objects.select_for_update(no_key=True).get(pk=assignment.project_id)
    assignment.state, assignment.ended_at, assignment.held_until = AssignmentState.APPROVED, at, None
    assignment.save(update_fields=["state", "ended_at", "held_until"])
    Decision.objects.create(
        project=project,
        submission=submission,
        outcome=Outcome.OVERTURNED,
        decided_by=by,
        reason=reason,
        decided_at=at,
    )
    Appeal.objects.filter(assignment=assignment, state=AppealState.OPEN).update(
        state=AppealState.OVERTURNED, decided_by=ended_by, decided_at=at, reason=reason
    )
    if assignment.place_released:
        pay_reward_from_balance(project, assignment, at=at)
    else:
        pay_rewards_from_escrow(project, [assignment], at=at)
    record_decisions(project, [submission], Outcome.OVERTURNED, by=by, at=at)
    settle_when_all_is_decided(project, at=at)
    refund_unused(project, at=at)
