"""A proposal ends without a vote: its author withdraws it, or nothing happens to it for long."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.governance.access import own_proposal, proposal_known
from canut.governance.models import Proposal
from canut.governance.refusals import DraftHeld, ProposalHasEnded, VoteHasBegun
from canut.governance.rules import lapses_at
from canut.governance.states import ENDED, VOTED_ON, Feasibility, ProposalState
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.access import ensure_member
from canut.people.models import Person


@transaction.atomic
def withdraw_proposal(*, proposal_id: int, by: Person, at: datetime) -> Proposal:
    """Withdraw one's own proposal, before its vote opens. Withdrawing twice changes nothing.

    Others may bring it back at once: what is popular belongs to those who support it.

    Raises:
        ProposalNotFound, NotTheAuthor: it is not theirs to withdraw. DraftHeld: a jury has it in hand.
        VoteHasBegun: it is voted on, or was. ProposalHasEnded: it is in the archive.
    """
    ensure_member(by)
    proposal = own_proposal(proposal_id, by=by)
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if proposal.state in VOTED_ON:
        raise VoteHasBegun(
            _("The members vote on it, or have voted: it is not its author's to withdraw any more."),
            state=proposal.state,
        )
    if proposal.state in ENDED:
        raise ProposalHasEnded(_("It is in the archive already."), state=proposal.state)
    if proposal.held_at is not None:
        raise DraftHeld(_("A resolution jury has this draft in hand. It goes on when the jury has ended."))
    proposal.assessments.filter(outcome=Feasibility.OPEN).update(outcome=Feasibility.WITHDRAWN, said_at=at)
    _end(proposal, ProposalState.WITHDRAWN, at=at)
    record(by if proposal.popular_at else None, "proposal.withdrawn", proposal, at=at)
    return proposal


@transaction.atomic
def archive_what_lies(*, at: datetime) -> int:
    """Put ideas that found no support, and drafts that nobody takes further, into the archive. A job."""
    idea_days, draft_days = in_force("governance.idea_days", at=at), in_force("governance.draft_days", at=at)
    lies = Q(state=ProposalState.IDEA, changed_at__lte=at - timedelta(days=idea_days)) | Q(
        state__in=(ProposalState.DRAFT, ProposalState.INFEASIBLE),
        changed_at__lte=at - timedelta(days=draft_days),
        held_at__isnull=True,
    )
    archived = 0
    for number in list(Proposal.objects.filter(lies).order_by("pk").values_list("pk", flat=True)):
        proposal = proposal_known(number, lock=True)
        when = lapses_at(proposal.state, proposal.changed_at, idea_days=idea_days, draft_days=draft_days)
        if when is None or when > at or proposal.held_at is not None:
            continue
        _end(proposal, ProposalState.ARCHIVED, at=at)
        record(None, "proposal.archived", proposal, at=at)
        later("governance.tell_author", proposal_id=proposal.pk, what="archived")
        archived += 1
    return archived


def _end(proposal: Proposal, state: ProposalState, *, at: datetime) -> None:
    proposal.state, proposal.changed_at, proposal.ended_at = state, at, at
    proposal.save(update_fields=["state", "changed_at", "ended_at"])
