"""The time for standing is over: the vote opens, or all who stand are elected, or nobody stands. A job."""

from datetime import datetime, timedelta

from django.db import transaction

from canut.charter.queries import in_force
from canut.governance.board.access import election_known, held_seats
from canut.governance.board.models import BoardElector, Candidate, Election
from canut.governance.board.states import ElectedBy, ElectionState, TookSeat
from canut.governance.board.usecases.seat_elected import log_result, seat_elected
from canut.kernel.events import record
from canut.kernel.later import later
from canut.membership.queries import electorate
from canut.membership.states import College


def end_due_nominations(*, at: datetime) -> int:
    """End the nominations whose time is past, each in a transaction of its own; return how many."""
    due = Election.objects.filter(state=ElectionState.NOMINATIONS, nominations_end_at__lte=at)
    return sum(_end(election_id, at=at) for election_id in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _end(election_id: int, *, at: datetime) -> bool:
    election = election_known(election_id, lock=True)
    if election.state != ElectionState.NOMINATIONS or at < election.nominations_end_at:
        return False
    colleges = electorate(at)
    # For the rest of a term, who stands may have followed on a seat meanwhile
    seated = set(held_seats().values_list("candidate__person_id", flat=True)) if election.is_for_rest else ()
    standing = []
    for candidate in Candidate.objects.filter(election=election, withdrew_at__isnull=True).order_by("number"):
        if colleges.get(candidate.person_id) == election.college and candidate.person_id not in seated:
            standing.append(candidate)
        else:  # no active member of the college any more, or on the board
            candidate.withdrew_at, candidate.statement = at, ""
            candidate.save(update_fields=["withdrew_at", "statement"])
    if not standing:
        _nobody(election, at=at)
    elif len(standing) <= election.seats:
        _unopposed(election, standing, at=at)
    else:
        members = [person_id for person_id, one in colleges.items() if one == College(election.college)]
        _open_vote(election, members, at=at)
    return True


def _nobody(election: Election, *, at: datetime) -> None:
    """Give members longer to stand; for the rest of a term, leave the seats empty instead."""
    if election.is_for_rest:
        election.state, election.over_at, election.elected_by = ElectionState.OVER, at, ElectedBy.NOBODY
        election.save(update_fields=["state", "over_at", "elected_by"])
        record(None, "election.over", election, at=at, elected=0)
        return
    election.nominations_end_at = at + timedelta(days=in_force("board.nomination_days", at=at))
    election.save(update_fields=["nominations_end_at"])
    record(None, "election.nominations_extended", election, at=at)
    later("board.tell_of_election", election_id=election.pk)


def _unopposed(election: Election, standing: list[Candidate], *, at: datetime) -> None:
    election.result_logged = log_result(election, standing, at=at, counted=None)
    election.elected_by = ElectedBy.UNOPPOSED
    seat_elected(election, standing, took_by=TookSeat.UNOPPOSED, at=at)
    election.save(update_fields=["state", "over_at", "elected_by", "term_ends_at", "result_logged"])
    record(None, "election.over", election, at=at, elected=len(standing))
    later("board.tell_elected", election_id=election.pk)


def _open_vote(election: Election, members: list[int], *, at: datetime) -> None:
    election.state = ElectionState.VOTING
    election.voting_ends_at = at + timedelta(days=in_force("governance.vote_days", at=at))
    election.members = len(members)
    election.detail_least_votes = in_force("ballot.detail_least_votes", at=at)
    election.save(update_fields=["state", "voting_ends_at", "members", "detail_least_votes"])
    BoardElector.objects.bulk_create(
        [BoardElector(election=election, person_id=person_id) for person_id in sorted(members)],
        batch_size=1_000,
    )
    record(None, "election.vote_opened", election, at=at, members=len(members))
