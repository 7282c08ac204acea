"""The lab shows what a proposal's settings would have done; without that its vote does not open."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.access import proposal_known, version_known
from canut.governance.models import ProposalReplay
from canut.governance.refusals import ReplayOutdated
from canut.kernel.events import record


@transaction.atomic
def attach_replay(
    *, proposal_id: int, version: int, summary: dict[str, Any], stored_as: str = "", at: datetime
) -> ProposalReplay:
    """Keep the replay of a proposal's version. A version has one: the second is not kept, the first is.

    `summary` holds JSON values, which pages show; `stored_as` names the whole report among the site's files.

    Raises:
        ProposalNotFound: there is no such proposal or version.
        ReplayOutdated: the version does not count any more.
    """
    proposal = proposal_known(proposal_id, lock=True)
    of = version_known(proposal, version)
    before = ProposalReplay.objects.filter(version=of).first()
    if before is not None:
        return before
    if of.number != proposal.version_number:
        raise ReplayOutdated(
            _("This proposal was amended meanwhile. Run the replay of its latest version."),
            version=proposal.version_number,
        )
    replay = ProposalReplay.objects.create(version=of, summary=summary, stored_as=stored_as, attached_at=at)
    record(None, "proposal.replayed", proposal, at=at, version=of.number)
    return replay
