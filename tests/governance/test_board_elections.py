"""Colleges elect the board: who stands, who votes, what is counted, told and logged, and who follows."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from tests.builders import NOON, a_person
from tests.governance.ballot_box import as_if_committed, by_rule
from tests.governance.boards import (
    DAY,
    VOTE_ENDS,
    VOTE_OPENS,
    a_board,
    all_rank,
    an_election,
    an_open_vote,
    counted,
    seat_of,
    sitting,
    voters,
)
from tests.membership.members import a_member_of, active_on, admitted, members_of

from canut.charter.models import LogEntry, LogKind
from canut.charter.tree import Tree
from canut.governance.board import rules
from canut.governance.board.models import (
    BoardElector,
    Candidate,
    CountedRanking,
    Election,
    RankedBallot,
    Recount,
    Seat,
)
from canut.governance.board.queries import election_file
from canut.governance.board.refusals import (
    AlreadyOnBoard,
    BoardSeatNotFound,
    ElectionNotFound,
    ElectionNotOpen,
    NominationsOver,
    NotACandidate,
    NotInElection,
    NotYourSeat,
    OfAnotherCollege,
    RankingWrong,
    StatementTooLong,
)
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.close_election import close_due_elections, close_election
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.fill_seats import end_barred_seats, fill_empty_seats
from canut.governance.board.usecases.forget_candidate import forget_closed
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.stand import stand_for_election, withdraw_candidacy
from canut.kernel.models import Event
from canut.membership.access import NotAMember, NotAnActiveMember
from canut.membership.models import Membership
from canut.membership.states import College
from canut.people.usecases.close_account import close_account

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).parents[2] / "scripts" / "recount_election.py"


def logged(what: str) -> list[dict[str, object]]:
    leaves = LogEntry.objects.filter(kind=LogKind.ELECTION).order_by("number").values_list("leaf", flat=True)
    return [body for leaf in leaves if (body := json.loads(leaf)["body"])["what"] == what]


def test_an_election_begins_where_a_college_is_large_enough_and_has_no_board() -> None:
    members_of(College.WORKERS, 3)
    members_of(College.REQUESTERS, 2)
    assert open_due_elections(at=NOON) == 1
    assert open_due_elections(at=NOON) == 0
    election = Election.objects.get()
    assert (election.college, election.seats, election.state) == ("workers", 3, "nominations")
    assert election.nominations_end_at == VOTE_OPENS


def test_members_of_the_college_stand_and_withdraw_while_there_is_time() -> None:
    election = an_election(members=4)
    first, second, *_others = voters()
    stood = stand_for_election(election_id=election.pk, by=first, statement="  I listen. ", at=NOON)
    assert (stood.number, stood.statement) == (1, "I listen.")
    again = stand_for_election(election_id=election.pk, by=first, statement="I listen.", at=NOON + DAY)
    assert again == stood
    assert Event.objects.filter(name="election.stood").count() == 1
    stand_for_election(election_id=election.pk, by=second, statement="", at=NOON)
    gone = withdraw_candidacy(election_id=election.pk, by=first, at=NOON)
    assert (gone.statement, gone.withdrew_at) == ("", NOON)
    assert withdraw_candidacy(election_id=election.pk, by=first, at=NOON) == gone
    back = stand_for_election(election_id=election.pk, by=first, statement="Again.", at=NOON)
    assert (back.number, back.withdrew_at) == (1, None)
    # The log's name for a candidate is nobody's without the salt
    assert stood.pseudonym == rules.pseudonym(bytes(stood.salt or b""), election=election.pk, person=first.pk)

    of_others = a_member_of(College.REQUESTERS)
    idle = a_member_of(College.WORKERS, active=False)
    for by, refusal in ((a_person(), NotAMember), (of_others, OfAnotherCollege), (idle, NotAnActiveMember)):
        with pytest.raises(refusal):
            stand_for_election(election_id=election.pk, by=by, statement="", at=NOON)
    for statement in ("x" * 2001, "a\0b"):
        with pytest.raises(StatementTooLong):
            stand_for_election(election_id=election.pk, by=first, statement=statement, at=NOON)
    with pytest.raises(NotACandidate):
        withdraw_candidacy(election_id=election.pk, by=of_others, at=NOON)
    for number in (0, -1, 10**30, election.pk + 99):
        with pytest.raises(ElectionNotFound):
            stand_for_election(election_id=number, by=first, statement="", at=NOON)
    with pytest.raises(NominationsOver):
        withdraw_candidacy(election_id=election.pk, by=first, at=VOTE_OPENS)


def test_no_more_candidates_than_seats_are_elected_without_a_vote_and_with_none_it_waits() -> None:
    election = an_election(members=3)
    assert end_due_nominations(at=VOTE_OPENS - DAY) == 0
    assert end_due_nominations(at=VOTE_OPENS) == 1
    election.refresh_from_db()
    assert (election.state, election.nominations_end_at) == ("nominations", VOTE_ENDS)
    active = voters()[0]
    active_on(active, 5, at=VOTE_ENDS)
    stand_for_election(election_id=election.pk, by=active, statement="", at=VOTE_OPENS)
    assert end_due_nominations(at=VOTE_ENDS) == 1
    as_if_committed()
    election.refresh_from_db()
    assert (election.state, election.elected_by) == ("over", "unopposed")
    seat = Seat.objects.get()
    assert (seat.candidate.person_id, seat.took_by, seat.term_ends_at) == (
        active.pk,
        "unopposed",
        VOTE_ENDS + 365 * DAY,
    )
    assert logged("elected") == [
        {
            "what": "elected",
            "election": election.pk,
            "college": "workers",
            "seats": 3,
            "for_rest_of_term": False,
            "elected": [seat.candidate.pseudonym],
            "count": None,
        }
    ]


def test_whoever_is_no_active_member_when_the_vote_opens_does_not_stand_any_more() -> None:
    election = an_election(members=5)
    people = voters()
    for person in people:
        stand_for_election(election_id=election.pk, by=person, statement="I.", at=NOON)
    Membership.objects.filter(person=people[0]).update(ended_at=NOON + DAY, ended_as="left")
    end_due_nominations(at=VOTE_OPENS)
    as_if_committed()
    election.refresh_from_db()
    assert (election.state, election.members) == ("voting", 4)
    assert list(
        Candidate.objects.filter(withdrew_at__isnull=True).order_by("number").values_list("number", flat=True)
    ) == [2, 3, 4, 5]


def test_ballots_are_ranked_changed_and_refused_as_they_should_be() -> None:
    election, people = an_open_vote(members=6)
    voter = people[5]
    receipt = cast_ranking(election_id=election.pk, by=voter, ranking=[2, 1], at=VOTE_OPENS)
    for ranking in ([2, 1], [3], [], [5, 4, 3, 2, 1]):
        same = cast_ranking(election_id=election.pk, by=voter, ranking=ranking, at=VOTE_OPENS + DAY)
        assert same == receipt
    ballot = RankedBallot.objects.get()
    assert ballot.ranking == [5, 4, 3, 2, 1]
    assert "ranking" not in json.dumps(list(Event.objects.values_list("data", flat=True)))
    for wrong in ([1, 1], [6], [0], [-1], [10**30], [True], ["1"], [None], [1.0]):
        with pytest.raises(RankingWrong):
            cast_ranking(election_id=election.pk, by=voter, ranking=wrong, at=VOTE_OPENS)
    late = a_member_of(College.WORKERS, at=VOTE_OPENS)
    for by in (late, a_person(), a_member_of(College.REQUESTERS)):
        with pytest.raises(NotInElection):
            cast_ranking(election_id=election.pk, by=by, ranking=[1], at=VOTE_OPENS)
    with pytest.raises(ElectionNotOpen):
        cast_ranking(election_id=election.pk, by=voter, ranking=[1], at=VOTE_ENDS)
    assert not close_election(election_id=election.pk, at=VOTE_ENDS - DAY)


def test_the_count_the_list_the_log_and_the_script_say_the_same(tmp_path: Path) -> None:
    election, people = an_open_vote()
    receipts = all_rank(election, people, [1, 4], [1, 4, 5], [2, 4], [2], [3, 5], [3, 1], [4, 5], [1, 2])
    assert close_due_elections(at=VOTE_ENDS) == 1
    assert close_due_elections(at=VOTE_ENDS) == 0
    as_if_committed()
    election.refresh_from_db()
    assert (election.state, election.elected_by, election.ballots) == ("over", "count", 8)
    assert sitting() == [1, 2, 3]
    assert not RankedBallot.objects.exists()
    assert set(CountedRanking.objects.values_list("receipt", flat=True)) == set(receipts)

    # The log names nobody, and the lots follow from its root with the ballots' hash as the last leaf
    (ballots,) = logged("ballots")
    assert ballots["list_hash"] == election.list_hash
    assert all(person.screen_name not in json.dumps(ballots) for person in people)
    assert election.ballots_logged is not None
    leaves = LogEntry.objects.filter(number__lte=election.ballots_logged.number).order_by("number")
    root = Tree(leaf.encode() for leaf in leaves.values_list("leaf", flat=True)).root()
    assert election.log_root == root.hex()
    (elected,) = logged("elected")
    assert elected["elected"] == [
        Candidate.objects.get(number=number).pseudonym for number in (election.sheet or {})["elected"]
    ]
    assert election.result_logged is not None
    assert election.result_logged.number == election.ballots_logged.number + 1

    # The file counts to the same, and a ballot that was changed or left out shows
    told = election_file(election.pk)
    file = tmp_path / "election.json"

    def says(content: object, *more: str) -> tuple[int, str]:
        file.write_text(json.dumps(content))
        run = subprocess.run(
            [sys.executable, "-I", "-S", SCRIPT, file, *more], capture_output=True, text=True, check=False
        )
        return run.returncode, run.stdout + run.stderr

    assert says(told) == (0, "8 ballots, 1 counts done again, 0 wrong.\n")
    code, text = says(told, "--receipt", receipts[1])
    assert (code, text.splitlines()[0]) == (0, "The ballot with this receipt ranks: 1, 4, 5.")
    assert says(told, "--receipt", "0000-0000-0000-0000")[0] == 1
    changed = json.loads(json.dumps(told))
    for ballot in changed["ballots"]:
        ballot["ranking"] = [5]
    code, text = says(changed)
    assert code == 1
    for sentence in ("not those whose hash is in the log", "elects [5", "differs from the file at stage 1"):
        assert sentence in text
    other_root = told | {"log_root": sha256(b"another").hexdigest()}
    assert says(other_root)[0] in (0, 1)  # another root may draw the same lot
    assert says({"kind": "canut-draws"})[0] == 2
    assert says(told | {"candidates": [1]})[0] == 2


def test_of_few_ballots_only_who_is_elected_is_told() -> None:
    election, people = an_open_vote(members=6)
    all_rank(election, people, [1], [2], [3], [4])
    counted(election)
    assert len(sitting()) == 3
    assert logged("elected")[0]["count"] == {"told": False}
    told = election_file(election.pk)
    assert told["ballots"] == []
    assert told["counts"] == []
    receipts = sorted(CountedRanking.objects.values_list("receipt", flat=True))
    assert election.list_hash == rules.list_hash(f"{receipt} -" for receipt in receipts)


def test_an_empty_seat_falls_to_who_follows_by_the_same_ballots() -> None:
    election, people = a_board()
    seat = seat_of(people[2])
    with pytest.raises(NotYourSeat):
        leave_seat(seat_id=seat.pk, by=people[0], at=VOTE_ENDS)
    with pytest.raises(BoardSeatNotFound):
        leave_seat(seat_id=10**40, by=people[0], at=VOTE_ENDS)
    assert leave_seat(seat_id=seat.pk, by=people[2], at=VOTE_ENDS).ended_as == "resigned"
    assert leave_seat(seat_id=seat.pk, by=people[2], at=VOTE_ENDS + DAY).ended_at == VOTE_ENDS
    assert fill_empty_seats(at=VOTE_ENDS) == 1
    assert fill_empty_seats(at=VOTE_ENDS) == 0
    as_if_committed()
    assert sitting() in ([1, 2, 4], [1, 2, 5])
    follower = Seat.objects.get(took_by="recount")
    assert follower.term_ends_at == seat.term_ends_at
    recount = Recount.objects.get()
    assert (recount.gone, sorted(recount.sitting)) == ([3], [1, 2])
    assert logged("followed")[0]["elected"] == [follower.candidate.pseudonym]
    # The first who follows leaves too, and then the last candidate; then nobody is left
    for _each in range(2):
        last = Seat.objects.filter(took_by="recount", ended_at__isnull=True).get()
        leave_seat(seat_id=last.pk, by=last.candidate.person, at=VOTE_ENDS + DAY)
        fill_empty_seats(at=VOTE_ENDS + DAY)
    as_if_committed()
    assert sitting() == [1, 2]
    # So members may stand for the rest of the term, but for who sits
    active_on(people[0], 10, at=VOTE_ENDS + 12 * DAY)
    active_on(people[7], 10, at=VOTE_ENDS + 12 * DAY)
    active_on(people[6], 10, at=VOTE_ENDS + 12 * DAY)
    assert open_due_elections(at=VOTE_ENDS + 12 * DAY) == 1
    rest = Election.objects.get(is_for_rest=True)
    assert (rest.seats, rest.term_ends_at) == (1, election.term_ends_at)
    with pytest.raises(AlreadyOnBoard):
        stand_for_election(election_id=rest.pk, by=people[0], statement="", at=VOTE_ENDS + 12 * DAY)
    stand_for_election(election_id=rest.pk, by=people[7], statement="", at=VOTE_ENDS + 12 * DAY)
    end_due_nominations(at=rest.nominations_end_at)
    as_if_committed()
    assert {seat.candidate.person_id for seat in Seat.objects.filter(ended_at=None)} == {
        people[0].pk,
        people[1].pk,
        people[7].pk,
    }


def test_nobody_has_two_seats_and_no_seat_is_given_twice() -> None:
    _election, people = a_board()
    at = VOTE_ENDS + 12 * DAY
    for person in people:
        active_on(person, 10, at=at)
    leave_seat(seat_id=seat_of(people[2]).pk, by=people[2], at=at)
    assert open_due_elections(at=at) == 0  # the ballots say first who follows
    for person in people[3:5]:
        Membership.objects.filter(person=person).update(ended_at=at, ended_as="left")
    assert fill_empty_seats(at=at) == 0
    assert open_due_elections(at=at) == 1
    # Who could not follow is a member again, stands for the rest of the term, and follows on another seat
    admitted(people[3], at=at)
    rest = Election.objects.get(is_for_rest=True)
    stand_for_election(election_id=rest.pk, by=people[3], statement="", at=at)
    leave_seat(seat_id=seat_of(people[1]).pk, by=people[1], at=at)
    assert fill_empty_seats(at=at) == 1
    active_on(people[3], 10, at=rest.nominations_end_at)
    end_due_nominations(at=rest.nominations_end_at)
    as_if_committed()
    assert sitting() == [1, 4]
    rest.refresh_from_db()
    assert rest.elected_by == "nobody"


def test_seats_of_those_who_are_no_members_or_of_another_college_end() -> None:
    _election, people = a_board()
    Membership.objects.filter(person=people[0]).update(ended_at=VOTE_ENDS, ended_as="left")
    people[1].is_operator = True
    people[1].save(update_fields=["is_operator"])
    assert end_barred_seats(at=VOTE_ENDS + DAY) == 2
    assert end_barred_seats(at=VOTE_ENDS + DAY) == 0
    assert {seat.ended_as for seat in Seat.objects.exclude(ended_as="")} == {"no_member", "other_college"}
    assert fill_empty_seats(at=VOTE_ENDS + DAY) == 2
    as_if_committed()
    assert sitting() == [3, 4, 5]


def test_who_is_elected_stays_until_others_are_and_the_term_begins_anew() -> None:
    election, people = a_board()
    assert election.term_ends_at is not None
    soon = election.term_ends_at - 29 * DAY
    later_members = members_of(College.WORKERS, 4, at=soon)
    assert open_due_elections(at=soon) == 0
    due = election.term_ends_at - 28 * DAY
    assert open_due_elections(at=due) == 1
    following = Election.objects.order_by("-pk")[0]
    for person in later_members[:2]:
        stand_for_election(election_id=following.pk, by=person, statement="", at=due)
    assert sitting() == [1, 2, 3]
    end_due_nominations(at=due + 14 * DAY)
    as_if_committed()
    assert sitting() == [1, 2]
    assert set(Seat.objects.filter(candidate__election=election).values_list("ended_as", flat=True)) == {
        "term"
    }
    # A seat that ended with its term is nobody's to fill
    assert fill_empty_seats(at=due + 15 * DAY) == 0
    assert people


def test_a_closed_account_leaves_no_trace_in_the_log_that_could_be_followed() -> None:
    _election, people = a_board()
    candidate = Candidate.objects.get(person=people[4])
    pseudonym = candidate.pseudonym
    assert forget_closed() == 0
    close_account(by=people[4], what_is_open=lambda _party: [], at=VOTE_ENDS + DAY)
    assert forget_closed() == 1
    candidate.refresh_from_db()
    assert (candidate.salt, candidate.statement, candidate.pseudonym) == (None, "", pseudonym)


def test_seats_and_times_are_the_charters() -> None:
    by_rule("board.seats_workers", 1)
    by_rule("board.nomination_days", 7)
    election = an_election(members=4)
    assert (election.seats, election.nominations_end_at) == (1, NOON + 7 * DAY)
    people = voters()
    for person in people[:2]:
        stand_for_election(election_id=election.pk, by=person, statement="", at=NOON)
    end_due_nominations(at=NOON + 7 * DAY)
    assert BoardElector.objects.count() == 4
