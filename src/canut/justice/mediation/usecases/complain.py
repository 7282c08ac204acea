"""The direct attempt did not help: a complaint is made, and the other side replies."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.mediation.access import must_be, part_in
from canut.justice.mediation.models import Dispute
from canut.justice.mediation.refusals import ComplaintTooEarly, ComplaintTooLate, ReplyTooLate
from canut.justice.mediation.states import DisputeState, Side
from canut.justice.mediation.usecases.name_mediator import begin_mediation
from canut.justice.mediation.words import checked
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person


@transaction.atomic
def end_direct_attempt(*, dispute_id: int, by: Person, at: datetime) -> Dispute:
    """Say, as the other side, that the two of them will not settle it alone: a complaint can be made now.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` is not the other side.
        DisputeNotThere: a complaint was made, or it has ended.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.OTHER,))
    if dispute.direct_until <= at and dispute.state == DisputeState.DIRECT:
        return dispute
    must_be(dispute, DisputeState.DIRECT)
    dispute.direct_until = at
    dispute.save(update_fields=["direct_until"])
    record(by, "dispute.direct_ended", dispute, at=at)
    later("mediation.tell", dispute_id=dispute.pk, what="direct_ended")
    return dispute


@transaction.atomic
def complain(*, dispute_id: int, by: Person, complaint: str, at: datetime) -> Dispute:
    """Make a complaint of what both sides could not settle; the other side has its days to reply.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` did not begin it.
        BadInput: there are no words or too many. DisputeNotThere: another was made, or it has ended.
        ComplaintTooEarly: the direct attempt is not over. ComplaintTooLate: the time for a complaint is.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.COMPLAINANT,))
    tidy = checked(complaint=complaint)
    if dispute.complained_at is not None and dispute.complaint == tidy["complaint"]:
        return dispute
    must_be(dispute, DisputeState.DIRECT)
    if at < dispute.direct_until:
        raise ComplaintTooEarly(
            _(
                "Both of you still try to settle it. You can make a complaint from the day on which that "
                "ends."
            ),
            direct_until=dispute.direct_until.isoformat(),
        )
    if at >= dispute.complain_by:
        raise ComplaintTooLate(
            _("The time in which a complaint could be made is over."),
            complain_by=dispute.complain_by.isoformat(),
        )
    dispute.state, dispute.complained_at, dispute.complaint = DisputeState.REPLY, at, tidy["complaint"]
    dispute.reply_by = at + timedelta(days=in_force("mediation.reply_days", at=at))
    dispute.save(update_fields=["state", "complained_at", "complaint", "reply_by"])
    record(by, "dispute.complained", dispute, at=at)
    later("mediation.tell", dispute_id=dispute.pk, what="complained")
    return dispute


@transaction.atomic
def reply(*, dispute_id: int, by: Person, text: str, at: datetime) -> Dispute:
    """Reply to a complaint, as the other side; then a mediator is named.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` is not the other side.
        BadInput: there are no words or too many.
        DisputeNotThere: there is no complaint, or a mediator has it, or it has ended.
        ReplyTooLate: the time to reply is over, whether or not the job that goes on has run.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.OTHER,))
    tidy = checked(text=text)
    if dispute.replied_at is not None and dispute.reply == tidy["text"]:
        return dispute
    must_be(dispute, DisputeState.REPLY)
    if dispute.reply_by is not None and at >= dispute.reply_by:
        raise ReplyTooLate(
            _("The time to reply is over, and a mediator is named. Tell the mediator what you want to say."),
            reply_by=dispute.reply_by.isoformat(),
        )
    dispute.replied_at, dispute.reply = at, tidy["text"]
    dispute.save(update_fields=["replied_at", "reply"])
    record(by, "dispute.replied", dispute, at=at)
    later("mediation.tell", dispute_id=dispute.pk, what="replied")
    begin_mediation(dispute, at=at)
    return dispute
