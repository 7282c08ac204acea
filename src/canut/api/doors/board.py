"""The board: who sits, elections to it and one's ballot in them, recalls, and motions."""

from django.http import HttpRequest

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to, text_after
from canut.api.shapes.board import (
    Board,
    BoardMotion,
    BoardMotionIn,
    Candidacy,
    Election,
    ElectionInList,
    MotionVoteIn,
    OwnRanking,
    PublishedRanking,
    RankingIn,
    Recall,
    RecallIn,
    StandIn,
    board_said,
    election_said,
    motion_said,
    own_ranking_said,
    recall_said,
)
from canut.api.shapes.common import Page
from canut.governance.ballots.rules_receipts import read_receipt
from canut.governance.board.access import election_known, own_place
from canut.governance.board.models import Candidate
from canut.governance.board.queries import (
    board_seen,
    election_seen,
    elections_page,
    motion_seen,
    petition_seen,
    published_page,
)
from canut.governance.board.refusals import (
    AlreadyOnBoard,
    BoardSeatNotFound,
    ElectionNotFound,
    ElectionNotOpen,
    MotionNotFound,
    MotionOver,
    NominationsOver,
    NotACandidate,
    NothingToDecide,
    NotInElection,
    NotOnBoard,
    NotYourSeat,
    OfAnotherCollege,
    OwnSeat,
    PetitionNotFound,
    PetitionOver,
    PetitionRuns,
    PetitionTooSoon,
    RankingWrong,
    ReasonMissing,
    SeatNotHeld,
)
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.move_motion import move_motion, vote_on_motion
from canut.governance.board.usecases.petition import (
    petition_recall,
    sign_petition,
    take_signature_back,
    withdraw_petition,
)
from canut.governance.board.usecases.stand import stand_for_election, withdraw_candidacy
from canut.governance.refusals import ProposalNotFound
from canut.kernel import clock
from canut.membership.access import NotAMember, NotAnActiveMember
from canut.people.models import Scope

doors = Doors("board")

MEMBERS = (NotAMember, NotAnActiveMember, OfAnotherCollege)


@doors.get("/board", scope=None, answers=Board)
def get_board(request: HttpRequest) -> Board:
    """Who sits on the board, and the latest motions and recalls. Needs no key."""
    return board_said(board_seen(by=None, at=clock.now()))


