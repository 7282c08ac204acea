"""The board as programs read it: seats, elections with their counts, recalls and motions."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.governance.board.queries import (
    BoardSeen,
    CountSeen,
    ElectionSeen,
    MotionSeen,
    PetitionSeen,
    StageSeen,
)
from canut.governance.board.states import (
    ElectedBy,
    ElectionState,
    LeftSeat,
    MotionChoice,
    MotionKind,
    MotionState,
    PetitionState,
    TookSeat,
)
from canut.membership.states import College


class BoardSeat(Said):
    """A seat that somebody holds; `petition_id` is that of a recall that runs."""

    id: int
    name: str = Field(description="The screen name.")
    college: College
    took_by: TookSeat
    began_at: Moment
    term_ends_at: Moment
    ended_at: Moment | None
    ended_as: LeftSeat | None
    election_id: int
    petition_id: int | None


class BoardMotionInList(Said):
    """A motion; `proposal_id` is what it is about, null if it is about the vote on the constitution."""

    id: int
    kind: MotionKind
    proposal_id: int | None
    state: MotionState
    opened_at: Moment
    closes_at: Moment
    ended_at: Moment | None
    moved_by: str


class RecallInList(Said):
    """A petition for recalling somebody from the board."""

    id: int
    name: str
    college: College
    state: PetitionState
    opened_at: Moment
    ended_at: Moment | None


class Board(Said):
    """Who sits and who sat before; the latest motions and recalls."""

    seats: Sequence[BoardSeat]
    former: Sequence[BoardSeat]
    motions: Sequence[BoardMotionInList]
    recalls: Sequence[RecallInList]


class ElectionInList(Said):
    """An election of a college's members of the board."""

    id: int
    college: College
    seats: int
    is_for_rest: bool = Field(description="It fills empty seats until the term of the others ends.")
    state: ElectionState
    opened_at: Moment
    nominations_end_at: Moment
    voting_ends_at: Moment | None
    over_at: Moment | None
    elected_by: ElectedBy | None
    candidates: int


class ElectionCandidate(Said):
    """Somebody who stands; ballots name them by the number, the public log by the pseudonym."""

    number: int
    name: str
    statement: str
    pseudonym: str
    took: TookSeat | None = Field(description="How they came to a seat, null if they did not.")


class CandidateAtStage(Said):
    """Where a candidate stands at the end of a stage."""

    number: int
    votes: str = Field(description="Exact, as a fraction such as 27/11.")
    is_elected: bool
    is_out: bool


class CountStage(Said):
    """One stage of a count: first choices, a surplus or an exclusion; votes as exact fractions."""

    number: int
    action: str
    name: str | None = Field(description="Whose votes were moved.")
    rate: str | None = Field(description="Which share of each vote's value was moved.")
    exhausted: str = Field(description="What stays with nobody, as the ballots name nobody further.")
    candidates: Sequence[CandidateAtStage]
    tied: Sequence[str]
    broken_by: str = Field(description="What broke a tie: stage, lot, or nothing.")


class ElectionCount(Said):
    """A count; made again without `gone`, while `sitting` keep their seats, when a seat became empty."""

    counted_at: Moment
    gone: Sequence[str]
    sitting: Sequence[str]
    valid: int
    empty: int
    quota: int
    elected: Sequence[str]
    lot: Sequence[str] = Field(description="In which order ties that no stage breaks are decided.")
    stages: Sequence[CountStage]


class Election(Said):
    """An election with who stands and, once it is over, every count with all its stages.

    `is_told` is no where so few voted that only who is elected is told. `log_root` is the root from which
    the lots follow, of the log's tree that ends with the entry `ballots_logged`.
    """

    id: int
    college: College
    seats: int
    is_for_rest: bool
    state: ElectionState
    opened_at: Moment
    nominations_end_at: Moment
    voting_ends_at: Moment | None
    over_at: Moment | None
    elected_by: ElectedBy | None
    term_ends_at: Moment | None
    members: int | None
    voted: int | None
    is_told: bool
    list_hash: str | None
    log_root: str | None
    ballots_logged: int | None
    result_logged: int | None
    candidates: Sequence[ElectionCandidate]
    elected: Sequence[str]
    counts: Sequence[ElectionCount]


class PublishedRanking(Said):
    """One ballot of the published list; the ranking is null where it is not told."""

    receipt: str
    ranking: Sequence[int] | None


class OwnRanking(Said):
    """The caller's place in an election. Ranking and receipt are null before they vote and after its end."""

    election_id: int
    ranking: Sequence[int] | None
    receipt: str | None
    voted_at: Moment | None


class RankingIn(Sent):
    """How one ranks candidates: their numbers, the first choice first; as many as wished."""

    ranking: list[int] = Field(max_length=1_000)


