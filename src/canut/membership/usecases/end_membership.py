"""A member leaves, or the account is closed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.membership.access import NotAMember
from canut.membership.models import AdmissionRequest, MemberInvitation, Membership
from canut.membership.states import Ended, MemberInvitationState, RequestState
from canut.membership.usecases.invite_member import end_invitation
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import drop_standing


@transaction.atomic
def leave_membership(*, by: Person, at: datetime) -> Membership:
    """End `by`'s membership. Ballots that were cast stay cast; to come back, they are admitted anew.

    Their open invitations are taken back. Leaving twice changes nothing.

    Raises:
        NotAMember: `by` never was one.
    """
    rows = Membership.objects.select_for_update(no_key=True).filter(person=by)
    membership = rows.order_by("-pk").first()
    if membership is None:
        raise NotAMember(_("You are not a member, so there is nothing to leave."))
    if membership.ended_at is None:
        _end(membership, Ended.LEFT, by=by, at=at)
    return membership


@transaction.atomic
def forget_member(*, person_id: int, at: datetime) -> None:
    """End the membership of somebody whose account was closed, and let go of what stood for them in lots."""
    rows = Membership.objects.select_for_update(no_key=True).filter(person_id=person_id)
    for membership in rows.order_by("pk"):
        if membership.ended_at is None:
            _end(membership, Ended.ACCOUNT_CLOSED, by=None, at=at)
        membership.ended_as, membership.ticket = Ended.ACCOUNT_CLOSED, ""
        membership.save(update_fields=["ended_as", "ticket"])
    for request in AdmissionRequest.objects.filter(person_id=person_id, state=RequestState.OPEN):
        request.state, request.ended_at, request.words = RequestState.WITHDRAWN, at, ""
        request.save(update_fields=["state", "ended_at", "words"])


def _end(membership: Membership, how: Ended, *, by: Person | None, at: datetime) -> None:
    membership.ended_at, membership.ended_as = max(at, membership.admitted_at), how
    membership.save(update_fields=["ended_at", "ended_as"])
    drop_standing(party_id=membership.person_id, scale=ScaleKind.MEMBERSHIP, scale_id=0)
    for invitation in MemberInvitation.objects.select_for_update(no_key=True).filter(
        by_id=membership.person_id, state=MemberInvitationState.OPEN
    ):
        end_invitation(invitation, MemberInvitationState.WITHDRAWN, at=at)
    record(by, "membership.ended", membership, at=at, person_id=membership.person_id, how=str(how))
