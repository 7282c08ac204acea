"""The only way to a proposal on somebody's behalf. Everybody may read them; who wrote an idea is hidden."""

from django.utils.translation import gettext_lazy as _

from canut.governance.models import Proposal, ProposalVersion
from canut.governance.refusals import NotTheAuthor, ProposalNotFound
from canut.people.models import Person

LARGEST = 2**63 - 1


def proposal_known(proposal_id: int, *, lock: bool = False) -> Proposal:
    """Return a proposal; everybody may know of it.

    Raises:
        ProposalNotFound: there is none of this number.
    """
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True) if lock else Proposal.objects.all()
    found = rows.filter(pk=proposal_id).first() if 0 < proposal_id <= LARGEST else None
    if found is None:
        raise ProposalNotFound(_("There is no such proposal. The list of proposals shows those there are."))
    return found


def own_proposal(proposal_id: int, *, by: Person) -> Proposal:
    """Lock and return a proposal that `by` wrote.

    Raises:
        ProposalNotFound: there is none of this number. NotTheAuthor: somebody else wrote it.
    """
    return _must_be_own(proposal_known(proposal_id, lock=True), by)


def version_that_counts(proposal: Proposal) -> ProposalVersion:
    """Return the version of a proposal that counts now."""
    return ProposalVersion.objects.get(proposal=proposal, number=proposal.version_number)


def version_known(proposal: Proposal, number: int) -> ProposalVersion:
    """Return one version of a proposal.

    Raises:
        ProposalNotFound: it has none of this number.
    """
    found = ProposalVersion.objects.filter(proposal=proposal, number=min(number, 2**31 - 1)).first()
    if found is None:
        raise ProposalNotFound(_("This proposal has no such version. Its page lists those it has."))
    return found


def own_proposal_to_read(proposal_id: int, *, by: Person) -> Proposal:
    """Return a proposal that `by` wrote, without locking it.

    Raises:
        ProposalNotFound: there is none of this number. NotTheAuthor: somebody else wrote it.
    """
    return _must_be_own(proposal_known(proposal_id), by)


def _must_be_own(proposal: Proposal, by: Person) -> Proposal:
    if proposal.author_id != by.pk:
        raise NotTheAuthor(
            _(
                "Only who wrote a proposal can do this. Say in the sense check what you would change, or "
                "propose your own."
            )
        )
    return proposal
