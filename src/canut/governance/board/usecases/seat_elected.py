"""Who is elected takes their seats, and the public log says so. Called by what ends an election."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from canut.charter.models import LogEntry, LogKind
from canut.charter.queries import in_force
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.board.access import held_seats
from canut.governance.board.models import Candidate, Election, Seat
from canut.governance.board.states import ElectionState, LeftSeat, TookSeat


def seat_elected(
    election: Election, elected: Sequence[Candidate], *, took_by: TookSeat, at: datetime
) -> None:
    """End the election and, unless it is for the rest of a term, the seats of those who sat before.

    The election's own row is changed and not saved: the caller adds the count.
    """
    if not election.is_for_rest:
        election.term_ends_at = at + timedelta(days=in_force("board.term_days", at=at))
        before = held_seats().filter(candidate__election__college=election.college)
        Seat.objects.filter(pk__in=before.values("pk")).update(ended_at=at, ended_as=LeftSeat.TERM)
    election.state, election.over_at = ElectionState.OVER, at
    assert election.term_ends_at is not None
    Seat.objects.bulk_create(
        Seat(candidate=one, took_by=took_by, began_at=at, term_ends_at=election.term_ends_at)
        for one in elected
    )


def log_result(
    election: Election, elected: Sequence[Candidate], *, counted: Mapping[str, Any] | None, at: datetime
) -> LogEntry:
    """Write into the public log whom an election elected, and the count's own facts if there was one."""
    return append_to_log(
        LogKind.ELECTION,
        {
            "what": "elected",
            "election": election.pk,
            "college": str(election.college),
            "seats": election.seats,
            "for_rest_of_term": election.is_for_rest,
            "elected": [one.pseudonym for one in elected],
            "count": None if counted is None else dict(counted),
        },
        at=at,
    )
