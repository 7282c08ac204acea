"""A requester objects to one worker's reports: that top-up waits, and nothing else does."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import top_up_to_contest
from canut.work.models import TopUpContest
from canut.work.states import TopUpState
from canut.work.usecases.return_submission import checked_text


class ContestTooLate(Refusal):
    code = "contest_too_late"


@transaction.atomic
def contest_top_up(*, top_up_id: int, by: Person, reason: str, at: datetime) -> TopUpContest:
    """Hold one worker's top-up until somebody without a part in it has decided, with a reason they read.

    The reward is paid as ever, and the typical time for the others stays as it is, with the contested
    reports in it. With no decision in the charter's days the top-up is paid. Contesting twice is
    safe: the first reason stands.

    Raises:
        TopUpNotFound: there is none in a project of `by`.
        ContestTooLate: it is paid or due already.
        BadInput: the reason is missing or too long.
    """
    top_up = top_up_to_contest(top_up_id, by=by)
    existing = TopUpContest.objects.filter(top_up=top_up).first()
    if existing is not None:
        return existing
    if top_up.state != TopUpState.ANNOUNCED or top_up.due_at <= at:
        raise ContestTooLate(_("This top-up is due or paid already, so it cannot be contested any more."))
    reason = checked_text(reason, what="reason")
    ends_at = at + timedelta(days=in_force("pay.contest_days", at=at))
    contest = TopUpContest.objects.create(
        top_up=top_up, opened_by=by, reason=reason, opened_at=at, ends_at=ends_at
    )
    top_up.state, top_up.due_at = TopUpState.CONTESTED, ends_at
    top_up.save(update_fields=["state", "due_at"])
    record(by, "top_up.contested", top_up, at=at, project_id=top_up.settlement.project_id)
    later("work.tell_of_contest", top_up_id=top_up.pk, what="opened")
    return contest
