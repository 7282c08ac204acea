"""An elector ranks the candidates, and may rank them otherwise until the vote ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.ballots.rules_receipts import new_receipt
from canut.governance.board.access import election_to_vote_in, own_place
from canut.governance.board.models import Candidate, Election, RankedBallot
from canut.governance.board.refusals import ElectionNotOpen, RankingWrong
from canut.governance.board.states import ElectionState
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def cast_ranking(*, election_id: int, by: Person, ranking: Sequence[Any], at: datetime) -> str:
    """Keep how `by` ranks candidates, by their numbers and best first; return the receipt, which stays.

    As many as wished are ranked; with none the ballot is empty, which helps nobody. Neither the ranking
    nor the receipt is written anywhere else: no event, no mail, no stored answer.

    Raises:
        ElectionNotFound: there is none of this number.
        ElectionNotOpen: the vote has not begun, or has ended.
        NotInElection: `by` is not among those fixed at its opening.
        RankingWrong: somebody is ranked twice, or does not stand.
    """
    election = election_to_vote_in(election_id)
    if (
        election.state != ElectionState.VOTING
        or election.voting_ends_at is None
        or at >= election.voting_ends_at
    ):
        raise ElectionNotOpen(_not_open(election), state=election.state)
    place = own_place(election, by=by, lock=True)
    standing = set(
        Candidate.objects.filter(election=election, withdrew_at__isnull=True).values_list("number", flat=True)
    )
    numbers = [number for number in ranking if isinstance(number, int) and not isinstance(number, bool)]
    if len(numbers) != len(ranking) or len(set(numbers)) != len(numbers) or not set(numbers) <= standing:
        sentence = _("Rank candidates of this election only, each at one place.")
        raise RankingWrong(sentence, errors={"ranking": sentence})

    ballot = RankedBallot.objects.filter(elector=place).first()
    if ballot is not None and ballot.ranking == numbers:
        return ballot.receipt
    if ballot is None:
        ballot = RankedBallot.objects.create(elector=place, ranking=numbers, receipt=new_receipt())
    else:
        ballot.ranking = numbers
        ballot.save(update_fields=["ranking"])
    place.voted_at = at
    place.save(update_fields=["voted_at"])
    record(by, "election.ballot_cast", election, at=at)
    return ballot.receipt


def _not_open(election: Election) -> str:
    if election.state == ElectionState.NOMINATIONS:
        return _("The vote has not begun: members may still stand. Its page says until when.")
    return _("This vote has ended. The ballots cast by then are counted.")
