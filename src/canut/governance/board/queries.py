"""Reading the board: who sits, which elections there are, how they were counted, recalls and motions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut.governance.access import version_that_counts
from canut.governance.ballots.models import Vote
from canut.governance.ballots.queries import Result, result_of
from canut.governance.board.access import (
    election_known,
    held_seats,
    motion_known,
    petition_known,
    seat_known,
)
from canut.governance.board.models import (
    BoardElector,
    Candidate,
    CountedRanking,
    Election,
    Motion,
    MotionVote,
    RankedBallot,
    RecallPetition,
    RecallSignature,
    Recount,
    Seat,
)
from canut.governance.board.rules import MotionCount
from canut.governance.board.rules_stv import CountSheet, sheet_from_json
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
from canut.governance.board.usecases.move_motion import count_of
from canut.governance.models import Proposal
from canut.governance.states import ProposalKind, ProposalState
from canut.membership.queries import colleges_of
from canut.membership.states import College
from canut.people.models import Person

FORMER_A_PAGE = 20
LIST_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """Somebody's seat. `petition_id` is that of a recall that runs; `is_own` that whoever looks holds it."""

    id: int
    name: str
    college: College
    took_by: TookSeat
    began_at: datetime
    term_ends_at: datetime
    ended_at: datetime | None
    ended_as: LeftSeat | None
    election_id: int
    petition_id: int | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ElectionCard:
    """An election in a list."""

    id: int
    college: College
    seats: int
    is_for_rest: bool
    state: ElectionState
    opened_at: datetime
    nominations_end_at: datetime
    voting_ends_at: datetime | None
    over_at: datetime | None
    elected_by: ElectedBy | None
    candidates: int
    is_own_college: bool
    may_vote: bool


@dataclass(frozen=True, slots=True)
class MotionCard:
    """A motion in a list; `proposal_id` is what it is about, None if it is about the first vote."""

    id: int
    kind: MotionKind
    proposal_id: int | None
    state: MotionState
    opened_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    moved_by: str


@dataclass(frozen=True, slots=True)
class PetitionCard:
    """A petition for a recall in a list."""

    id: int
    name: str
    college: College
    state: PetitionState
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class BoardSeen:
    """The whole board: seats by college, elections that run or were, motions and recalls."""

    seats: Sequence[SeatSeen]
    former: Sequence[SeatSeen]
    elections: Sequence[ElectionCard]
    motions: Sequence[MotionCard]
    petitions: Sequence[PetitionCard]
    own_seat_id: int | None
    own_college: College | None


@dataclass(frozen=True, slots=True)
class CandidateSeen:
    """Somebody who stands; `took` is how they came to a seat, None if they did not."""

    number: int
    name: str
    statement: str
    pseudonym: str
    took: TookSeat | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class StageRow:
    """One candidate at one stage: what they have, what was moved to or from them, and what became of them."""

    number: int
    name: str
    votes: str
    exact: str
    moved: str
    is_elected: bool
    is_new: bool
    is_out: bool


@dataclass(frozen=True, slots=True)
class StageSeen:
    """One stage of a count, as a table shows it. `rate` is exact, such as 14/33."""

    number: int
    action: str
    name: str | None
    rate: str | None
    exhausted: str
    exact_exhausted: str
    rows: Sequence[StageRow]
    tied: Sequence[str]
    broken_by: str


@dataclass(frozen=True, slots=True)
class CountSeen:
    """A count: the first, or one that was made again without `gone` while `sitting` kept their seats."""

    counted_at: datetime
    gone: Sequence[str]
    sitting: Sequence[str]
    valid: int
    empty: int
    quota: int
    elected: Sequence[str]
    lot: Sequence[str]
    lot_was_used: bool
    stages: Sequence[StageSeen]


@dataclass(frozen=True, slots=True)
class ElectionSeen:
    """An election. What concerns whoever looks is None for others: their candidacy, ballot and receipt.

    `counts` is empty until it is over, where there was no vote, and where so few voted that only who is
    elected is told; then `is_told` is no.
    """

    card: ElectionCard
    term_ends_at: datetime | None
    members: int | None
    voted: int | None
    ballots: int | None
    is_told: bool
    list_hash: str
    log_root: str
    ballots_logged: int | None
    result_logged: int | None
    candidates: Sequence[CandidateSeen]
    elected: Sequence[str]
    counts: Sequence[CountSeen]
    own_statement: str | None
    may_stand: bool
    own_ranking: Sequence[int] | None
    own_receipt: str | None
    voted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """Some of the published list: the receipt and the ranking of each ballot, None where it is not told."""

    lines: Sequence[tuple[str, Sequence[int] | None]]
    next_receipt: str | None


