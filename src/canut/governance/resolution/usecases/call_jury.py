"""A jury is called on a draft that somebody blocks, and its members are drawn by lot."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.governance.access import proposal_known
from canut.governance.models import Proposal, SenseCheck
from canut.governance.resolution.models import LONGEST_WORDS, Jury
from canut.governance.resolution.refusals import (
    AlreadyHeard,
    NobodyBlocks,
    NotYoursToCall,
    TooFewToDraw,
)
from canut.governance.resolution.states import OPEN
from canut.governance.states import Stance
from canut.governance.usecases.amend_draft import hold_draft
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.membership.access import require_member
from canut.membership.queries import electorate
from canut.membership.states import College
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.people.models import Person

SUBJECT = "resolution"
"""By which name lots know juries."""
SEATS: Mapping[College, str] = {
    College.WORKERS: "jury.resolution_workers",
    College.REQUESTERS: "jury.resolution_requesters",
    College.TEAM: "jury.resolution_team_members",
}


@transaction.atomic
def call_jury(*, proposal_id: int, by: Person, reason: str, at: datetime) -> Jury:
    """Call a jury on a draft, hold the draft, and offer the seats to those who are drawn.

    Its author and those who block it cannot sit. Calling it while there is one returns that one.

    Raises:
        NotAMember: `by` is not admitted. ProposalNotFound: there is none. NotADraft: it is none.
        BadInput: there is no reason of at most 2,000 characters.
        NobodyBlocks: nobody blocks it. NotYoursToCall: `by` neither wrote nor blocks it.
        AlreadyHeard: a jury has looked at this version.
        TooFewToDraw: too few colleges have somebody who could sit.
    """
    require_member(by, at)
    proposal = proposal_known(proposal_id, lock=True)
    running = Jury.objects.filter(proposal=proposal, state__in=OPEN).first()
    blocking = blockers_of(proposal)
    if by.pk not in {proposal.author_id, *blocking}:
        raise NotYoursToCall(
            _("Its author and those who block it call a jury. Say in the sense check why you block.")
        )
    if running is not None:
        return running
    hold_draft(proposal_id=proposal.pk, at=at)
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_WORDS or "\0" in reason:
        sentence = _("Say in at most 2,000 characters what the jury is to settle.")
        raise BadInput(
            _("Some of what you entered cannot be accepted. Nothing was kept."), errors={"reason": sentence}
        )
    if not blocking:
        raise NobodyBlocks(_("A jury is for drafts that somebody blocks. Nobody blocks this one."))
    heard = Jury.objects.filter(proposal=proposal, version_number=proposal.version_number).first()
    if heard is not None:
        raise AlreadyHeard(
            _("A jury has looked at this version. Amend the draft, or send it to the team."), jury_id=heard.pk
        )
    apart = {by.pk, *blocking} | ({proposal.author_id} if proposal.author_id is not None else set())
    _must_be_drawable(apart, at=at)
    jury = Jury.objects.create(
        proposal=proposal,
        version_number=proposal.version_number,
        caller=by,
        reason=reason,
        called_at=at,
        ends_by=at + timedelta(days=in_force("jury.resolution_days", at=at)),
    )
    for college, parameter in SEATS.items():
        lot = commit_lot(
            subject_kind=SUBJECT,
            subject_id=jury.pk,
            address=f"/juries/{jury.pk}/",
            college=college,
            seats=in_force(parameter, at=at),
            exclude=apart,
            at=at,
        )
        draw_lot(number=lot.number, at=at)
    record(by, "jury.called", jury, at=at, proposal_id=proposal.pk)
    return jury


def blockers_of(proposal: Proposal) -> set[int]:
    """Return who blocks a draft in its sense check."""
    said = SenseCheck.objects.filter(proposal=proposal, stance=Stance.BLOCK)
    return set(said.values_list("person_id", flat=True))


def _must_be_drawable(apart: set[int], *, at: datetime) -> None:
    needed = in_force("jury.resolution_colleges", at=at)
    there = Counter(college for person, college in electorate(at).items() if person not in apart)
    if len(there) < needed:
        raise TooFewToDraw(
            _(
                "A jury is decided by %(needed)s colleges, and too few of them have active members who "
                "neither wrote this draft nor block it."
            )
            % {"needed": needed},
            colleges=len(there),
            needed=needed,
        )
