"""One judges another, about one assignment; what follows from it is computed at once."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.refusals import BadInput
from canut.people.models import Party
from canut.reputation.models import Rating, Side
from canut.reputation.usecases.keep_regard import keep_regard
from canut.reputation.usecases.recompute_standings import recompute_standings


@transaction.atomic
def record_rating(
    *,
    side: Side,
    rater_id: int,
    rated_id: int,
    assignment_id: int,
    group_id: int,
    value: Decimal,
    at: datetime,
) -> Rating:
    """Write a judgement down, let it take the place of an earlier one, and compute what it comes to.

    The caller has checked that the two had this assignment with each other. The same judgement again is
    the same row. The rated party's row is locked, so that two judgements of one party take turns.

    Raises:
        BadInput: the value is not on the scale.
    """
    best, _middle, least = in_force("rating.weights", at=at)
    if not least <= value <= best:
        raise BadInput(_("A rating lies between %(least)s and %(best)s.") % {"least": least, "best": best})
    Party.objects.select_for_update(no_key=True).get(pk=rated_id)
    earlier = Rating.objects.filter(assignment_id=assignment_id, side=side, counts_until__isnull=True).first()
    if earlier is not None and earlier.value == value:
        return earlier
    if earlier is not None:
        earlier.counts_until = at
        earlier.save(update_fields=["counts_until"])
    rating = Rating.objects.create(
        side=side,
        rater_id=rater_id,
        rated_id=rated_id,
        assignment_id=assignment_id,
        group_id=group_id,
        value=value,
        given_at=at,
    )
    if side == Side.WORKER:
        recompute_standings(party_id=rated_id, rater_id=rater_id, group_id=group_id, at=at)
    else:
        keep_regard(worker_id=rater_id, requester_id=rated_id)
    return rating
