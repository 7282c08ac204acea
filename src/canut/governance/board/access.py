"""The only way to rows of the board on somebody's behalf. Everybody may read elections, seats and motions."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from canut.governance.board.models import BoardElector, Election, Motion, RecallPetition, Seat
from canut.governance.board.refusals import (
    BoardSeatNotFound,
    ElectionNotFound,
    MotionNotFound,
    NotInElection,
    NotOnBoard,
    NotYourSeat,
    OfAnotherCollege,
    PetitionNotFound,
    SeatNotHeld,
)
from canut.membership.access import require_active_member
from canut.membership.states import College
from canut.people.models import Person

LARGEST = 2**63 - 1


def election_known(election_id: int, *, lock: bool = False) -> Election:
    """Return an election; everybody may know of it.

    Raises:
        ElectionNotFound: there is none of this number.
    """
    rows = Election.objects.select_for_update(no_key=True) if lock else Election.objects.all()
    found = rows.filter(pk=election_id).first() if 0 < election_id <= LARGEST else None
    if found is None:
        raise ElectionNotFound(_("There is no such election. The board's page shows those there are."))
    return found


def election_to_vote_in(election_id: int) -> Election:
    """Return an election that nobody closes before this transaction ends. Many may hold it so at once.

    Raises:
        ElectionNotFound: there is none of this number.
    """
    election_known(election_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM governance_board_election WHERE id = %s FOR SHARE", [election_id])
    return Election.objects.get(pk=election_id)


def own_place(election: Election, *, by: Person, lock: bool = False) -> BoardElector:
    """Return `by`'s place among the electors of an election, locked if asked for.

    Raises:
        NotInElection: they have none.
    """
    rows = BoardElector.objects.select_for_update() if lock else BoardElector.objects.all()
    found = rows.filter(election=election, person=by).first()
    if found is None:
        raise NotInElection(
            _(
                "You are not among those who vote here: they are the active members of the college when the "
                "vote opened. Your membership page says where you stand."
            )
        )
    return found


def member_of_college(by: Person, college: str, *, at: datetime) -> None:
    """Return if `by` is an active member of the college.

    Raises:
        OfAnotherCollege: they are one of another college. Else what `require_active_member` raises.
    """
    if require_active_member(by, at).college != college:
        raise OfAnotherCollege(
            _("Each college elects and recalls its own members of the board. This is for: %(college)s.")
            % {"college": College(college).label},
            college=str(college),
        )


def held_seats() -> "QuerySet[Seat]":
    """Return the seats that somebody holds, in the order in which they were taken."""
    rows = Seat.objects.filter(ended_at__isnull=True).select_related(
        "candidate__election", "candidate__person__party"
    )
    return rows.order_by("began_at", "pk")


def seat_known(seat_id: int, *, lock: bool = False) -> Seat:
    """Return a seat, held or not; everybody may know of it.

    Raises:
        BoardSeatNotFound: there is none of this number.
    """
    rows = Seat.objects.select_related("candidate__election", "candidate__person__party")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=seat_id).first() if 0 < seat_id <= LARGEST else None
    if found is None:
        raise BoardSeatNotFound(_("There is no such seat. The board's page shows who sits."))
    return found


def held_seat(seat_id: int) -> Seat:
    """Lock and return a seat that somebody holds.

    Raises:
        BoardSeatNotFound: there is none of this number. SeatNotHeld: nobody sits there any more.
    """
    seat = seat_known(seat_id, lock=True)
    if seat.ended_at is not None:
        raise SeatNotHeld(_("Nobody holds this seat any more. The board's page shows who sits now."))
    return seat


def own_seat_to_leave(seat_id: int, *, by: Person, lock: bool = False) -> Seat:
    """Return `by`'s own seat, left or not, locked if asked for.

    Raises:
        BoardSeatNotFound: there is none of this number. NotYourSeat: somebody else's.
    """
    seat = seat_known(seat_id, lock=lock)
    if seat.candidate.person_id != by.pk:
        raise NotYourSeat(_("Only who holds a seat can leave it. A college can recall whom it elected."))
    return seat


def own_seat(by: Person) -> Seat:
    """Return the seat that `by` holds.

    Raises:
        NotOnBoard: they hold none.
    """
    found = held_seats().filter(candidate__person=by).first()
    if found is None:
        raise NotOnBoard(_("Only members of the board can do this. The board's page says who they are."))
    return found


def petition_known(petition_id: int, *, lock: bool = False) -> RecallPetition:
    """Return a petition for a recall; everybody may know of it, and nobody who signed it.

    Raises:
        PetitionNotFound: there is none of this number.
    """
    rows = RecallPetition.objects.select_related(
        "seat__candidate__election", "seat__candidate__person__party"
    )
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=petition_id).first() if 0 < petition_id <= LARGEST else None
    if found is None:
        raise PetitionNotFound(_("There is no such petition. The board's page shows those there are."))
    return found


def motion_known(motion_id: int, *, lock: bool = False) -> Motion:
    """Return a motion; everybody may know of it.

    Raises:
        MotionNotFound: there is none of this number.
    """
    rows = Motion.objects.select_for_update(no_key=True) if lock else Motion.objects.all()
    found = rows.filter(pk=motion_id).first() if 0 < motion_id <= LARGEST else None
    if found is None:
        raise MotionNotFound(_("There is no such motion. The board's page shows those there are."))
    return found
