"""A member of the board resigns."""

from datetime import datetime

from django.db import transaction

from canut.governance.board.access import own_seat_to_leave
from canut.governance.board.models import Seat
from canut.governance.board.states import LeftSeat
from canut.governance.board.usecases.end_seat import end_seat
from canut.people.models import Person


@transaction.atomic
def leave_seat(*, seat_id: int, by: Person, at: datetime) -> Seat:
    """End `by`'s own seat; who follows is counted from the same ballots. Leaving twice changes nothing.

    Raises:
        BoardSeatNotFound: there is none of this number. NotYourSeat: it is somebody else's.
    """
    seat = own_seat_to_leave(seat_id, by=by, lock=True)
    if seat.ended_at is None:
        end_seat(seat, why=LeftSeat.RESIGNED, by=by, at=at)
    return seat
