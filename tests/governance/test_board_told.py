"""Members are told of elections to the board, in time and once, and those who stand how they ended."""

import pytest
from tests.builders import NOON
from tests.governance.boards import DAY, VOTE_ENDS, VOTE_OPENS, all_rank, an_open_vote, counted, seat_of
from tests.told import mailed, told, told_by_jobs

from canut.governance.board.models import Seat
from canut.governance.board.usecases.fill_seats import fill_empty_seats
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.tell import tell_elected, tell_electors, tell_of_election
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose

pytestmark = pytest.mark.django_db


def test_an_election_is_told_to_its_college_its_electors_and_those_who_stood() -> None:
    election, people = an_open_vote()
    silent = people[7]
    choose(by=silent, kind=NoticeKind.VOTE, mail=False, push=False)
    page = f"/board/elections/{election.pk}/"
    assert tell_of_election(election_id=election.pk, at=NOON) == 0  # one may not stand any more
    assert tell_electors(at=VOTE_OPENS) == 8
    assert tell_electors(at=VOTE_OPENS) == 0
    assert len(mailed(kind="vote")) == 7
    assert {one.path for one in told(kind="vote")} == {page}
    all_rank(election, people, [1, 4], [1, 4, 5], [2, 4], [2], [3, 5], [3, 1], [4, 5])
    assert tell_electors(at=VOTE_ENDS - DAY) == 1  # who has not voted
    counted(election)
    told_by_jobs()
    assert tell_elected(election_id=election.pk, at=VOTE_ENDS) == 5
    ended = told(kind="board")
    assert [one.text.partition(".")[0] for one in ended] == ["You are elected"] * 3 + [
        "You are not elected"
    ] * 2
    leave_seat(seat_id=seat_of(people[0]).pk, by=people[0], at=VOTE_ENDS + DAY)
    if fill_empty_seats(at=VOTE_ENDS + DAY):
        follower = Seat.objects.latest("pk").candidate.person
        told_by_jobs()
        assert told(follower, kind="board")[-1].subject == "You have a seat on the board"
