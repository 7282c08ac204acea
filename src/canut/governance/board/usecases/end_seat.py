"""A seat becomes empty before its term ends."""

from datetime import datetime

from canut.charter.models import LogKind
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.board.models import Seat
from canut.governance.board.states import LeftSeat
from canut.kernel.events import record
from canut.people.models import Person


def end_seat(seat: Seat, *, why: LeftSeat, by: Person | None, at: datetime) -> None:
    """End a seat that the caller has locked, and write it into the public log. A job sees who follows."""
    seat.ended_at, seat.ended_as = at, why
    seat.save(update_fields=["ended_at", "ended_as"])
    append_to_log(
        LogKind.ELECTION,
        {
            "what": "seat_ended",
            "election": seat.candidate.election_id,
            "college": str(seat.candidate.election.college),
            "whose": seat.candidate.pseudonym,
            "why": str(why),
        },
        at=at,
    )
    record(by, "board.seat_ended", seat, at=at, why=why)
