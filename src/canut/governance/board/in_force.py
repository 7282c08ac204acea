"""The charter's numbers for the board at one moment."""

from datetime import datetime, timedelta

from canut.charter.names import IntName
from canut.charter.queries import in_force
from canut.membership.states import College

_SEATS: dict[College, IntName] = {
    College.WORKERS: "board.seats_workers",
    College.REQUESTERS: "board.seats_requesters",
    College.TEAM: "board.seats_team",
}


def seats_of(college: College, *, at: datetime) -> int:
    """Return how many members of the board a college elects."""
    return in_force(_SEATS[college], at=at)


def lead(*, at: datetime) -> timedelta:
    """Return how long an election takes: standing for it, then voting."""
    return timedelta(days=in_force("board.nomination_days", at=at) + in_force("governance.vote_days", at=at))
