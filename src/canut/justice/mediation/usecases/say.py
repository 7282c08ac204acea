"""Those who take part in a dispute write to each other."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.mediation.access import dispute_of, must_be
from canut.justice.mediation.models import Dispute, Message
from canut.justice.mediation.states import OPEN, Audience, DisputeState, Side
from canut.justice.mediation.words import checked
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person


@transaction.atomic
def say(*, dispute_id: int, by: Person, text: str, audience: str = Audience.ALL, at: datetime) -> Message:
    """Write to the others in an open dispute. The same words again, with nothing in between, are kept once.

    With a mediator, a side may write to them alone, and they to one side alone.

    Raises:
        DisputeNotFound: `by` has no part in it. DisputeNotThere: it has ended.
        BadInput: there are no words or too many, or they are not for these readers to be written to.
    """
    dispute, side = dispute_of(dispute_id, by=by, lock=True)
    tidy = checked(text=text)
    heard = checked_audience(dispute, side, audience)
    last = Message.objects.filter(dispute=dispute).order_by("-pk").first()
    if last is not None and (last.by_id, last.audience, last.text) == (by.pk, heard, tidy["text"]):
        return last
    must_be(dispute, *OPEN)
    message = Message.objects.create(dispute=dispute, by=by, side=side, audience=heard, written_at=at, **tidy)
    record(by, "dispute.written", dispute, at=at, side=str(side), audience=str(heard))
    later("mediation.tell_of_news", dispute_id=dispute.pk, by_side=str(side), audience=str(heard))
    return message


def checked_audience(dispute: Dispute, side: Side, audience: str) -> Audience:
    """Return for whom something is that a side writes or sends.

    Raises:
        BadInput: it is none of those there are, or not one that this side may choose now.
    """
    allowed = {Audience.ALL}
    if side == Side.MEDIATOR:
        allowed = set(Audience)
    elif dispute.state == DisputeState.MEDIATION:
        allowed |= {Audience(side.value)}
    if audience not in allowed:
        sentence = _("Choose for whom this is. Only with a mediator can you write to the mediator alone.")
        raise BadInput(
            _("Some of what you entered cannot be accepted. Nothing was kept."), errors={"audience": sentence}
        )
    return Audience(audience)