@dataclass(frozen=True, slots=True)
class PetitionSeen:
    """A petition for a recall. `has_signed` and `may_sign` are about whoever looks."""

    id: int
    seat_id: int
    name: str
    college: College
    by: str
    reason: str
    state: PetitionState
    needed: int
    signed: int
    opened_at: datetime
    lapses_at: datetime
    ended_at: datetime | None
    vote_id: int | None
    result: Result | None
    is_own: bool
    has_signed: bool
    may_sign: bool


@dataclass(frozen=True, slots=True)
class SaidToMotion:
    """What a member of the board said; `counts` is whether they sit."""

    name: str
    college: College
    choice: MotionChoice
    words: str
    said_at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class MotionSeen:
    """A motion with what everybody said. `may_vote` and `own_choice` are about whoever looks."""

    card: MotionCard
    reason: str
    said: Sequence[SaidToMotion]
    silent: Sequence[str]
    count: MotionCount
    logged: int | None
    may_vote: bool
    own_choice: MotionChoice | None
    own_words: str


def board_seen(*, by: Person | None, at: datetime) -> BoardSeen:
    """Return the board as somebody sees it, who need not be signed in."""
    college = _college(by, at=at)
    seats = [_seat(seat, by=by) for seat in held_seats()]
    former = Seat.objects.filter(ended_at__isnull=False).select_related(
        "candidate__election", "candidate__person__party"
    )
    motions = Motion.objects.select_related("by__candidate__person__party").order_by("-opened_at", "-pk")
    petitions = RecallPetition.objects.select_related(
        "seat__candidate__election", "seat__candidate__person__party"
    )
    return BoardSeen(
        seats=seats,
        former=[_seat(seat, by=by) for seat in former.order_by("-ended_at", "-pk")[:FORMER_A_PAGE]],
        elections=[
            _card(one, by=by, college=college) for one in Election.objects.order_by("-pk")[:FORMER_A_PAGE]
        ],
        motions=[_motion(motion) for motion in motions[:FORMER_A_PAGE]],
        petitions=[
            PetitionCard(
                id=one.pk,
                name=one.seat.candidate.person.screen_name,
                college=College(one.seat.candidate.election.college),
                state=PetitionState(one.state),
                opened_at=one.opened_at,
                ended_at=one.ended_at,
            )
            for one in petitions.order_by("-pk")[:FORMER_A_PAGE]
        ],
        own_seat_id=next((seat.id for seat in seats if seat.is_own), None),
        own_college=college,
    )


def seat_seen(seat_id: int, *, by: Person | None) -> SeatSeen:
    """Return a seat, held or not.

    Raises:
        BoardSeatNotFound: there is none of this number.
    """
    return _seat(seat_known(seat_id), by=by)


def movable() -> Sequence[tuple[MotionKind, int, str]]:
    """Return what the board could vote on now: the kind, the proposal's id or 0, and its title."""
    found: list[tuple[MotionKind, int, str]] = []
    if not Proposal.objects.filter(kind=ProposalKind.RATIFICATION).exists():
        found.append((MotionKind.RATIFICATION, 0, ""))
    stopped = Proposal.objects.filter(state=ProposalState.INFEASIBLE).order_by("pk")
    found += [(MotionKind.OVERRULE, one.pk, version_that_counts(one).title) for one in stopped]
    return found


def elections_page(
    *, before_id: int | None = None, most: int = FORMER_A_PAGE
) -> tuple[Sequence[ElectionCard], int | None]:
    """Return elections, the latest first, and where the next page begins."""
    rows = Election.objects.order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = [_card(one, by=None, college=None) for one in rows[: most + 1]]
    return found[:most], found[most - 1].id if len(found) > most else None


