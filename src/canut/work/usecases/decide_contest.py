"""A contest of one worker's reports is decided, or taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.work.access import locked_top_up
from canut.work.models import BrokenContest, TopUp, TopUpContest
from canut.work.refusals import TopUpNotFound
from canut.work.states import ContestState, HeardBy, TopUpState
from canut.work.usecases.pay_top_ups import pay_top_ups_of_project
from canut.work.usecases.refund_unused import refund_unused


class ContestDecided(Refusal):
    code = "contest_decided"


@transaction.atomic
def decide_contest(*, top_up_id: int, uphold: bool, reason: str, at: datetime) -> TopUpContest:
    """Let a contest be as its peers said, with their reasons, which both sides read.

    Upheld, the top-up is not paid. Refused, it is paid at once. Who may say so, and how often it is asked,
    is the question of the room that hears it. The same decision again is safe.

    Raises:
        TopUpNotFound: there is no such contest.
        ContestDecided: it was decided otherwise, or its time was over and the top-up is paid.
    """
    top_up, contest = _locked(top_up_id)
    outcome = ContestState.UPHELD if uphold else ContestState.REFUSED
    if contest.state == outcome:
        return contest
    refuse_over(contest, at=at)
    contest.heard_by, contest.decision = HeardBy.JURY, reason
    _end(top_up, contest, outcome, at=at)
    return contest


@transaction.atomic
def take_back_contest(*, top_up_id: int, at: datetime) -> TopUpContest:
    """End a contest that its requester gives up: the top-up is paid at once. Twice is safe.

    Raises:
        TopUpNotFound: there is no such contest. ContestDecided: it was decided, or its time was over.
    """
    top_up, contest = _locked(top_up_id)
    if contest.state == ContestState.TAKEN_BACK:
        return contest
    refuse_over(contest, at=at)
    _end(top_up, contest, ContestState.TAKEN_BACK, at=at)
    return contest


def _locked(top_up_id: int) -> tuple[TopUp, TopUpContest]:
    top_up = locked_top_up(top_up_id)
    contest = TopUpContest.objects.select_for_update(no_key=True).filter(top_up=top_up).first()
    if contest is None:
        raise TopUpNotFound(_("There is no such contest."))
    return top_up, contest


def refuse_over(contest: TopUpContest | BrokenContest, *, at: datetime) -> None:
    """Raise ContestDecided unless a contest still waits to be decided."""
    if contest.state != ContestState.OPEN or contest.ends_at <= at:
        raise ContestDecided(_("This contest is over: it was decided, or its time has run out."))


def _end(top_up: TopUp, contest: TopUpContest, outcome: ContestState, *, at: datetime) -> None:
    """Settle the top-up that a contest held; the project's row, its own and the top-up's are locked."""
    project = top_up.settlement.project
    contest.state, contest.decided_at = outcome, at
    contest.save(update_fields=["state", "heard_by", "decision", "decided_at"])
    if outcome == ContestState.UPHELD:
        top_up.state = TopUpState.REFUSED
    else:
        top_up.state, top_up.due_at = TopUpState.ANNOUNCED, at
    top_up.save(update_fields=["state", "due_at"])
    if outcome == ContestState.UPHELD:
        refund_unused(project, at=at)
    else:
        pay_top_ups_of_project(project_id=project.pk, at=at)
    record(None, f"top_up.contest_{outcome}", top_up, at=at, project_id=project.pk)
    later("work.tell_of_contest", top_up_id=top_up.pk, what=str(outcome))
