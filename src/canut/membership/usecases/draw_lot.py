"""A lot is drawn, and its seats are offered in the order of the draw."""

from datetime import datetime, timedelta

from django.db import transaction

from canut.kernel.events import record
from canut.kernel.later import later
from canut.membership.access import lot_known
from canut.membership.models import Candidate, Lot
from canut.membership.rules_lot import Drawable, order_of
from canut.membership.states import LotState, SeatState


@transaction.atomic
def draw_lot(*, number: int, at: datetime) -> Lot:
    """Give every candidate their place, and offer the seats to the first. Twice changes nothing.

    Raises:
        LotNotFound: there is no such lot. ValueError: nobody has asked for it yet.
    """
    lot = lot_known(number, lock=True)
    if lot.state in (LotState.DRAWN, LotState.CLOSED):
        return lot
    if lot.state == LotState.PREPARED:
        raise ValueError(f"lot {number} is about nothing yet: commit_lot comes first")
    rows = {one.code: one for one in Candidate.objects.filter(lot=lot)}
    drawable = [Drawable(one.code, one.served_lately) for one in rows.values()]
    for place, code in enumerate(order_of(bytes.fromhex(lot.seed), drawable), start=1):
        rows[code].place = place
    Candidate.objects.bulk_update(rows.values(), ["place"], batch_size=1_000)
    lot.state, lot.drawn_at = LotState.DRAWN, max(at, lot.committed_at or at)
    lot.save(update_fields=["state", "drawn_at"])
    record(None, "lot.drawn", lot, at=at)
    replace_drawn(lot=lot, at=at)
    return lot


def replace_drawn(*, lot: Lot, at: datetime) -> int:
    """Offer free seats to the next in the order, and return how many stay free because nobody is left.

    The lot's row must be locked.
    """
    assert lot.seats is not None
    assert lot.answer_days is not None
    held = [SeatState.OFFERED, SeatState.ACCEPTED, SeatState.SERVED]
    taken = Candidate.objects.filter(lot=lot, state__in=held).count()
    free = max(0, lot.seats - taken)
    waiting = Candidate.objects.filter(lot=lot, state="", person__is_active=True).order_by("place")
    following = list(waiting[:free])
    for seat in following:
        seat.state, seat.offered_at = SeatState.OFFERED, at
        seat.answer_by = at + timedelta(days=lot.answer_days)
        seat.save(update_fields=["state", "offered_at", "answer_by"])
        record(None, "lot.seat_offered", lot, at=at, candidate_id=seat.pk)
        later("membership.tell_drawn", candidate_id=seat.pk)
    return free - len(following)


def end_seat(seat: Candidate, state: SeatState, *, at: datetime) -> None:
    """Say what became of a seat that was offered or accepted; the lot's row must be locked.

    Whoever waited for that lock may have looked at the clock before the seat was offered.
    """
    seat.state, seat.answered_at = state, max(at, seat.offered_at or at)
    seat.save(update_fields=["state", "answered_at"])
