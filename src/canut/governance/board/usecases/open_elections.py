"""An election begins: where a college has no board, its term ends soon, or seats are empty. A job."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction

from canut.charter.queries import in_force
from canut.governance.board import rules
from canut.governance.board.access import held_seats
from canut.governance.board.in_force import lead, seats_of
from canut.governance.board.models import Election, Seat
from canut.governance.board.states import ElectedBy, ElectionState, LeftSeat
from canut.kernel.events import record
from canut.kernel.later import later
from canut.membership.queries import electorate
from canut.membership.states import College


@transaction.atomic
def open_due_elections(*, at: datetime) -> int:
    """Begin the elections that are due and return how many. Doing it again begins none twice.

    A college elects once it has as many active members as a vote asks for. Who is elected stays until
    others are, so a college that has become too small for an election keeps its members of the board.
    """
    lock_board()
    sizes = Counter(electorate(at).values())
    least = in_force("governance.college_least_members", at=at)
    begun = 0
    for college in College:
        seats = seats_of(college, at=at)
        runs = Election.objects.filter(college=college).exclude(state=ElectionState.OVER).exists()
        if runs or not seats or sizes[college] < least:
            continue
        held = [seat for seat in held_seats() if seat.candidate.election.college == college]
        term_ends_at = max((seat.term_ends_at for seat in held), default=None)
        if rules.is_due(term_ends_at=term_ends_at, lead=lead(at=at), at=at):
            _begin(college, seats, rest_until=None, at=at)
            begun += 1
        elif term_ends_at is not None:
            empty = _seats_of_term(college) - len(held)
            if empty > 0 and not _waits(college) and _may_fill(college, term_ends_at, at=at):
                _begin(college, empty, rest_until=term_ends_at, at=at)
                begun += 1
    return begun


def lock_board() -> None:
    """Let one at a time begin elections or fill seats, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('canut.governance.board', 0))")


def _begin(college: College, seats: int, *, rest_until: datetime | None, at: datetime) -> None:
    election = Election.objects.create(
        college=college,
        seats=seats,
        is_for_rest=rest_until is not None,
        opened_at=at,
        nominations_end_at=at + timedelta(days=in_force("board.nomination_days", at=at)),
        term_ends_at=rest_until,
    )
    record(None, "election.began", election, at=at, college=college, seats=seats)
    later("board.tell_of_election", election_id=election.pk)


def _seats_of_term(college: College) -> int:
    """Return how many seats the college's last whole election was for."""
    last = Election.objects.filter(college=college, is_for_rest=False, state=ElectionState.OVER)
    return last.order_by("-pk").values_list("seats", flat=True).first() or 0


def _waits(college: College) -> bool:
    """Tell whether a seat of a college has become empty and it was not seen yet who follows."""
    empty = Seat.objects.filter(ended_at__isnull=False, followed_at__isnull=True)
    return empty.filter(candidate__election__college=college).exclude(ended_as=LeftSeat.TERM).exists()


def _may_fill(college: College, term_ends_at: datetime, *, at: datetime) -> bool:
    """Tell whether it is worth it, and members have not let such an election pass in this term already."""
    passed = Election.objects.filter(
        college=college, is_for_rest=True, term_ends_at=term_ends_at, elected_by=ElectedBy.NOBODY
    )
    worth = rules.is_worth_filling(term_ends_at=term_ends_at, lead=lead(at=at), at=at)
    return worth and not passed.exists()
