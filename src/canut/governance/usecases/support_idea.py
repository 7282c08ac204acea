"""A member supports an idea; with enough of them it is a draft, and its author is told to all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.access import proposal_known
from canut.governance.in_force import supporters_needed_at
from canut.governance.models import Proposal, Support
from canut.governance.refusals import NotAnIdea, OwnIdea
from canut.governance.states import ProposalKind, ProposalState
from canut.governance.usecases.open_proposal_vote import open_vote_on
from canut.kernel.events import record
from canut.kernel.later import later
from canut.membership.access import require_member
from canut.membership.queries import memberships_at
from canut.people.models import Person


@transaction.atomic
def support_idea(*, proposal_id: int, by: Person, at: datetime) -> Proposal:
    """Support an idea. Supporting twice changes nothing, nor does supporting what is popular already.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound: there is none.
        NotAnIdea: it is a draft by now, or has ended. OwnIdea: `by` wrote it.
    """
    require_member(by, at)
    proposal = proposal_known(proposal_id, lock=True)
    if Support.objects.filter(proposal=proposal, person=by).exists():
        return proposal
    _must_be_idea(proposal)
    if proposal.author_id == by.pk:
        raise OwnIdea(_("This is your own idea: it counts on others. Tell them about it."))
    Support.objects.create(proposal=proposal, person=by, given_at=at)
    record(None, "proposal.supported", proposal, at=at)
    advance_if_popular(proposal, at=at)
    return proposal


@transaction.atomic
def withdraw_support(*, proposal_id: int, by: Person, at: datetime) -> Proposal:
    """Take one's support back while it is still an idea. Without a support there is nothing to take back.

    Raises:
        ProposalNotFound: there is none. NotAnIdea: it is a draft by now, or has ended.
    """
    proposal = proposal_known(proposal_id, lock=True)
    found = Support.objects.filter(proposal=proposal, person=by)
    if not found.exists():
        return proposal
    _must_be_idea(proposal)
    found.delete()
    record(None, "proposal.support_withdrawn", proposal, at=at)
    return proposal


def supporters_of(proposal: Proposal, *, at: datetime) -> int:
    """Return how many of those who supported an idea are members at `at`."""
    return memberships_at(at).filter(person__in=proposal.supports.values("person")).count()


def advance_if_popular(proposal: Proposal, *, at: datetime) -> bool:
    """Make a locked idea a draft if enough members support it; return whether it is.

    The question whether the constitution is ours needs no drafting: it is voted on at once.
    """
    if proposal.state != ProposalState.IDEA or supporters_of(proposal, at=at) < supporters_needed_at(at):
        return False
    proposal.popular_at = proposal.changed_at = at
    if proposal.kind == ProposalKind.RATIFICATION:
        if not open_vote_on(proposal, at=at):
            return False
    else:
        proposal.state = ProposalState.DRAFT
        proposal.save(update_fields=["state", "popular_at", "changed_at"])
        if proposal.kind == ProposalKind.GUILD:
            later("governance.tell_founders", proposal_id=proposal.pk, what="named_founder")
    record(proposal.author, "proposal.popular", proposal, at=at)
    later("governance.tell_author", proposal_id=proposal.pk, what="popular")
    later("governance.tell_supporters", proposal_id=proposal.pk, what="popular")
    return True


@transaction.atomic
def advance_popular_ideas(*, at: datetime) -> int:
    """Make drafts of ideas that have support enough by now, because fewer is needed than before. A job."""
    needed, made = supporters_needed_at(at), 0
    for number in (
        Proposal.objects.filter(state=ProposalState.IDEA).order_by("pk").values_list("pk", flat=True)
    ):
        if Support.objects.filter(proposal_id=number).count() >= needed:
            made += advance_if_popular(proposal_known(number, lock=True), at=at)
    return made


def _must_be_idea(proposal: Proposal) -> None:
    if proposal.state != ProposalState.IDEA:
        raise NotAnIdea(
            _("Supports are given to ideas. This has gone further already, or has ended."),
            state=proposal.state,
        )
