"""A named operator decides a contested top-up: neither its worker nor its requester."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import contest_to_decide
from canut.work.models import TopUpContest
from canut.work.refusals import ConflictOfInterest
from canut.work.states import ContestState, TopUpState
from canut.work.usecases.pay_top_ups import pay_top_ups_of_project
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.return_submission import checked_text


class ContestDecided(Refusal):
    code = "contest_decided"


@transaction.atomic
def decide_contest(*, top_up_id: int, by: Person, uphold: bool, reason: str, at: datetime) -> TopUpContest:
    """Decide a contest, with a reason that both sides read.

    Upheld, the top-up is not paid. Refused, it is paid at once. Repeating the same decision is safe.

    Raises:
        OperatorRoleMissing: `by` is no operator. TopUpNotFound: there is no such contest.
        ConflictOfInterest: `by` did the work or owns the project.
        ContestDecided: it was decided otherwise, or its time was over and the top-up is paid.
        BadInput: the reason is missing or too long.
    """
    top_up = contest_to_decide(top_up_id, by=by)
    project, contest = top_up.settlement.project, top_up.contest
    outcome = ContestState.UPHELD if uphold else ContestState.REFUSED
    if contest.state == outcome and contest.decided_by_id == by.pk:
        return contest
    if contest.state != ContestState.OPEN or contest.ends_at <= at:
        raise ContestDecided(_("This contest is over: it was decided, or its time has run out."))
    if by.pk in (top_up.worker_id, project.owner_id):
        raise ConflictOfInterest(_("Somebody who is neither its worker nor its requester must decide this."))
    reason = checked_text(reason, what="reason")
    contest.state, contest.decided_by, contest.decision, contest.decided_at = outcome, by, reason, at
    contest.save(update_fields=["state", "decided_by", "decision", "decided_at"])
    if uphold:
        top_up.state = TopUpState.REFUSED
    else:
        top_up.state, top_up.due_at = TopUpState.ANNOUNCED, at
    top_up.save(update_fields=["state", "due_at"])
    if uphold:
        refund_unused(project, at=at)
    else:
        pay_top_ups_of_project(project_id=project.pk, at=at)
    record(by, f"top_up.contest_{outcome}", top_up, at=at, project_id=project.pk)
    later("work.tell_of_contest", top_up_id=top_up.pk, what=str(outcome))
    return contest
