"""The vote is over: the ballots are counted, the list is made, and what tied ballots to people is deleted."""

from datetime import datetime

from django.db import transaction

from canut.charter.models import LogEntry, LogKind
from canut.charter.tree import Tree
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.board import rules, rules_stv
from canut.governance.board.access import election_known
from canut.governance.board.log_facts import count_facts
from canut.governance.board.models import Candidate, CountedRanking, Election, RankedBallot
from canut.governance.board.states import ElectedBy, ElectionState, TookSeat
from canut.governance.board.usecases.seat_elected import log_result, seat_elected
from canut.kernel.events import record
from canut.kernel.later import later


def close_due_elections(*, at: datetime) -> int:
    """Count the elections whose time is past, each in a transaction of its own; return how many. A job."""
    due = Election.objects.filter(state=ElectionState.VOTING, voting_ends_at__lte=at)
    return sum(
        close_election(election_id=number, at=at)
        for number in due.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def close_election(*, election_id: int, at: datetime) -> bool:
    """Count an election whose time is past; tell whether it was this call that did.

    First the hash of all ballots is written into the public log, then the lots are drawn from the root of
    the log's tree with that entry as its last leaf, then the count is made and its result written too.
    """
    election = election_known(election_id, lock=True)
    if (
        election.state != ElectionState.VOTING
        or election.voting_ends_at is None
        or at < election.voting_ends_at
    ):
        return False
    cast = RankedBallot.objects.filter(elector__election=election)
    ballots = sorted((receipt, tuple(ranking)) for receipt, ranking in cast.values_list("receipt", "ranking"))
    candidates = list(
        Candidate.objects.filter(election=election, withdrew_at__isnull=True).order_by("number")
    )
    is_told = len(ballots) >= (election.detail_least_votes or 0)
    election.ballots = len(ballots)
    election.list_hash = rules.list_hash(rules.published_lines(ballots, told=is_told))
    election.ballots_logged = append_to_log(
        LogKind.ELECTION,
        {
            "what": "ballots",
            "election": election.pk,
            "college": str(election.college),
            "seats": election.seats,
            "candidates": [{"number": one.number, "pseudonym": one.pseudonym} for one in candidates],
            "electors": election.members,
            "ballots": len(ballots),
            "list_hash": election.list_hash,
        },
        at=at,
    )
    root = _root_up_to(election.ballots_logged)
    election.log_root = root.hex()
    numbers = [one.number for one in candidates]
    sheet = rules_stv.elect(
        candidates=numbers,
        seats=election.seats,
        ballots=[ranking for _receipt, ranking in ballots],
        lot=rules_stv.lot_order(root, str(election.pk), numbers),
    )
    election.sheet = rules_stv.sheet_to_json(sheet)
    elected = [one for number in sheet.elected for one in candidates if one.number == number]
    election.result_logged = log_result(
        election, elected, counted=count_facts(election.sheet, is_told=is_told), at=at
    )
    election.elected_by = ElectedBy.COUNT
    seat_elected(election, elected, took_by=TookSeat.COUNT, at=at)
    election.save()
    cast.delete()
    CountedRanking.objects.bulk_create(
        [CountedRanking(election=election, receipt=receipt, ranking=ranking) for receipt, ranking in ballots],
        batch_size=1_000,
    )
    record(None, "election.over", election, at=at, elected=len(elected))
    later("board.tell_elected", election_id=election.pk)
    return True


def _root_up_to(entry: LogEntry) -> bytes:
    """Return the root of the log's tree with this entry as its last leaf."""
    leaves = LogEntry.objects.filter(number__lte=entry.number).order_by("number")
    return Tree(leaf.encode() for leaf in leaves.values_list("leaf", flat=True)).root()
