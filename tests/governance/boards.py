"""Elections to the board as tests need them: members who stand, rankings cast, and a count."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.builders import NOON
from tests.governance.ballot_box import as_if_committed
from tests.membership.members import members_of

from canut.governance.board.access import held_seats
from canut.governance.board.models import Election, Seat
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.close_election import close_election
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.stand import stand_for_election
from canut.membership.models import Membership
from canut.membership.states import College
from canut.people.models import Person

DAY = timedelta(days=1)
VOTE_OPENS = NOON + 14 * DAY
VOTE_ENDS = VOTE_OPENS + 14 * DAY


def an_election(college: College = College.WORKERS, *, members: int = 8, at: datetime = NOON) -> Election:
    """Return an election in which the members of a college may stand, who were made for it."""
    members_of(college, members, at=at)
    open_due_elections(at=at)
    return Election.objects.get(college=college)


def voters(college: College = College.WORKERS) -> list[Person]:
    """Return the members of a college, the oldest first."""

    people = [one.person for one in Membership.objects.order_by("pk").select_related("person__party")]
    if college == College.TEAM:
        return [one for one in people if one.is_operator]
    return [one for one in people if (one.is_worker if college == College.WORKERS else one.is_requester)]


def an_open_vote(
    college: College = College.WORKERS, *, members: int = 8, standing: int = 5
) -> tuple[Election, list[Person]]:
    """Return an election whose vote is open, and its electors; the first of them stand, in their order."""
    election = an_election(college, members=members)
    people = voters(college)
    for person in people[:standing]:
        stand_for_election(election_id=election.pk, by=person, statement="I listen.", at=NOON)
    end_due_nominations(at=VOTE_OPENS)
    election.refresh_from_db()
    as_if_committed()
    return election, people


def all_rank(election: Election, people: Sequence[Person], *rankings: Sequence[int]) -> list[str]:
    """Let these people rank candidates by their numbers, and return their receipts."""
    return [
        cast_ranking(election_id=election.pk, by=person, ranking=list(ranking), at=VOTE_OPENS)
        for person, ranking in zip(people, rankings, strict=False)
    ]


def counted(election: Election, *, at: datetime = VOTE_ENDS) -> Election:
    """Close an election, as the database allows it."""
    assert close_election(election_id=election.pk, at=at)
    as_if_committed()
    election.refresh_from_db()
    return election


def a_board(*, members: int = 8) -> tuple[Election, list[Person]]:
    """Return a counted election of the workers: candidates 1, 2 and 3 sit, and 4 and 5 do not."""
    election, people = an_open_vote(members=members)
    all_rank(election, people, [1, 4], [1, 4, 5], [2, 4], [2], [3, 5], [3, 1], [4, 5], [1, 2])
    return counted(election), people


def sitting() -> list[int]:
    """Return the numbers of the candidates who sit, in order."""
    return sorted(seat.candidate.number for seat in held_seats())


def seat_of(person: Person) -> Seat:
    return held_seats().get(candidate__person=person)