def election_seen(election_id: int, *, by: Person | None, at: datetime) -> ElectionSeen:
    """Return an election as somebody sees it, who need not be signed in.

    Raises:
        ElectionNotFound: there is none of this number.
    """
    election = election_known(election_id)
    college = _college(by, at=at)
    names = _names(election)
    seats = {
        seat.candidate_id: TookSeat(seat.took_by)
        for seat in Seat.objects.filter(candidate__election=election)
    }
    standing = election.candidates.filter(withdrew_at__isnull=True).select_related("person__party")
    own = None if by is None else standing.filter(person=by).first()
    place = None if by is None else BoardElector.objects.filter(election=election, person=by).first()
    ballot = None if place is None else RankedBallot.objects.filter(elector=place).first()
    may_stand = (
        election.state == ElectionState.NOMINATIONS
        and at < election.nominations_end_at
        and college == election.college
        and not (election.is_for_rest and held_seats().filter(candidate__person=by).exists())
    )
    return ElectionSeen(
        card=_card(election, by=by, college=college),
        term_ends_at=election.term_ends_at,
        members=election.members,
        voted=_voted(election),
        ballots=election.ballots,
        is_told=_is_told(election),
        list_hash=election.list_hash,
        log_root=election.log_root,
        ballots_logged=election.ballots_logged_id,
        result_logged=election.result_logged_id,
        candidates=[
            CandidateSeen(
                number=one.number,
                name=one.person.screen_name,
                statement=one.statement,
                pseudonym=one.pseudonym,
                took=seats.get(one.pk),
                is_own=by is not None and one.person_id == by.pk,
            )
            for one in standing.order_by("number")
        ],
        elected=_elected(election, names, seats),
        counts=_counts(election, names),
        own_statement=None if own is None else own.statement,
        may_stand=may_stand,
        own_ranking=None if ballot is None else ballot.ranking,
        own_receipt=None if ballot is None else ballot.receipt,
        voted_at=None if place is None else place.voted_at,
    )


def published_page(
    election_id: int, *, starting: str = "", after_receipt: str = "", most: int = LIST_A_PAGE
) -> PublishedPage:
    """Return some of the ballots of an election that is over, in the order of their receipts.

    With `starting` only those whose receipt begins so.

    Raises:
        ElectionNotFound: there is none of this number.
    """
    election = election_known(election_id)
    rows = CountedRanking.objects.filter(election=election).order_by("receipt")
    if starting:
        rows = rows.filter(receipt__startswith=starting)
    if after_receipt:
        rows = rows.filter(receipt__gt=after_receipt)
    found = list(rows.values_list("receipt", "ranking")[: most + 1])
    told = _is_told(election)
    lines = [(receipt, ranking if told else None) for receipt, ranking in found[:most]]
    return PublishedPage(lines, lines[-1][0] if len(found) > most else None)


def election_file(election_id: int) -> dict[str, Any]:
    """Return what `scripts/recount_election.py` reads: the ballots, and every count with all its stages.

    It holds no name: candidates are numbers, with their pseudonyms in the public log. Of few ballots
    neither they nor the counts are told.

    Raises:
        ElectionNotFound: there is none of this number.
    """
    election = election_known(election_id)
    told = _is_told(election)
    rows = CountedRanking.objects.filter(election=election).order_by("receipt")
    standing = Candidate.objects.filter(election=election, withdrew_at__isnull=True).order_by("number")
    counts: list[Mapping[str, Any]] = []
    if told and election.sheet is not None:
        counts = [{"gone": [], "sitting": [], "sheet": election.sheet}]
        for recount in Recount.objects.filter(election=election).order_by("pk"):
            counts.append({"gone": recount.gone, "sitting": recount.sitting, "sheet": recount.sheet})
    return {
        "kind": "canut-election",
        "version": 1,
        "election": str(election.pk),
        "college": str(election.college),
        "seats": election.seats,
        "candidates": [one.number for one in standing],
        "pseudonyms": [one.pseudonym for one in standing],
        "ballots_hash": election.list_hash,
        "ballots_logged": election.ballots_logged_id,
        "result_logged": election.result_logged_id,
        "log_root": election.log_root,
        "ballots": [
            {"receipt": receipt, "ranking": ranking}
            for receipt, ranking in (rows.values_list("receipt", "ranking") if told else ())
        ],
        "counts": counts,
    }