class StandIn(Sent):
    """What a candidate says of themselves."""

    statement: str = Field(default="", max_length=2_000)


class Candidacy(Said):
    """That the caller stands in an election."""

    election_id: int
    number: int
    statement: str
    pseudonym: str


class RecallIn(Sent):
    """Why somebody should be recalled."""

    reason: str = Field(min_length=1, max_length=1_000)


class Recall(Said):
    """A petition for a recall; nobody is told who signed it. `vote_id` is the college's vote on it."""

    id: int
    seat_id: int
    name: str
    college: College
    by: str
    reason: str
    state: PetitionState
    needed: int
    signed: int
    opened_at: Moment
    lapses_at: Moment
    ended_at: Moment | None
    vote_id: int | None


class BoardMotionIn(Sent):
    """What the board should decide: on a proposal that the team stopped, or on the first vote."""

    kind: Literal["overrule", "ratification"]
    proposal_id: int | None = Field(default=None, ge=1, lt=2**63)
    reason: str = Field(min_length=1, max_length=1_000)


class MotionVoteIn(Sent):
    """What a member of the board says, in the open."""

    choice: Literal["yes", "no", "abstain"]
    words: str = Field(default="", max_length=500)


class BoardMotionSaid(Said):
    """What one member of the board said; it `counts` if they sit at the end."""

    name: str
    college: College
    choice: MotionChoice
    words: str
    said_at: Moment
    counts: bool


class BoardMotion(Said):
    """A motion with what each said: adopted when `needed` have voted and more say yes than no."""

    id: int
    kind: MotionKind
    proposal_id: int | None
    state: MotionState
    opened_at: Moment
    closes_at: Moment
    ended_at: Moment | None
    moved_by: str
    reason: str
    yes: int
    no: int
    abstain: int
    members: int
    needed: int
    said: Sequence[BoardMotionSaid]
    logged: int | None


def board_said(seen: BoardSeen) -> Board:
    """Return the board as it goes out: the same to everybody."""
    return Board(
        seats=[BoardSeat.model_validate(seat) for seat in seen.seats],
        former=[BoardSeat.model_validate(seat) for seat in seen.former],
        motions=[BoardMotionInList.model_validate(card) for card in seen.motions],
        recalls=[RecallInList.model_validate(card) for card in seen.petitions],
    )


def election_said(seen: ElectionSeen) -> Election:
    """Return an election as it goes out: the same to everybody."""
    card = ElectionInList.model_validate(seen.card)
    given = card.model_dump(exclude={"candidates"})
    return Election(
        **given,
        term_ends_at=seen.term_ends_at,
        members=seen.members,
        voted=seen.voted,
        is_told=seen.is_told,
        list_hash=seen.list_hash or None,
        log_root=seen.log_root or None,
        ballots_logged=seen.ballots_logged,
        result_logged=seen.result_logged,
        candidates=[ElectionCandidate.model_validate(one) for one in seen.candidates],
        elected=seen.elected,
        counts=[_count_said(count) for count in seen.counts],
    )


def _count_said(seen: CountSeen) -> ElectionCount:
    return ElectionCount(
        counted_at=seen.counted_at,
        gone=seen.gone,
        sitting=seen.sitting,
        valid=seen.valid,
        empty=seen.empty,
        quota=seen.quota,
        elected=seen.elected,
        lot=seen.lot,
        stages=[_stage_said(stage) for stage in seen.stages],
    )


def _stage_said(seen: StageSeen) -> CountStage:
    return CountStage(
        number=seen.number,
        action=seen.action,
        name=seen.name,
        rate=seen.rate,
        exhausted=seen.exact_exhausted,
        candidates=[
            CandidateAtStage(number=row.number, votes=row.exact, is_elected=row.is_elected, is_out=row.is_out)
            for row in seen.rows
        ],
        tied=seen.tied,
        broken_by=seen.broken_by,
    )


def own_ranking_said(election_id: int, seen: ElectionSeen) -> OwnRanking:
    return OwnRanking(
        election_id=election_id,
        ranking=seen.own_ranking,
        receipt=seen.own_receipt,
        voted_at=seen.voted_at,
    )


def recall_said(seen: PetitionSeen) -> Recall:
    return Recall.model_validate(seen)


def motion_said(seen: MotionSeen) -> BoardMotion:
    """Return a motion as it goes out: the same to everybody."""
    return BoardMotion(
        **BoardMotionInList.model_validate(seen.card).model_dump(),
        reason=seen.reason,
        yes=seen.count.yes,
        no=seen.count.no,
        abstain=seen.count.abstain,
        members=seen.count.members,
        needed=seen.count.needed,
        said=[BoardMotionSaid.model_validate(one) for one in seen.said],
        logged=seen.logged,
    )
