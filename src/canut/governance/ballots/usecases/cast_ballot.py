"""An elector says yes, no or abstains, and may say otherwise until the vote ends."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from canut.governance.ballots.access import own_place, vote_to_cast_in
from canut.governance.ballots.models import Ballot
from canut.governance.ballots.refusals import ChoiceUnknown, VoteEnded
from canut.governance.ballots.rules_receipts import new_receipt
from canut.governance.ballots.states import BallotChoice, VoteState
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def cast_ballot(*, vote_id: int, by: Person, choice: str, at: datetime) -> str:
    """Keep what `by` chose and return their receipt, which stays the same however often they change it.

    Neither the choice nor the receipt is written anywhere else: no event, no mail, no stored answer.

    Raises:
        VoteNotFound: there is none of this number.
        VoteEnded: its time is past.
        NotAnElector: `by` is not among those fixed at its opening.
        ChoiceUnknown: it is neither yes, no nor abstain.
    """
    vote = vote_to_cast_in(vote_id)
    place = own_place(vote, by=by, lock=True)
    if vote.state != VoteState.OPEN or at >= vote.closes_at:
        raise VoteEnded(
            _("This vote ended on %(when)s. The ballots cast by then are counted.")
            % {"when": date_format(localtime(vote.closed_at or vote.closes_at), "DATETIME_FORMAT")},
            closes_at=vote.closes_at.isoformat(),
        )
    if choice not in BallotChoice.values:
        sentence = _("Choose yes, no or abstain.")
        raise ChoiceUnknown(sentence, errors={"choice": sentence})

    ballot = Ballot.objects.filter(elector=place).first()
    if ballot is not None and ballot.choice == choice:
        return ballot.receipt
    if ballot is None:
        ballot = Ballot.objects.create(elector=place, choice=choice, receipt=new_receipt())
    else:
        ballot.choice = choice
        ballot.save(update_fields=["choice"])
    place.voted_at = at
    place.save(update_fields=["voted_at"])
    record(by, "ballot.cast", vote, at=at)
    return ballot.receipt
