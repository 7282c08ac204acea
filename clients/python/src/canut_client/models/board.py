"""The board: seats, elections with their counts, recalls and motions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BoardSeat:
    """A seat that somebody holds; `petition_id` is that of a recall that runs."""

    id: int
    name: str
    college: str
    took_by: str
    began_at: datetime
    term_ends_at: datetime
    ended_at: datetime | None
    ended_as: str | None
    election_id: int
    petition_id: int | None


@dataclass(frozen=True, slots=True)
class BoardMotionInList:
    """A motion; `proposal_id` is what it is about, None if it is about the vote on the constitution."""

    id: int
    kind: str
    proposal_id: int | None
    state: str
    opened_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    moved_by: str


@dataclass(frozen=True, slots=True)
class RecallInList:
    """A petition for recalling somebody from the board."""

    id: int
    name: str
    college: str
    state: str
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """Who sits and who sat before; the latest motions and recalls."""

    seats: tuple[BoardSeat, ...]
    former: tuple[BoardSeat, ...]
    motions: tuple[BoardMotionInList, ...]
    recalls: tuple[RecallInList, ...]


@dataclass(frozen=True, slots=True)
class ElectionInList:
    """An election of a college's members of the board."""

    id: int
    college: str
    seats: int
    is_for_rest: bool
    state: str
    opened_at: datetime
    nominations_end_at: datetime
    voting_ends_at: datetime | None
    over_at: datetime | None
    elected_by: str | None
    candidates: int


@dataclass(frozen=True, slots=True)
class ElectionCandidate:
    """Somebody who stands; ballots name them by the number, the public log by the pseudonym."""

    number: int
    name: str
    statement: str
    pseudonym: str
    took: str | None


@dataclass(frozen=True, slots=True)
class CandidateAtStage:
    """Where a candidate stands at the end of a stage."""

    number: int
    votes: str
    is_elected: bool
    is_out: bool


@dataclass(frozen=True, slots=True)
class CountStage:
    """One stage of a count: first choices, a surplus or an exclusion; votes as exact fractions."""

    number: int
    action: str
    name: str | None
    rate: str | None
    exhausted: str
    candidates: tuple[CandidateAtStage, ...]
    tied: tuple[str, ...]
    broken_by: str


@dataclass(frozen=True, slots=True)
class ElectionCount:
    """A count; made again without `gone`, while `sitting` keep their seats, when a seat became empty."""

    counted_at: datetime
    gone: tuple[str, ...]
    sitting: tuple[str, ...]
    valid: int
    empty: int
    quota: int
    elected: tuple[str, ...]
    lot: tuple[str, ...]
    stages: tuple[CountStage, ...]


@dataclass(frozen=True, slots=True)
class Election:
    """An election with who stands and, once it is over, every count with all its stages.

    `is_told` is no where so few voted that only who is elected is told. `log_root` is the root from which
    the lots follow, of the log's tree that ends with the entry `ballots_logged`.
    """

    id: int
    college: str
    seats: int
    is_for_rest: bool
    state: str
    opened_at: datetime
    nominations_end_at: datetime
    voting_ends_at: datetime | None
    over_at: datetime | None
    elected_by: str | None
    term_ends_at: datetime | None
    members: int | None
    voted: int | None
    is_told: bool
    list_hash: str | None
    log_root: str | None
    ballots_logged: int | None
    result_logged: int | None
    candidates: tuple[ElectionCandidate, ...]
    elected: tuple[str, ...]
    counts: tuple[ElectionCount, ...]


@dataclass(frozen=True, slots=True)
class PublishedRanking:
    """One ballot of the published list; the ranking is None where it is not told."""

    receipt: str
    ranking: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class OwnRanking:
    """The caller's place in an election. Ranking and receipt are None before they vote and after its end."""

    election_id: int
    ranking: tuple[int, ...] | None
    receipt: str | None
    voted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidacy:
    """That the caller stands in an election."""

    election_id: int
    number: int
    statement: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Recall:
    """A petition for a recall; nobody is told who signed it. `vote_id` is the college's vote on it."""

    id: int
    seat_id: int
    name: str
    college: str
    by: str
    reason: str
    state: str
    needed: int
    signed: int
    opened_at: datetime
    lapses_at: datetime
    ended_at: datetime | None
    vote_id: int | None


@dataclass(frozen=True, slots=True)
class BoardMotionSaid:
    """What one member of the board said; it `counts` if they sit at the end."""

    name: str
    college: str
    choice: str
    words: str
    said_at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class BoardMotion:
    """A motion with what each said: adopted when `needed` have voted and more say yes than no."""

    id: int
    kind: str
    proposal_id: int | None
    state: str
    opened_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    moved_by: str
    reason: str
    yes: int
    no: int
    abstain: int
    members: int
    needed: int
    said: tuple[BoardMotionSaid, ...]
    logged: int | None
