"""Petitions for recalls whose time is past end, and the college's votes on them are acted on. A job."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from canut.charter.models import LogKind
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.ballots.queries import Result, votes_to_close
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.board.access import petition_known, seat_known
from canut.governance.board.models import RecallPetition
from canut.governance.board.states import LeftSeat, PetitionState
from canut.governance.board.usecases.end_seat import end_seat
from canut.governance.board.usecases.petition import SUBJECT, end_petition
from canut.kernel.later import later


def follow_petitions(*, at: datetime) -> int:
    """End what is due, each petition in a transaction of its own; return how many ended."""
    due = RecallPetition.objects.filter(
        Q(lapses_at__lte=at) | Q(seat__ended_at__isnull=False), state=PetitionState.OPEN
    )
    ended = sum(_lapse(number, at=at) for number in due.order_by("pk").values_list("pk", flat=True))
    return ended + sum(
        conclude_recall(petition_id=vote.subject_id, at=at)
        for vote in votes_to_close(subject_kind=SUBJECT, at=at)
    )


@transaction.atomic
def _lapse(petition_id: int, *, at: datetime) -> bool:
    petition = petition_known(petition_id, lock=True)
    if petition.state != PetitionState.OPEN:
        return False
    is_moot = petition.seat.ended_at is not None
    end_petition(petition, PetitionState.MOOT if is_moot else PetitionState.LAPSED, at=at)
    return True


@transaction.atomic
def conclude_recall(*, petition_id: int, at: datetime) -> bool:
    """Count the college's vote on a recall and do as it says; tell whether it was this call that did.

    Raises:
        PetitionNotFound: there is none of this number. VoteStillOpen: the vote's time is not past.
    """
    petition = petition_known(petition_id, lock=True)
    if petition.state != PetitionState.VOTE or petition.vote_id is None:
        return False
    result = close_vote(vote_id=petition.vote_id, at=at)
    seat = seat_known(petition.seat_id, lock=True)
    if seat.ended_at is not None:
        end_petition(petition, PetitionState.MOOT, at=at)
        return True
    state = PetitionState.RECALLED if result.is_adopted else PetitionState.KEPT
    _log(petition, result, at=at)
    end_petition(petition, state, at=at)
    if result.is_adopted:
        end_seat(seat, why=LeftSeat.RECALLED, by=None, at=at)
    later("board.tell_of_recall", petition_id=petition.pk)
    return True


def _log(petition: RecallPetition, result: Result, *, at: datetime) -> None:
    candidate = petition.seat.candidate
    append_to_log(
        LogKind.ELECTION,
        {
            "what": "recall",
            "petition": petition.pk,
            "election": candidate.election_id,
            "college": str(candidate.election.college),
            "whose": candidate.pseudonym,
            "recalled": result.is_adopted,
            "rule": result.rule_as_log(),
            "colleges": result.colleges_as_log(),
            "ballots_hash": result.ballots_hash,
        },
        at=at,
    )
