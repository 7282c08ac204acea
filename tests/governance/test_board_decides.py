"""Recalls, and what the board votes on in the open."""

import json

import pytest
from tests.builders import a_person
from tests.governance.ballot_box import as_if_committed, by_rule
from tests.governance.boards import DAY, VOTE_ENDS, a_board, seat_of, sitting
from tests.governance.proposing import before_team
from tests.membership.members import a_member_of, active_on, members_of
from tests.told import told_by_jobs

from canut.charter.models import LogEntry, LogKind
from canut.governance.ballots.models import Vote
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.board.models import (
    Motion,
    MotionVote,
    RecallPetition,
    RecallSignature,
    Seat,
)
from canut.governance.board.queries import board_seen, motion_seen, movable, petition_seen
from canut.governance.board.refusals import (
    BoardSeatNotFound,
    MotionChoiceUnknown,
    MotionNotFound,
    MotionOver,
    NothingToDecide,
    NotOnBoard,
    NotYourSeat,
    OfAnotherCollege,
    OwnSeat,
    PetitionNotFound,
    PetitionOver,
    PetitionRuns,
    PetitionTooSoon,
    ReasonMissing,
    SeatNotHeld,
)
from canut.governance.board.usecases.follow_petitions import follow_petitions
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.move_motion import end_due_motions, move_motion, vote_on_motion
from canut.governance.board.usecases.petition import (
    petition_recall,
    sign_petition,
    take_signature_back,
    withdraw_petition,
)
from canut.governance.models import Proposal
from canut.governance.usecases.judge_feasibility import say_feasibility
from canut.membership.access import NotAMember
from canut.people.models import Person

pytestmark = pytest.mark.django_db

AFTER = VOTE_ENDS + DAY


def logged(what: str) -> list[dict[str, object]]:
    leaves = LogEntry.objects.filter(kind=LogKind.ELECTION).order_by("number").values_list("leaf", flat=True)
    return [body for leaf in leaves if (body := json.loads(leaf)["body"])["what"] == what]


@pytest.fixture
def people() -> list[Person]:
    """Give a board of three workers, and all eight workers active when it sits."""
    _election, found = a_board()
    for person in found:
        active_on(person, 20, at=AFTER + 10 * DAY, skip=0)
    return found


def ask(people: list[Person], *, by: int = 5, of: int = 0, reason: str = "Never there.") -> RecallPetition:
    return petition_recall(seat_id=seat_of(people[of]).pk, by=people[by], reason=reason, at=AFTER)


def test_a_petition_that_enough_sign_is_voted_on_and_what_the_college_says_is_done(
    people: list[Person],
) -> None:
    by_rule("board.recall_share", "0.4", at=AFTER)  # of eight: four, rounded up
    petition = ask(people)
    assert (petition.needed, petition.state) == (4, "open")
    assert ask(people, reason="Again.") == petition
    for voter in (people[6], people[6], people[7]):
        petition = sign_petition(petition_id=petition.pk, by=voter, at=AFTER)
    take_signature_back(petition_id=petition.pk, by=people[7], at=AFTER)
    assert petition_seen(petition.pk, by=people[6], at=AFTER).signed == 2
    for voter in people[1:3]:
        petition = sign_petition(petition_id=petition.pk, by=voter, at=AFTER)
    assert petition.state == "vote"
    # Who signed is nobody's business any more; only the college is asked
    assert not RecallSignature.objects.exists()
    vote = Vote.objects.get(pk=petition.vote_id)
    assert vote.only_college == "workers"
    assert people[0].screen_name in vote.title_fr
    assert follow_petitions(at=AFTER) == 0
    for voter, choice in zip(people, ["no", "yes", "yes", "yes", "no", "yes"], strict=False):
        cast_ballot(vote_id=vote.pk, by=voter, choice=choice, at=AFTER)
    assert follow_petitions(at=vote.closes_at) == 1
    assert follow_petitions(at=vote.closes_at) == 0
    as_if_committed()
    petition.refresh_from_db()
    assert petition.state == "recalled"
    assert Seat.objects.get(candidate__person=people[0]).ended_as == "recalled"
    assert sitting() == [2, 3]
    assert told_by_jobs(kind="board", person=people[0])[-1].path == f"/board/recalls/{petition.pk}/"
    (told,) = logged("recall")
    assert (told["recalled"], told["whose"]) == (True, petition.seat.candidate.pseudonym)
    assert logged("seat_ended")[0]["why"] == "recalled"