def petition_seen(petition_id: int, *, by: Person | None, at: datetime) -> PetitionSeen:
    """Return a petition for a recall as somebody sees it; nobody is told who signed.

    Raises:
        PetitionNotFound: there is none of this number.
    """
    petition = petition_known(petition_id)
    candidate = petition.seat.candidate
    signed = RecallSignature.objects.filter(petition=petition)
    has_signed = by is not None and signed.filter(by=by).exists()
    is_open = petition.state == PetitionState.OPEN and at < petition.lapses_at
    closed = None
    if petition.vote_id is not None and petition.state in (PetitionState.RECALLED, PetitionState.KEPT):
        closed = result_of(Vote.objects.get(pk=petition.vote_id))
    return PetitionSeen(
        id=petition.pk,
        seat_id=petition.seat_id,
        name=candidate.person.screen_name,
        college=College(candidate.election.college),
        by=petition.by.screen_name,
        reason=petition.reason,
        state=PetitionState(petition.state),
        needed=petition.needed,
        signed=signed.count(),
        opened_at=petition.opened_at,
        lapses_at=petition.lapses_at,
        ended_at=petition.ended_at,
        vote_id=petition.vote_id,
        result=closed,
        is_own=by is not None and petition.by_id == by.pk,
        has_signed=has_signed,
        may_sign=is_open and not has_signed and _college(by, at=at) == candidate.election.college,
    )


def motion_seen(motion_id: int, *, by: Person | None, at: datetime) -> MotionSeen:
    """Return a motion with what every member of the board said, for everybody to read.

    Raises:
        MotionNotFound: there is none of this number.
    """
    motion = motion_known(motion_id)
    seats = {seat.pk: seat for seat in held_seats()}
    own = next(
        (pk for pk, seat in seats.items() if by is not None and seat.candidate.person_id == by.pk), None
    )
    rows = MotionVote.objects.filter(motion=motion).select_related(
        "seat__candidate__election", "seat__candidate__person__party"
    )
    votes = list(rows.order_by("said_at", "pk"))
    mine = next((one for one in votes if one.seat_id == own), None)
    is_open = motion.state == MotionState.OPEN
    at_end = at if motion.ended_at is None else motion.ended_at
    said = [
        SaidToMotion(
            name=one.seat.candidate.person.screen_name,
            college=College(one.seat.candidate.election.college),
            choice=MotionChoice(one.choice),
            words=one.words,
            said_at=one.said_at,
            counts=one.seat.ended_at is None or one.seat.ended_at > at_end,
        )
        for one in votes
    ]
    return MotionSeen(
        card=_motion(motion),
        reason=motion.reason,
        said=said,
        silent=[
            seat.candidate.person.screen_name
            for pk, seat in seats.items()
            if is_open and pk not in {one.seat_id for one in votes}
        ],
        count=count_of(motion, at=at) if is_open else _as_counted(motion, said),
        logged=motion.logged_id,
        may_vote=is_open and own is not None and at < motion.closes_at,
        own_choice=None if mine is None else MotionChoice(mine.choice),
        own_words="" if mine is None else mine.words,
    )


def _as_counted(motion: Motion, said: Sequence[SaidToMotion]) -> MotionCount:
    choices = [one.choice for one in said if one.counts]
    return MotionCount(
        choices.count(MotionChoice.YES),
        choices.count(MotionChoice.NO),
        choices.count(MotionChoice.ABSTAIN),
        motion.members or 0,
        motion.needed or 0,
    )


def _college(by: Person | None, *, at: datetime) -> College | None:
    """Return the college of whoever looks, None unless they are an active member of one."""
    return None if by is None else colleges_of([by.pk], at=at).get(by.pk)


def _seat(seat: Seat, *, by: Person | None) -> SeatSeen:
    candidate = seat.candidate
    running = seat.petitions.filter(ended_at__isnull=True).values_list("pk", flat=True).first()
    return SeatSeen(
        id=seat.pk,
        name=candidate.person.screen_name,
        college=College(candidate.election.college),
        took_by=TookSeat(seat.took_by),
        began_at=seat.began_at,
        term_ends_at=seat.term_ends_at,
        ended_at=seat.ended_at,
        ended_as=LeftSeat(seat.ended_as) if seat.ended_as else None,
        election_id=candidate.election_id,
        petition_id=running,
        is_own=by is not None and candidate.person_id == by.pk and seat.ended_at is None,
    )


def _card(election: Election, *, by: Person | None, college: College | None) -> ElectionCard:
    return ElectionCard(
        id=election.pk,
        college=College(election.college),
        seats=election.seats,
        is_for_rest=election.is_for_rest,
        state=ElectionState(election.state),
        opened_at=election.opened_at,
        nominations_end_at=election.nominations_end_at,
        voting_ends_at=election.voting_ends_at,
        over_at=election.over_at,
        elected_by=ElectedBy(election.elected_by) if election.elected_by else None,
        candidates=election.candidates.filter(withdrew_at__isnull=True).count(),
        is_own_college=college == election.college,
        may_vote=by is not None
        and election.state == ElectionState.VOTING
        and BoardElector.objects.filter(election=election, person=by).exists(),
    )


