"""Several at once: no ballot beside the count, one count, one follower, one motion decided once."""

import pytest
from tests.governance.boards import DAY, VOTE_ENDS, VOTE_OPENS, a_board, an_open_vote, seat_of, sitting
from tests.people.at_once import at_once

from canut.governance.board.models import CountedRanking, Election, Motion, RankedBallot, Seat
from canut.governance.board.refusals import ElectionNotOpen
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.close_election import close_due_elections
from canut.governance.board.usecases.fill_seats import fill_empty_seats
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.move_motion import move_motion, vote_on_motion
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.kernel.refusals import Refusal
from canut.people.models import Person

pytestmark = pytest.mark.usefixtures("committed")


def test_ballots_meet_the_count_and_are_in_it_or_refused() -> None:
    election, people = an_open_vote(members=8)

    def do(case: Person | None) -> str:
        if case is None:
            return f"closed {close_due_elections(at=VOTE_ENDS)}"
        try:  # the clock of whoever votes may be behind that of the runner who counts
            return cast_ranking(election_id=election.pk, by=case, ranking=[1, 2], at=VOTE_OPENS)
        except ElectionNotOpen:
            return "refused"

    said = at_once(do, *people, None, None)
    assert sorted(one for one in said if one.startswith("closed")) == ["closed 0", "closed 1"]
    receipts = [one for one in said if one != "refused" and not one.startswith("closed")]
    election.refresh_from_db()
    assert election.ballots == len(receipts)
    assert sorted(CountedRanking.objects.values_list("receipt", flat=True)) == sorted(receipts)
    assert not RankedBallot.objects.exists()
    assert len(sitting()) == 3


def test_one_follows_on_an_empty_seat_and_a_motion_ends_once() -> None:
    _election, people = a_board()
    after = VOTE_ENDS + DAY
    leave_seat(seat_id=seat_of(people[2]).pk, by=people[2], at=after)
    at_once(lambda run: run(at=after), *(fill_empty_seats, open_due_elections) * 3)
    assert len(sitting()) == 3
    assert Seat.objects.filter(took_by="recount").count() == 1
    assert Election.objects.count() == 1

    follower = Seat.objects.get(took_by="recount").candidate.person

    def move(by: Person) -> int | str:
        try:
            return move_motion(kind="ratification", by=by, reason="Now.", at=after).pk
        except Refusal as refusal:
            return refusal.code

    moved = at_once(move, people[0], people[1])
    motion = Motion.objects.get()
    assert set(moved) == {motion.pk}

    def say_no(by: Person) -> str:
        try:
            return vote_on_motion(motion_id=motion.pk, by=by, choice="no", at=after).choice
        except Refusal as refusal:  # whoever moved it was for it, so it may be over without their no
            return refusal.code

    assert set(at_once(say_no, people[0], people[1], follower)) <= {"no", "motion_over"}
    motion.refresh_from_db()
    assert motion.state == "rejected"
