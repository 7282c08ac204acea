"""A draft gets a new version, in public, with what is different; and a resolution jury may hold one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.access import own_proposal, proposal_known, version_that_counts
from canut.governance.content import Content
from canut.governance.models import Proposal, ProposalVersion
from canut.governance.refusals import DraftHeld, NotADraft, NothingAmended, VersionOutdated
from canut.governance.states import WRITTEN_BY_MEMBERS, ProposalKind, ProposalState
from canut.governance.usecases.write_version import says_the_same, write_version
from canut.kernel.events import record
from canut.kernel.later import later
from canut.membership.access import require_member
from canut.people.models import Person

AMENDED_IN = (ProposalState.DRAFT, ProposalState.INFEASIBLE)


@transaction.atomic
def amend_draft(
    *, proposal_id: int, by: Person, content: Content, written_on: int, at: datetime
) -> ProposalVersion:
    """Write a draft's next version. What the team found not feasible is a draft again with it.

    `written_on` is the number of the version that its author had before their eyes.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound, NotTheAuthor: it is not theirs to amend.
        NotADraft: it is an idea still, or with the team, or further. DraftHeld: a jury has it.
        VersionOutdated: there is a later version than the one that was written on.
        NothingAmended: nothing is different.
        BadInput, SettingRefused, ArticleRefused, GuildRefused: as `write_version`.
    """
    require_member(by, at)
    proposal = own_proposal(proposal_id, by=by)
    latest = version_that_counts(proposal)
    if written_on == latest.number - 1 and says_the_same(latest, content):
        return latest
    must_be_amendable(proposal)
    if written_on != latest.number:
        raise VersionOutdated(
            _("There is a newer version of this draft. Read it, and make your changes there."),
            version=latest.number,
        )
    if says_the_same(latest, content):
        raise NothingAmended(_("This is what the draft says already. Change something."))
    return _next_version(proposal, content, by=by, at=at)


@transaction.atomic
def amend_by_jury(*, proposal_id: int, content: Content, at: datetime) -> ProposalVersion:
    """Write what a resolution jury settled on as the draft's next version, and let the draft go on.

    Raises:
        ProposalNotFound: there is none. NotADraft: it is none.
        BadInput, SettingRefused, ArticleRefused, GuildRefused: as `write_version`.
    """
    proposal = proposal_known(proposal_id, lock=True)
    if proposal.state != ProposalState.DRAFT:
        raise NotADraft(_("Only a draft can be amended."), state=proposal.state)
    proposal.held_at = None
    return _next_version(proposal, content, by=None, at=at)


@transaction.atomic
def hold_draft(*, proposal_id: int, at: datetime) -> Proposal:
    """Keep a draft as it is, for a resolution jury has it in hand. Holding it twice changes nothing.

    Such a jury is for conflicts about rules (MECHANISMS 6.3), so no guild's founding is held.

    Raises:
        ProposalNotFound: there is none. NotADraft: it is none.
    """
    proposal = proposal_known(proposal_id, lock=True)
    if proposal.state != ProposalState.DRAFT or proposal.kind != ProposalKind.CHANGE:
        raise NotADraft(_("Only a draft can be looked at by a jury."), state=proposal.state)
    if proposal.held_at is None:
        proposal.held_at = at
        proposal.save(update_fields=["held_at"])
        record(None, "proposal.held", proposal, at=at)
    return proposal


@transaction.atomic
def release_draft(*, proposal_id: int, at: datetime) -> Proposal:
    """Let a draft go on that a resolution jury had in hand. Releasing it twice changes nothing.

    Raises:
        ProposalNotFound: there is none.
    """
    proposal = proposal_known(proposal_id, lock=True)
    if proposal.held_at is not None:
        proposal.held_at, proposal.changed_at = None, at
        proposal.save(update_fields=["held_at", "changed_at"])
        record(None, "proposal.released", proposal, at=at)
    return proposal


def must_be_amendable(proposal: Proposal) -> None:
    """Raise NotADraft or DraftHeld unless its author may amend it now."""
    if proposal.state not in AMENDED_IN or proposal.kind not in WRITTEN_BY_MEMBERS:
        raise NotADraft(
            _(
                "Only a draft can be amended. An idea stays as those who support it have read it, and what "
                "the team or the members look at stays too."
            ),
            state=proposal.state,
        )
    if proposal.held_at is not None:
        raise DraftHeld(_("A resolution jury has this draft in hand. It goes on when the jury has ended."))


def _next_version(
    proposal: Proposal, content: Content, *, by: Person | None, at: datetime
) -> ProposalVersion:
    version = write_version(proposal, content, number=proposal.version_number + 1, by=by, at=at)
    proposal.version_number = version.number
    proposal.state, proposal.changed_at = ProposalState.DRAFT, at
    proposal.save(update_fields=["version_number", "state", "changed_at", "held_at"])
    record(by, "proposal.amended", proposal, at=at, version=version.number)
    if proposal.kind == ProposalKind.GUILD:
        later(
            "governance.tell_founders", proposal_id=proposal.pk, what="named_founder", version=version.number
        )
    return version
