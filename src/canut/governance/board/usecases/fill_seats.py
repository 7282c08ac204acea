"""Seats of those who cannot hold them end, and empty seats are filled from the ballots there are. A job."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from canut.charter.models import LogKind
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.board import rules_stv
from canut.governance.board.access import held_seats, seat_known
from canut.governance.board.eligible import barred
from canut.governance.board.log_facts import count_facts
from canut.governance.board.models import Candidate, CountedRanking, Election, Recount, Seat
from canut.governance.board.states import ElectedBy, ElectionState, LeftSeat, TookSeat
from canut.governance.board.usecases.end_seat import end_seat
from canut.governance.board.usecases.open_elections import lock_board
from canut.kernel.events import record
from canut.kernel.later import later


@transaction.atomic
def end_barred_seats(*, at: datetime) -> int:
    """End the seats of those who are no members any more, or of another college; return how many."""
    held = list(held_seats())
    ended = 0
    for college in sorted({seat.candidate.election.college for seat in held}):
        people = [seat.candidate.person_id for seat in held if seat.candidate.election.college == college]
        reasons = barred(people, college=college, at=at)
        for seat in held:
            reason = reasons.get(seat.candidate.person_id)
            if reason is None or seat.candidate.election.college != college:
                continue
            locked = seat_known(seat.pk, lock=True)
            if locked.ended_at is None:
                end_seat(locked, why=reason, by=None, at=at)
                ended += 1
    return ended


def fill_empty_seats(*, at: datetime) -> int:
    """Count anew for the seats that became empty; return how many were taken.

    Where nobody is left who could follow, or there was no vote, the seat stays empty until the next
    election (`open_elections`).
    """
    empty = Seat.objects.filter(ended_at__isnull=False, followed_at__isnull=True).exclude(
        ended_as=LeftSeat.TERM
    )
    elections = empty.order_by("candidate__election_id").values_list("candidate__election_id", flat=True)
    return sum(_fill(election_id, at=at) for election_id in elections.distinct())


@transaction.atomic
def _fill(election_id: int, *, at: datetime) -> int:
    lock_board()
    election = Election.objects.select_for_update(no_key=True).get(pk=election_id)
    of_election = Seat.objects.filter(candidate__election=election).select_related("candidate")
    empty = of_election.filter(ended_at__isnull=False, followed_at__isnull=True)
    if not empty.exclude(ended_as=LeftSeat.TERM).exists():
        return 0
    sitting = [seat.candidate.number for seat in of_election.filter(ended_at__isnull=True)]
    taken = []
    is_over = of_election.filter(ended_as=LeftSeat.TERM).exists()  # others were elected meanwhile
    if not is_over and election.elected_by == ElectedBy.COUNT and len(sitting) < election.seats:
        taken = _counted_again(election, sitting=sitting, vacancies=empty.count(), at=at)
    empty.update(followed_at=at)
    for seat in taken:
        later("board.tell_follower", seat_id=seat.pk)
    return len(taken)


def _counted_again(election: Election, *, sitting: list[int], vacancies: int, at: datetime) -> list[Seat]:
    candidates = list(
        Candidate.objects.filter(election=election, withdrew_at__isnull=True).order_by("number")
    )
    out = barred([one.person_id for one in candidates], college=election.college, at=at)
    # For the rest of a term, others may have been elected beside, or stand in a vote that is open
    held = Q(seat__isnull=False, seat__ended_at__isnull=True)
    stands = Q(election__state=ElectionState.VOTING, withdrew_at__isnull=True)
    seated = set(Candidate.objects.filter(held | stands).values_list("person_id", flat=True))
    had = set(Seat.objects.filter(candidate__election=election).values_list("candidate_id", flat=True))
    gone = [
        one.number
        for one in candidates
        if one.number not in sitting and (one.pk in had or one.person_id in out or one.person_id in seated)
    ]
    if len(gone) + len(sitting) == len(candidates):
        return []
    assert election.sheet is not None
    sheet = rules_stv.elect(
        candidates=[one.number for one in candidates],
        seats=election.seats,
        ballots=[
            tuple(ranking)
            for ranking in CountedRanking.objects.filter(election=election).values_list("ranking", flat=True)
        ],
        lot=election.sheet["lot"],
        gone=gone,
        sitting=sitting,
    )
    new = [one for number in sheet.elected for one in candidates if one.number == number]
    new = [one for one in new if one.number not in sitting][:vacancies]
    stored = rules_stv.sheet_to_json(sheet)
    is_told = (election.ballots or 0) >= (election.detail_least_votes or 0)
    logged = append_to_log(
        LogKind.ELECTION,
        {
            "what": "followed",
            "election": election.pk,
            "college": str(election.college),
            "without": [one.pseudonym for one in candidates if one.number in gone],
            "sitting": [one.pseudonym for one in candidates if one.number in sitting],
            "elected": [one.pseudonym for one in new],
            "count": count_facts(stored, is_told=is_told),
        },
        at=at,
    )
    recount = Recount.objects.create(
        election=election, gone=gone, sitting=sitting, sheet=stored, counted_at=at, logged=logged
    )
    assert election.term_ends_at is not None
    seats = Seat.objects.bulk_create(
        Seat(candidate=one, took_by=TookSeat.RECOUNT, began_at=at, term_ends_at=election.term_ends_at)
        for one in new
    )
    record(None, "election.counted_again", recount, at=at, election=election.pk, taken=len(seats))
    return seats
