"""Somebody who was drawn to hear a case declines, or gives up after accepting; another peer is drawn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.justice.jury.access import own_jury_seat
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import Seat
from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.jury.usecases.seat_jurors import seat_jurors
from canut.justice.models import Case
from canut.kernel.refusals import Refusal
from canut.membership.usecases.answer_seat import answer_seat
from canut.people.models import Person


class SeatIsOver(Refusal):
    code = "seat_is_over"


@transaction.atomic
def decline_seat(*, seat_id: int, by: Person, at: datetime) -> Seat:
    """Give up a seat of one's own, without a reason; what one has in hand of it is put back.

    Declining twice is safe.

    Raises:
        JurySeatNotFound: there is none of `by`. SeatIsOver: they have decided, or nobody needs to any more.
        SeatAnswered: its time to answer has just run out.
    """
    seat = own_jury_seat(seat_id, by=by)
    Case.objects.select_for_update(no_key=True).get(pk=seat.panel.case_id)
    seat.refresh_from_db()
    if seat.state == SeatState.LEFT:
        return seat
    if seat.state not in LIVE or seat.panel.state != PanelState.OPEN:
        raise SeatIsOver(_("There is nothing to give up: you have decided, or the case is over."))
    answer_seat(number=lot_of(seat.panel).number, by=by, accept=False, at=at)
    seat_jurors(seat.panel, at=at)
    seat.refresh_from_db()
    return seat
