"""Pages of the board: standing, ranking, the count sheet, leaving, recalls and motions."""

import json
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.governance.boards import DAY, VOTE_ENDS, VOTE_OPENS, a_board, an_election, an_open_vote, voters
from tests.governance.test_board_decides import stopped
from tests.membership.members import a_member_of, active_on
from tests.web.pages import browser_of, text_of

from canut.governance.board.models import (
    Candidate,
    CountedRanking,
    Motion,
    RankedBallot,
    RecallPetition,
    Seat,
)
from canut.kernel import clock

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
BAD_NUMBERS = (0, 999_999_999, 10**30)


@pytest.fixture
def now(monkeypatch):
    """Set the site's clock to where a test wants it."""

    def put(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    put(VOTE_OPENS)
    return put


def test_a_board_that_is_not_there_yet_says_when_it_will_be():
    page = text_of(Client().get(reverse("board")))
    assert "Nobody sits yet." in page
    assert "There was no motion yet." in page
    assert "There was no election yet." in text_of(Client().get(reverse("board_elections")))
    for name in ("board_election", "board_recall", "board_motion", "board_ballots", "board_election_file"):
        for number in BAD_NUMBERS:
            assert Client().get(reverse(name, args=[number])).status_code == 404


def test_a_member_stands_is_ranked_and_elected_through_pages(now):
    now(VOTE_OPENS - 14 * DAY)
    election = an_election(members=6)
    people = voters()
    address = reverse("board_election", args=[election.pk])
    stand = reverse("stand_for_board", args=[election.pk])
    for person in people[:5]:
        browser = browser_of(person)
        assert "Stand in this election" in text_of(browser.get(address))
        assert browser.post(stand, {"statement": HOSTILE}).status_code == 302
    page = browser_of(people[0]).get(address).content.decode()
    assert HOSTILE not in page
    assert "Keep what I say" in page
    too_long = browser_of(people[0]).post(stand, {"statement": "x" * 2001})
    assert too_long.status_code == 422
    assert "x" * 2001 in too_long.content.decode()
    withdraw = reverse("withdraw_from_board", args=[election.pk])
    assert browser_of(people[4]).post(withdraw).status_code == 302
    assert Candidate.objects.filter(withdrew_at__isnull=True).count() == 4
    stranger = a_member_of("requesters", at=VOTE_OPENS)
    assert browser_of(stranger).post(stand, {"statement": ""}).status_code == 403
    assert Client().post(stand).status_code == 302
    assert (
        "sign" in Client().post(stand).headers["Location"]
        or "login" in Client().post(stand).headers["Location"]
    )


def test_ballots_are_cast_changed_and_refused_with_what_was_chosen_still_there(now):
    election, people = an_open_vote(members=6, standing=4)
    address = reverse("board_election", args=[election.pk])
    cast = reverse("cast_board_ballot", args=[election.pk])
    browser = browser_of(people[5])
    assert "Cast my ballot" in text_of(browser.get(address))
    twice = browser.post(cast, {"place_1": "1", "place_2": "1", "place_3": "3"})
    assert twice.status_code == 422
    page = twice.content.decode()
    assert "Two candidates have place 1." in page
    assert '<option value="3" selected>' in page
    for nonsense in ({"place_1": "99"}, {"place_1": "x\0"}):
        assert browser.post(cast, nonsense).status_code == 422
    assert browser.post(cast, {"place_3": "1", "place_1": "4"}).status_code == 302
    ballot = RankedBallot.objects.get()
    assert ballot.ranking == [3, 1]
    page = text_of(browser.get(address))
    assert ballot.receipt in page
    assert "1 of 6 members has voted." in page or "1 of 6 members have voted." in page
    assert browser.post(cast, {}).status_code == 302
    assert RankedBallot.objects.get().ranking == []
    stranger = browser_of(a_member_of("requesters", at=VOTE_OPENS))
    assert "You do not vote here" in text_of(stranger.get(address))
    assert stranger.post(cast, {"place_1": "1"}).status_code == 403
    assert ballot.receipt not in text_of(stranger.get(address))
    now(VOTE_ENDS)
    assert browser.post(cast, {"place_1": "1"}).status_code == 409


def test_the_count_sheet_the_list_and_the_file_are_for_everybody(now):
    election, people = a_board()
    now(VOTE_ENDS)
    stranger = Client()
    page = text_of(stranger.get(reverse("board_election", args=[election.pk])))
    for said in (
        "Stage 1",
        "8 ballots rank somebody",
        "3 votes are the quota",
        election.log_root,
        people[0].screen_name,
    ):
        assert said in page
    receipts = sorted(CountedRanking.objects.values_list("receipt", flat=True))
    listed = text_of(stranger.get(reverse("board_ballots", args=[election.pk])))
    assert all(receipt in listed for receipt in receipts)
    found = text_of(stranger.get(reverse("board_ballots", args=[election.pk]), {"starting": receipts[0][:4]}))
    assert receipts[0] in found
    for odd in ("***", "\0", "L" * 90):
        assert (
            stranger.get(reverse("board_ballots", args=[election.pk]), {"starting": odd}).status_code == 200
        )
    told = json.loads(stranger.get(reverse("board_election_file", args=[election.pk])).content)
    assert (told["kind"], len(told["ballots"]), len(told["counts"])) == ("canut-election", 8, 1)
    assert f"Election {election.pk}: workers" in text_of(stranger.get(reverse("board_elections")))
    assert "Who sits" in text_of(stranger.get(reverse("board")))


def test_a_seat_is_left_and_a_recall_begun_signed_and_taken_back(now):
    _election, people = a_board()
    after = VOTE_ENDS + DAY
    now(after)
    for person in people:
        active_on(person, 20, at=after + 10 * DAY)
    seats = {seat.candidate.person_id: seat for seat in Seat.objects.select_related("candidate")}
    first, second = (seats[person.pk] for person in people[:2])
    leaving = reverse("leave_board", args=[first.pk])
    assert "Leave the board?" in text_of(browser_of(people[0]).get(leaving))
    assert browser_of(people[1]).get(leaving).status_code == 403
    assert browser_of(people[1]).post(leaving).status_code == 403
    assert browser_of(people[0]).post(leaving).status_code == 302
    assert "You have left this seat already." in text_of(browser_of(people[0]).get(leaving))

    asking = reverse("petition_recall", args=[second.pk])
    assert browser_of(a_member_of("requesters", at=after)).get(asking).status_code == 403
    member = browser_of(people[5])
    assert "Begin the petition" in text_of(member.get(asking))
    empty = member.post(asking, {"reason": ""})
    assert empty.status_code == 422
    assert member.post(asking, {"reason": HOSTILE}).status_code == 302
    petition = RecallPetition.objects.get()
    address = reverse("board_recall", args=[petition.pk])
    page = member.get(address).content.decode()
    assert HOSTILE not in page
    assert "1 of 2 signatures that it needs" in page
    sign = reverse("sign_recall", args=[petition.pk])
    assert member.post(sign, {"sign": "no"}).status_code == 302
    assert "0 of 2 signatures" in text_of(Client().get(address))
    assert browser_of(people[6]).post(reverse("withdraw_recall", args=[petition.pk])).status_code == 403
    for person in people[5:7]:
        assert browser_of(person).post(sign, {"sign": "yes"}).status_code == 302
    assert "The college's vote" in text_of(Client().get(address))
    assert browser_of(people[7]).post(sign, {"sign": "yes"}).status_code == 409
    board = text_of(Client().get(reverse("board")))
    assert "A recall is under way" in board
    assert "resigned" in board


def test_the_board_moves_and_votes_in_the_open_through_pages(now):
    _election, people = a_board()
    after = VOTE_ENDS + DAY
    now(after)
    for person in people:
        active_on(person, 20, at=after + 10 * DAY)
    proposal = stopped(people)
    moving = reverse("move_motion")
    assert browser_of(people[5]).get(moving).status_code == 403
    member = browser_of(people[0])
    assert "Raise the floor" in text_of(member.get(moving))
    for wrong in (
        {"about": "overrule-0", "reason": "x"},
        {"about": "", "reason": "x"},
        {"about": f"overrule-{proposal.pk}"},
    ):
        assert member.post(moving, wrong).status_code == 422
    given = {"about": f"overrule-{proposal.pk}", "reason": HOSTILE}
    assert member.post(moving, given).status_code == 302
    motion = Motion.objects.get()
    address = reverse("board_motion", args=[motion.pk])
    assert HOSTILE not in member.get(address).content.decode()
    voting = reverse("vote_on_motion", args=[motion.pk])
    other = browser_of(people[1])
    typed = other.post(voting, {"choice": "maybe", "words": "Because."})
    assert typed.status_code == 422
    assert "Because." in typed.content.decode()
    assert other.post(voting, {"choice": "no", "words": "Because."}).status_code == 302
    assert browser_of(people[6]).post(voting, {"choice": "no"}).status_code == 403
    page = text_of(Client().get(address))
    assert "Because." in page
    assert f"Still to vote: {people[2].screen_name}." in page
    assert browser_of(people[2]).post(voting, {"choice": "yes"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert "adopted" in text_of(Client().get(reverse("board")))
    assert other.post(voting, {"choice": "yes"}).status_code == 409
