"""A vote on a proposal ends: the decision is written into the log, and what was adopted executes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from canut.charter.changes import SettingChange
from canut.charter.parameters import PARAMETERS
from canut.charter.usecases.record_decision import record_decision
from canut.governance.access import proposal_known, version_that_counts
from canut.governance.ballots.queries import votes_to_close
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.checking import article_change, setting_change, stored_value
from canut.governance.models import Proposal
from canut.governance.states import ProposalState
from canut.governance.usecases.open_proposal_vote import SUBJECT, titles
from canut.kernel.events import record
from canut.kernel.later import later


def conclude_votes(*, at: datetime) -> int:
    """Conclude every vote on a proposal whose time is past, each by itself; return how many. A job."""
    ended = votes_to_close(subject_kind=SUBJECT, at=at)
    for vote in ended:
        conclude_vote(proposal_id=vote.subject_id, at=at)
    return len(ended)


@transaction.atomic
def conclude_vote(*, proposal_id: int, at: datetime) -> Proposal:
    """Count the vote on a proposal, write the decision, and do what was adopted. Twice does it once.

    What no longer fits when the vote closes lapses, with its reason in the log; the rest of the decision
    stands. Where two decisions set the same, the later one holds.

    Raises:
        ProposalNotFound: there is none. VoteStillOpen: its time is not past.
    """
    proposal = proposal_known(proposal_id, lock=True)
    if proposal.state != ProposalState.VOTE or proposal.vote_id is None:
        return proposal
    result = close_vote(vote_id=proposal.vote_id, at=at)
    version = version_that_counts(proposal)
    settings: list[tuple[int, SettingChange]] = []
    lapsed: list[dict[str, Any]] = []
    for row in version.settings.order_by("position"):
        if stored_value(row.parameter, row.new_value) is None:  # a release has taken the parameter away
            lapsed.append({"setting": row.position, "code": "not_found"})
        else:
            settings.append((row.position, setting_change(PARAMETERS[row.parameter], row, decided_at=at)))
    articles = [
        (row.position, article_change(row, based_on=row.of_number, decided_at=at))
        for row in version.articles.order_by("position")
    ]
    title_en, title_fr = titles(proposal)
    recorded = record_decision(
        title_en=title_en,
        title_fr=title_fr,
        question_kind=proposal.kind,
        rule=result.rule_as_log(),
        colleges=result.colleges_as_log(),
        ballots_hash=result.ballots_hash,
        adopted=result.is_adopted,
        settings=[change for _position, change in settings],
        articles=[change for _position, change in articles],
        about={
            "proposal": proposal.pk,
            "version": version.number,
            "vote": proposal.vote_id,
            "address": f"/proposals/{proposal.pk}/",
        },
        at=at,
    )
    places = {id(change): {"setting": position} for position, change in settings}
    places |= {id(article): {"article": position} for position, article in articles}
    lapsed += [places[id(one.change)] | {"code": one.code} for one in recorded.lapsed]
    proposal.state = ProposalState.ADOPTED if result.is_adopted else ProposalState.REJECTED
    proposal.decision_number, proposal.lapsed = recorded.number, lapsed if result.is_adopted else []
    proposal.changed_at = proposal.ended_at = at
    proposal.save(update_fields=["state", "decision_number", "lapsed", "changed_at", "ended_at"])
    record(
        None,
        "proposal.decided",
        proposal,
        at=at,
        adopted=result.is_adopted,
        decision=recorded.number,
        lapsed=len(lapsed),
    )
    later("governance.tell_author", proposal_id=proposal.pk, what="decided")
    later("governance.tell_supporters", proposal_id=proposal.pk, what="decided")
    return proposal
