"""Somebody who was drawn accepts or declines, lets the time pass, or must not sit after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.membership.access import lot_known, own_seat
from canut.membership.models import Candidate, Lot
from canut.membership.states import LotState, SeatState
from canut.membership.usecases.draw_lot import end_seat, replace_drawn
from canut.people.models import Person


class SeatAnswered(Refusal):
    code = "seat_answered"


@transaction.atomic
def answer_seat(*, number: int, by: Person, accept: bool, at: datetime) -> Candidate:
    """Accept the seat that was offered to `by`, or decline it; then the next in the order is asked.

    Saying the same twice changes nothing. Who accepted may decline later, while the lot is not closed.

    Raises:
        LotNotFound: there is no such lot. SeatNotFound: `by` was not drawn in it.
        SeatAnswered: it was declined, ran out of time or was taken away, or the lot is closed.
    """
    lot = lot_known(number, lock=True)
    seat = own_seat(number, by=by)
    if accept and seat.state in (SeatState.ACCEPTED, SeatState.SERVED):
        return seat
    if not accept and seat.state in (SeatState.DECLINED, SeatState.RELEASED):
        return seat
    if lot.state != LotState.DRAWN:
        raise SeatAnswered(_("This lot is closed: its seats are not given to others any more."))
    if seat.state == SeatState.OFFERED and seat.answer_by is not None and at < seat.answer_by:
        end_seat(seat, SeatState.ACCEPTED if accept else SeatState.DECLINED, at=at)
    elif seat.state == SeatState.ACCEPTED and not accept:
        end_seat(seat, SeatState.RELEASED, at=at)
    else:
        raise SeatAnswered(_("This seat is not offered to you any more; another member was asked."))
    record(by, f"lot.seat_{seat.state}", lot, at=at, candidate_id=seat.pk)
    replace_drawn(lot=lot, at=at)
    return seat


@transaction.atomic
def keep_served(*, number: int, person_id: int, at: datetime) -> None:
    """Keep that somebody who was drawn has done what they were drawn for: the seat is theirs for good.

    Who let the time to answer pass and served all the same counts as having served. Twice changes nothing,
    and so does a lot that is closed.

    Raises:
        LotNotFound: there is no such lot.
    """
    lot = lot_known(number, lock=True)
    seat = Candidate.objects.filter(
        lot=lot,
        person_id=person_id,
        state__in=[SeatState.OFFERED, SeatState.ACCEPTED, SeatState.LAPSED],
    ).first()
    if seat is not None and lot.state == LotState.DRAWN:
        end_seat(seat, SeatState.SERVED, at=at)
        record(None, "lot.seat_served", lot, at=at, candidate_id=seat.pk)


@transaction.atomic
def exclude_drawn(*, number: int, person_id: int, at: datetime) -> Lot:
    """Take somebody's seat away, who must not sit after all, and ask the next. Twice changes nothing.

    Raises:
        LotNotFound: there is no such lot.
    """
    lot = lot_known(number, lock=True)
    seat = Candidate.objects.filter(
        lot=lot, person_id=person_id, state__in=[SeatState.OFFERED, SeatState.ACCEPTED]
    ).first()
    if seat is not None and lot.state == LotState.DRAWN:
        end_seat(seat, SeatState.EXCLUDED, at=at)
        record(None, "lot.seat_excluded", lot, at=at, candidate_id=seat.pk)
        replace_drawn(lot=lot, at=at)
    return lot


@transaction.atomic
def lapse_seats(*, at: datetime, most: int = 200) -> int:
    """Take back seats that were not answered in time, and ask the next; return how many lapsed. A job."""
    due = Candidate.objects.filter(state=SeatState.OFFERED, answer_by__lte=at, lot__state=LotState.DRAWN)
    lapsed = 0
    for number in sorted(set(due.order_by("answer_by").values_list("lot_id", flat=True)[:most])):
        lot = lot_known(number, lock=True)
        for seat in due.filter(lot=lot).order_by("place"):
            end_seat(seat, SeatState.LAPSED, at=at)
            record(None, "lot.seat_lapsed", lot, at=at, candidate_id=seat.pk)
            lapsed += 1
        replace_drawn(lot=lot, at=at)
    return lapsed