def test_a_college_that_says_no_keeps_them_and_nobody_asks_again_for_a_while(people: list[Person]) -> None:
    by_rule("board.recall_share", "0.1", at=AFTER)
    petition = ask(people)
    assert petition.needed == 1
    assert petition.state == "vote"
    closes_at = Vote.objects.get(pk=petition.vote_id).closes_at
    follow_petitions(at=closes_at)
    as_if_committed()
    petition.refresh_from_db()
    assert petition.state == "kept"
    assert sitting() == [1, 2, 3]
    by = a_member_of("workers", at=closes_at)
    with pytest.raises(PetitionTooSoon) as refused:
        petition_recall(seat_id=petition.seat_id, by=by, reason="Still.", at=closes_at + 2 * DAY)
    assert refused.value.facts["possible_at"] == (closes_at + 30 * DAY).isoformat()


def test_petitions_lapse_are_withdrawn_or_moot_and_refuse_whom_they_must(people: list[Person]) -> None:
    seat = seat_of(people[0])
    with pytest.raises(OwnSeat):
        ask(people, by=0)
    for reason in ("", " ", "x" * 1001, "a\0b"):
        with pytest.raises(ReasonMissing):
            ask(people, reason=reason)
    for by, refusal in ((a_person(), NotAMember), (a_member_of("requesters", at=AFTER), OfAnotherCollege)):
        with pytest.raises(refusal):
            petition_recall(seat_id=seat.pk, by=by, reason="No.", at=AFTER)
    for number in (0, -5, 10**30):
        with pytest.raises(BoardSeatNotFound):
            petition_recall(seat_id=number, by=people[5], reason="No.", at=AFTER)
        with pytest.raises(PetitionNotFound):
            sign_petition(petition_id=number, by=people[5], at=AFTER)
    petition = ask(people)
    with pytest.raises(PetitionRuns):
        ask(people, by=6)
    with pytest.raises(NotYourSeat):
        withdraw_petition(petition_id=petition.pk, by=people[6], at=AFTER)
    with pytest.raises(OfAnotherCollege):
        sign_petition(petition_id=petition.pk, by=a_member_of("requesters", at=AFTER), at=AFTER)
    assert withdraw_petition(petition_id=petition.pk, by=people[5], at=AFTER).state == "withdrawn"
    assert withdraw_petition(petition_id=petition.pk, by=people[5], at=AFTER).state == "withdrawn"
    with pytest.raises(PetitionOver):
        sign_petition(petition_id=petition.pk, by=people[6], at=AFTER)

    lapsing = ask(people)
    assert follow_petitions(at=lapsing.lapses_at) == 1
    lapsing.refresh_from_db()
    assert lapsing.state == "lapsed"
    other = petition_recall(seat_id=seat_of(people[1]).pk, by=people[5], reason="No.", at=AFTER)
    leave_seat(seat_id=other.seat_id, by=people[1], at=AFTER)
    assert follow_petitions(at=AFTER) == 1
    other.refresh_from_db()
    assert other.state == "moot"
    with pytest.raises(SeatNotHeld):
        petition_recall(seat_id=other.seat_id, by=people[5], reason="No.", at=AFTER)


def stopped(people: list[Person]) -> Proposal:
    """Return a proposal that the team called not feasible."""
    operator = a_member_of("team", at=AFTER)
    proposal = before_team(people[5], [people[6], people[7], people[4]], at=AFTER)
    say_feasibility(
        proposal_id=proposal.pk, by=operator, feasible=False, reason="Too dear.", help_text="Less.", at=AFTER
    )
    proposal.refresh_from_db()
    return proposal