def _motion(motion: Motion) -> MotionCard:
    return MotionCard(
        id=motion.pk,
        kind=MotionKind(motion.kind),
        proposal_id=motion.subject_id or None,
        state=MotionState(motion.state),
        opened_at=motion.opened_at,
        closes_at=motion.closes_at,
        ended_at=motion.ended_at,
        moved_by=motion.by.candidate.person.screen_name,
    )


def _voted(election: Election) -> int | None:
    """Return how many have voted so far, None before the vote opens."""
    if election.members is None:
        return None
    return BoardElector.objects.filter(election=election, voted_at__isnull=False).count()


def _is_told(election: Election) -> bool:
    return (election.ballots or 0) >= (election.detail_least_votes or 0)


def _names(election: Election) -> dict[int, str]:
    rows = Candidate.objects.filter(election=election).select_related("person__party")
    return {one.number: one.person.screen_name for one in rows}


def _elected(election: Election, names: Mapping[int, str], seats: Mapping[int, TookSeat]) -> Sequence[str]:
    if election.sheet is not None:
        return [names[number] for number in election.sheet["elected"]]
    rows = Candidate.objects.filter(election=election, pk__in=seats).order_by("number")
    return [names[one.number] for one in rows]


def _counts(election: Election, names: Mapping[int, str]) -> Sequence[CountSeen]:
    if election.sheet is None or election.over_at is None or not _is_told(election):
        return ()
    found = [_count(sheet_from_json(election.sheet), names, counted_at=election.over_at)]
    for recount in Recount.objects.filter(election=election).order_by("pk"):
        found.append(
            _count(
                sheet_from_json(recount.sheet),
                names,
                counted_at=recount.counted_at,
                gone=recount.gone,
                sitting=recount.sitting,
            )
        )
    return found


def _count(
    sheet: CountSheet,
    names: Mapping[int, str],
    *,
    counted_at: datetime,
    gone: Sequence[int] = (),
    sitting: Sequence[int] = (),
) -> CountSeen:
    return CountSeen(
        counted_at=counted_at,
        gone=[names[number] for number in gone],
        sitting=[names[number] for number in sitting],
        valid=sheet.valid,
        empty=sheet.empty,
        quota=sheet.quota,
        elected=[names[number] for number in sheet.elected],
        lot=[names[number] for number in sheet.lot],
        lot_was_used=any(stage.broken_by == "lot" for stage in sheet.stages),
        stages=_stages(sheet, names, gone=frozenset(gone)),
    )


def _stages(sheet: CountSheet, names: Mapping[int, str], *, gone: frozenset[int]) -> Sequence[StageSeen]:
    found, elected, out = [], set[int](), set(gone)
    before: Mapping[int, Any] = {}
    for number, stage in enumerate(sheet.stages, 1):
        if stage.action == "exclusion" and stage.candidate is not None:
            out.add(stage.candidate)
        elected |= set(stage.elected)
        rows = [
            StageRow(
                number=one,
                name=names[one],
                votes=_rounded(stage.votes[one]),
                exact=str(stage.votes[one]),
                moved="" if not before else _signed(stage.votes[one] - before[one]),
                is_elected=one in elected,
                is_new=one in stage.elected,
                is_out=one in out,
            )
            for one in sheet.candidates
            if one not in gone
        ]
        found.append(
            StageSeen(
                number=number,
                action=stage.action,
                name=None if stage.candidate is None else names[stage.candidate],
                rate=None if stage.rate is None else str(stage.rate),
                exhausted=_rounded(stage.exhausted),
                exact_exhausted=str(stage.exhausted),
                rows=rows,
                tied=[names[one] for one in stage.tied],
                broken_by=stage.broken_by,
            )
        )
        before = stage.votes
    return found


def _rounded(votes: Any) -> str:
    """Return votes with at most four decimals; the exact fraction stands beside them."""
    text = f"{float(votes):.4f}"
    return text.rstrip("0").rstrip(".")


def _signed(votes: Any) -> str:
    if not votes:
        return ""
    return f"+{_rounded(votes)}" if votes > 0 else f"−{_rounded(-votes)}"
