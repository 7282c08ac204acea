"""A member says what they think of a draft: agree, abstain, disagree or block, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.governance.access import proposal_known
from canut.governance.models import SenseCheck
from canut.governance.refusals import NotADraft
from canut.governance.states import AS_DRAFT, WITH_A_REASON, Stance
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.membership.access import require_member
from canut.people.models import Person

LONGEST_REASON = 2_000


@transaction.atomic
def check_sense(*, proposal_id: int, by: Person, stance: str, reason: str, at: datetime) -> SenseCheck:
    """Say, under one's screen name, what one thinks of a draft; it replaces what one said before.

    It decides nothing. Who disagrees or blocks says why, so that the author can do something about it.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound: there is none.
        BadInput: the stance is unknown, or the reason is missing or too long.
        NotADraft: it is an idea still, or is voted on, or has ended.
    """
    require_member(by, at)
    proposal = proposal_known(proposal_id, lock=True)
    reason = reason.strip()
    errors = {}
    if stance not in Stance.values:
        errors["stance"] = _("Say that you agree, abstain, disagree or block.")
    if len(reason) > LONGEST_REASON or "\0" in reason:
        errors["reason"] = _("Give your reason in at most 2,000 characters.")
    elif not reason and stance in WITH_A_REASON:
        errors["reason"] = _("Say why, so that the draft can be made better.")
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was kept."), errors=errors)
    if proposal.state not in AS_DRAFT:
        raise NotADraft(
            _("A sense check is for drafts. This is none, or the vote on it has begun."), state=proposal.state
        )
    said = {"version_number": proposal.version_number, "stance": stance, "reason": reason, "given_at": at}
    before = SenseCheck.objects.filter(proposal=proposal, person=by).first()
    if before is not None and (before.version_number, before.stance, before.reason) == (
        proposal.version_number,
        stance,
        reason,
    ):
        return before
    check, _created = SenseCheck.objects.update_or_create(proposal=proposal, person=by, defaults=said)
    record(by, "proposal.sense_checked", proposal, at=at, stance=stance)
    return check