@doors.get("/board/elections", scope=None, answers=Page[ElectionInList])
def list_elections(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[ElectionInList]:
    """All elections to the board, the latest first. Needs no key."""
    cards, following = elections_page(before_id=after(cursor, "elections"), most=limit)
    return Page[ElectionInList](
        items=[ElectionInList.model_validate(card) for card in cards],
        next_cursor=None if following is None else cursor_to("elections", following),
    )


@doors.get("/board/elections/{election_id}", scope=None, answers=Election, refuses=(ElectionNotFound,))
def get_election(request: HttpRequest, election_id: Id) -> Election:
    """One election: who stands and, once it is over, every count with all its stages. Needs no key."""
    return election_said(election_seen(election_id, by=None, at=clock.now()))


@doors.get(
    "/board/elections/{election_id}/ballots",
    scope=None,
    answers=Page[PublishedRanking],
    refuses=(ElectionNotFound,),
)
def list_rankings(
    request: HttpRequest, election_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[PublishedRanking]:
    """The published ballots of an election that is over, by receipt; none before. Needs no key."""
    past = read_receipt(text_after(cursor, "rankings") or "")
    page = published_page(election_id, after_receipt=past or "", most=limit)
    return Page[PublishedRanking](
        items=[PublishedRanking(receipt=receipt, ranking=ranking) for receipt, ranking in page.lines],
        next_cursor=None if page.next_receipt is None else cursor_to("rankings", page.next_receipt),
    )


@doors.get(
    "/board/elections/{election_id}/ballot",
    scope=Scope.DECIDE,
    answers=OwnRanking,
    refuses=(ElectionNotFound, NotInElection),
)
def get_own_ranking(request: Asked, election_id: Id) -> OwnRanking:
    """The caller's place in an election, with their ballot and receipt as long as it is open."""
    by = request.auth.by
    own_place(election_known(election_id), by=by)
    return own_ranking_said(election_id, election_seen(election_id, by=by, at=request.auth.at))


@doors.put(
    "/board/elections/{election_id}/ballot",
    scope=Scope.DECIDE,
    answers=OwnRanking,
    refuses=(ElectionNotFound, NotInElection, ElectionNotOpen, RankingWrong),
)
def rank_candidates(request: Asked, election_id: Id, body: RankingIn) -> OwnRanking:
    """Cast or change the caller's ballot. Its receipt stays the same until the end."""
    by, at = request.auth.by, request.auth.at
    cast_ranking(election_id=election_id, by=by, ranking=body.ranking, at=at)
    return own_ranking_said(election_id, election_seen(election_id, by=by, at=at))


@doors.put(
    "/board/elections/{election_id}/candidacy",
    scope=Scope.DECIDE,
    answers=Candidacy,
    refuses=(ElectionNotFound, NominationsOver, AlreadyOnBoard, *MEMBERS),
)
def stand_for_board(request: Asked, election_id: Id, body: StandIn) -> Candidacy:
    """Stand in an election of one's college, or change what one says there."""
    return _candidacy(
        stand_for_election(
            election_id=election_id, by=request.auth.by, statement=body.statement, at=request.auth.at
        )
    )


@doors.delete(
    "/board/elections/{election_id}/candidacy",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(ElectionNotFound, NominationsOver, NotACandidate),
)
def withdraw_from_board(request: Asked, election_id: Id) -> None:
    """Stand no more, as long as the vote is not open."""
    withdraw_candidacy(election_id=election_id, by=request.auth.by, at=request.auth.at)


@doors.delete(
    "/board/seats/{seat_id}",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(BoardSeatNotFound, NotYourSeat),
)
def leave_board(request: Asked, seat_id: Id) -> None:
    """Resign from the caller's own seat; who follows is counted from the same ballots."""
    leave_seat(seat_id=seat_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/board/seats/{seat_id}/recall",
    scope=Scope.DECIDE,
    answers=Recall,
    status=201,
    refuses=(
        BoardSeatNotFound,
        SeatNotHeld,
        OwnSeat,
        PetitionRuns,
        PetitionTooSoon,
        ReasonMissing,
        *MEMBERS,
    ),
)
def begin_recall(request: Asked, seat_id: Id, body: RecallIn) -> Recall:
    """Begin a petition for recalling whoever holds a seat, and sign it."""
    by, at = request.auth.by, request.auth.at
    begun = petition_recall(seat_id=seat_id, by=by, reason=body.reason, at=at)
    return recall_said(petition_seen(begun.pk, by=by, at=at))


@doors.get("/board/recalls/{petition_id}", scope=None, answers=Recall, refuses=(PetitionNotFound,))
def get_recall(request: HttpRequest, petition_id: Id) -> Recall:
    """One petition for a recall. Needs no key."""
    return recall_said(petition_seen(petition_id, by=None, at=clock.now()))


@doors.put(
    "/board/recalls/{petition_id}/signature",
    scope=Scope.DECIDE,
    answers=Recall,
    refuses=(PetitionNotFound, PetitionOver, *MEMBERS),
)
def sign_recall(request: Asked, petition_id: Id) -> Recall:
    """Sign a petition. With the last name that it needs, the college's vote opens."""
    by, at = request.auth.by, request.auth.at
    sign_petition(petition_id=petition_id, by=by, at=at)
    return recall_said(petition_seen(petition_id, by=by, at=at))


@doors.delete(
    "/board/recalls/{petition_id}/signature",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(PetitionNotFound, PetitionOver),
)
def unsign_recall(request: Asked, petition_id: Id) -> None:
    """Take the caller's signature back."""
    take_signature_back(petition_id=petition_id, by=request.auth.by, at=request.auth.at)


@doors.delete(
    "/board/recalls/{petition_id}",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(PetitionNotFound, NotYourSeat, PetitionOver),
)
def withdraw_recall(request: Asked, petition_id: Id) -> None:
    """Take back a petition that the caller began, as long as the college does not vote on it."""
    withdraw_petition(petition_id=petition_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/board/motions",
    scope=Scope.DECIDE,
    answers=BoardMotion,
    status=201,
    refuses=(NotOnBoard, NothingToDecide, ProposalNotFound, ReasonMissing),
)
def move_board_motion(request: Asked, body: BoardMotionIn) -> BoardMotion:
    """Put a question to the board, as a member of it; one about the same that is open is returned."""
    by, at = request.auth.by, request.auth.at
    moved = move_motion(kind=body.kind, by=by, reason=body.reason, proposal_id=body.proposal_id or 0, at=at)
    return motion_said(motion_seen(moved.pk, by=by, at=at))


@doors.get("/board/motions/{motion_id}", scope=None, answers=BoardMotion, refuses=(MotionNotFound,))
def get_board_motion(request: HttpRequest, motion_id: Id) -> BoardMotion:
    """One motion, with what each member of the board said. Needs no key."""
    return motion_said(motion_seen(motion_id, by=None, at=clock.now()))


@doors.put(
    "/board/motions/{motion_id}/vote",
    scope=Scope.DECIDE,
    answers=BoardMotion,
    refuses=(MotionNotFound, NotOnBoard, MotionOver),
)
def say_to_board_motion(request: Asked, motion_id: Id, body: MotionVoteIn) -> BoardMotion:
    """Vote on a motion in the open, or vote otherwise than before."""
    by, at = request.auth.by, request.auth.at
    vote_on_motion(motion_id=motion_id, by=by, choice=body.choice, words=body.words, at=at)
    return motion_said(motion_seen(motion_id, by=by, at=at))


def _candidacy(candidate: Candidate) -> Candidacy:
    return Candidacy(
        election_id=candidate.election_id,
        number=candidate.number,
        statement=candidate.statement,
        pseudonym=candidate.pseudonym,
    )
