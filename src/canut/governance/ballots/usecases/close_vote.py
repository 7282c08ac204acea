"""A vote ends: the ballots are counted, the list is made, and what tied ballots to people is deleted."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from canut.governance.ballots import rules
from canut.governance.ballots.access import vote_to_close
from canut.governance.ballots.models import Ballot, CollegeTally, CountedBallot
from canut.governance.ballots.queries import Result, result_of
from canut.governance.ballots.refusals import VoteStillOpen
from canut.governance.ballots.rules import Line, VoteRule
from canut.governance.ballots.states import CollegeOutcome, VoteState
from canut.kernel.events import record


@transaction.atomic
def close_vote(*, vote_id: int, at: datetime) -> Result:
    """Count a vote whose time is past and return its result; of a vote that is closed, the same again.

    Called by a job of the room that opened it, in the transaction that acts on the result. Nobody's ballot
    can be told from the list afterwards, not by the software either.

    Raises:
        VoteNotFound: there is none of this number.
        VoteStillOpen: its time is not past, and it may not end early.
    """
    vote = vote_to_close(vote_id)
    if vote.state == VoteState.CLOSED:
        return result_of(vote)
    rule = VoteRule.from_json(vote.rule)
    tallies = list(CollegeTally.objects.filter(vote=vote).order_by("pk"))
    cast = Ballot.objects.filter(elector__vote=vote)
    ballots: list[Line] = list(cast.values_list("elector__college", "receipt", "choice"))
    counts = {
        tally.college: rules.counted(
            tally.college,
            tally.members,
            [choice for college, _receipt, choice in ballots if college == tally.college],
        )
        for tally in tallies
        if tally.is_asked
    }
    if at < vote.closes_at and not (rule.early_end and rules.is_certain(list(counts.values()), rule)):
        raise VoteStillOpen(
            _("This vote is open until %(when)s.")
            % {"when": date_format(localtime(vote.closes_at), "DATETIME_FORMAT")},
            closes_at=vote.closes_at.isoformat(),
        )

    outcomes = {college: rules.college_outcome(count, rule) for college, count in counts.items()}
    lines = rules.published_list(ballots, rule)
    vote.state, vote.closed_at = VoteState.CLOSED, at
    vote.is_adopted = rules.is_adopted(outcomes, rule)
    vote.list_hash = rules.list_hash(lines)
    vote.save(update_fields=["state", "closed_at", "is_adopted", "list_hash"])
    for tally in tallies:
        _keep(tally, counts.get(tally.college), outcomes.get(tally.college, CollegeOutcome.NOT_ASKED), rule)
    cast.delete()
    CountedBallot.objects.bulk_create(
        [
            CountedBallot(vote=vote, college=college, receipt=receipt, choice=choice)
            for college, receipt, choice in lines
        ],
        batch_size=1_000,
    )
    record(None, "vote.closed", vote, at=at, is_adopted=vote.is_adopted)
    return result_of(vote)


def _keep(tally: CollegeTally, count: rules.Count | None, outcome: CollegeOutcome, rule: VoteRule) -> None:
    tally.outcome, tally.ballots = outcome, 0 if count is None else count.ballots
    if count is not None and count.ballots >= rule.detail_least_votes:
        tally.yes, tally.no, tally.abstain = count.yes, count.no, count.abstain
    tally.save(update_fields=["outcome", "ballots", "yes", "no", "abstain"])