def test_the_board_overrules_the_team_in_the_open(people: list[Person]) -> None:
    proposal = stopped(people)
    assert (Motion.objects.count(), len(movable())) == (0, 2)
    motion = move_motion(kind="overrule", by=people[0], reason="It is.", proposal_id=proposal.pk, at=AFTER)
    again = move_motion(kind="overrule", by=people[1], reason="Mine.", proposal_id=proposal.pk, at=AFTER)
    assert again == motion
    of_motion = f"/board/motions/{motion.pk}/"
    told = told_by_jobs()
    assert {one.person_id for one in told if one.path == of_motion} == {people[1].pk, people[2].pk}
    assert [one.subject.partition(":")[0] for one in told if one.person_id == people[5].pk][-1:] == [
        "The team has an objection"
    ]
    assert {one.kind for one in told} >= {"board", "proposal", "supported"}
    vote_on_motion(motion_id=motion.pk, by=people[1], choice="no", words="Not so.", at=AFTER)
    seen = motion_seen(motion.pk, by=None, at=AFTER)
    assert [(one.name, one.choice, one.words) for one in seen.said] == [
        (people[0].screen_name, "yes", ""),
        (people[1].screen_name, "no", "Not so."),
    ]
    assert seen.silent == [people[2].screen_name]
    for by in (people[5], a_person()):
        with pytest.raises(NotOnBoard):
            vote_on_motion(motion_id=motion.pk, by=by, choice="yes", at=AFTER)
    for choice, words in (("maybe", ""), ("", ""), ("yes", "x" * 501), ("yes", "\0")):
        with pytest.raises(MotionChoiceUnknown):
            vote_on_motion(motion_id=motion.pk, by=people[2], choice=choice, words=words, at=AFTER)
    # The last of the three decides it, and what they say counts at once
    vote_on_motion(motion_id=motion.pk, by=people[2], choice="yes", at=AFTER)
    as_if_committed()
    motion.refresh_from_db()
    proposal.refresh_from_db()
    assert (motion.state, motion.members, motion.needed) == ("adopted", 3, 2)
    assert proposal.state == "waiting"
    with pytest.raises(MotionOver):
        vote_on_motion(motion_id=motion.pk, by=people[2], choice="no", at=AFTER)
    assert vote_on_motion(motion_id=motion.pk, by=people[2], choice="yes", at=AFTER).choice == "yes"
    (told,) = logged("motion")
    assert told["state"] == "adopted"
    assert {one["choice"] for one in told["votes"]} == {"yes", "no"}  # type: ignore[union-attr, index]
    assert people[0].screen_name not in json.dumps(told)
    with pytest.raises(NothingToDecide):
        move_motion(kind="overrule", by=people[0], reason="Twice.", proposal_id=proposal.pk, at=AFTER)


def test_motions_end_with_their_time_and_a_tie_or_too_few_is_a_no(people: list[Person]) -> None:
    proposal = stopped(people)
    with pytest.raises(NothingToDecide):
        move_motion(kind="other", by=people[0], reason="?", at=AFTER)
    with pytest.raises(MotionNotFound):
        motion_seen(10**30, by=None, at=AFTER)
    motion = move_motion(kind="overrule", by=people[0], reason="It is.", proposal_id=proposal.pk, at=AFTER)
    assert end_due_motions(at=motion.closes_at - DAY) == 0
    assert end_due_motions(at=motion.closes_at) == 1  # one of three voted, and two had to
    motion.refresh_from_db()
    assert motion.state == "rejected"
    tied = move_motion(kind="overrule", by=people[0], reason="It is.", proposal_id=proposal.pk, at=AFTER)
    vote_on_motion(motion_id=tied.pk, by=people[1], choice="no", at=AFTER)
    vote_on_motion(motion_id=tied.pk, by=people[2], choice="abstain", at=AFTER)
    tied.refresh_from_db()
    assert tied.state == "rejected"
    # Whoever leaves meanwhile is not counted, and a motion whose matter is gone has nothing to do
    moot = move_motion(kind="overrule", by=people[0], reason="It is.", proposal_id=proposal.pk, at=AFTER)
    Proposal.objects.filter(pk=proposal.pk).update(state="withdrawn", ended_at=AFTER, changed_at=AFTER)
    leave_seat(seat_id=seat_of(people[2]).pk, by=people[2], at=AFTER)
    vote_on_motion(motion_id=moot.pk, by=people[1], choice="yes", at=AFTER)
    moot.refresh_from_db()
    assert (moot.state, moot.members) == ("moot", 2)
    assert not [one for one in motion_seen(moot.pk, by=None, at=AFTER).said if not one.counts]
    assert MotionVote.objects.filter(motion=moot).count() == 2


def test_the_board_opens_the_first_vote(people: list[Person]) -> None:
    members_of("requesters", 3, at=AFTER)
    motion = move_motion(kind="ratification", by=people[0], reason="It is time.", at=AFTER)
    for person in people[1:3]:
        vote_on_motion(motion_id=motion.pk, by=person, choice="yes", at=AFTER)
    as_if_committed()
    assert Proposal.objects.get().state == "vote"
    with pytest.raises(NothingToDecide):
        move_motion(kind="ratification", by=people[0], reason="Again.", at=AFTER)
    seen = board_seen(by=people[0], at=AFTER)
    assert [card.state for card in seen.motions] == ["adopted"]
    assert (seen.own_college, len(seen.seats)) == ("workers", 3)
