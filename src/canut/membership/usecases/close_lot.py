"""A lot is closed: the seed is shown, and anybody can draw again."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.membership.access import lot_known
from canut.membership.models import Candidate, Lot
from canut.membership.states import LotState, SeatState
from canut.membership.usecases.draw_lot import end_seat


@transaction.atomic
def close_lot(*, number: int, at: datetime) -> Lot:
    """Show the seed: from now on anybody can recompute the draw, and no seat is offered any more.

    Doing it twice changes nothing.

    Raises:
        LotNotFound: there is no such lot. ValueError: it was not drawn.
    """
    lot = lot_known(number, lock=True)
    if lot.state == LotState.CLOSED:
        return lot
    if lot.state != LotState.DRAWN:
        raise ValueError(f"lot {number} was not drawn")
    for seat in Candidate.objects.filter(lot=lot, state=SeatState.OFFERED).order_by("place"):
        end_seat(seat, SeatState.LAPSED, at=at)
    lot.state, lot.closed_at = LotState.CLOSED, max(at, lot.drawn_at or at)
    lot.save(update_fields=["state", "closed_at"])
    record(None, "lot.closed", lot, at=at)
    return lot
