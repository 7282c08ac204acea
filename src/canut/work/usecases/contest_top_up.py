"""A requester objects to one worker's reports: that top-up waits, and nothing else does."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import locked_top_up
from canut.work.models import TopUpContest
from canut.work.states import ContestState, TopUpState
from canut.work.usecases.return_submission import checked_text


class ContestTooLate(Refusal):
    code = "contest_too_late"


@transaction.atomic
def contest_top_up(*, top_up_id: int, reason: str, at: datetime) -> TopUpContest:
    """Hold one worker's top-up for the room that hears the contest; whose project it is, is its question.

    The reward is paid as ever, and the typical time for the others stays as it is, with the contested
    reports in it. With no decision in the charter's days the top-up is paid: a contest ends sooner than a
    case is closed for want of peers. A contest that is open already is returned as it is.

    Raises:
        TopUpNotFound: there is none. ContestTooLate: it is paid or due already.
        BadInput: the reason is missing or too long.
    """
    top_up = locked_top_up(top_up_id)
    existing = TopUpContest.objects.filter(top_up=top_up).first()
    if existing is not None and existing.state == ContestState.OPEN:
        return existing
    if existing is not None or top_up.state != TopUpState.ANNOUNCED or top_up.due_at <= at:
        raise ContestTooLate(_("This top-up is due or paid already, so it cannot be contested any more."))
    reason = checked_text(reason, what="reason")
    days = min(in_force("pay.contest_days", at=at), in_force("jury.lapse_days", at=at))
    ends_at = at + timedelta(days=days)
    requester = Person.objects.get(pk=top_up.settlement.project.owner_id)
    contest = TopUpContest.objects.create(
        top_up=top_up, opened_by=requester, reason=reason, opened_at=at, ends_at=ends_at
    )
    top_up.state, top_up.due_at = TopUpState.CONTESTED, ends_at
    top_up.save(update_fields=["state", "due_at"])
    record(requester, "top_up.contested", top_up, at=at, project_id=top_up.settlement.project_id)
    later("work.tell_of_contest", top_up_id=top_up.pk, what="opened")
    return contest
