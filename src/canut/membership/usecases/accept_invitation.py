"""Somebody follows an invitation's link and becomes a member."""

from datetime import datetime

from django.db import transaction

from canut.membership.access import invitation_by_token, refuse_unusable
from canut.membership.models import Membership
from canut.membership.states import MemberInvitationState, Way
from canut.membership.usecases.admit import admit, refuse_members
from canut.membership.usecases.invite_member import end_invitation
from canut.people.access import ensure_member, person_for_change
from canut.people.models import Person


@transaction.atomic
def accept_invitation(*, token: str, by: Person, at: datetime) -> Membership:
    """Make `by` a member by an invitation's link. A second time returns the same membership.

    Raises:
        MemberInvitationNotUsable: the link is not whole; or the invitation was taken back, has lapsed, was
            accepted by somebody else, is `by`'s own, or its maker is no member any more.
        AlreadyAdmitted: `by` is a member already; the invitation stays open for somebody else.
        AccountIsClosed, NotActivated, TermsNotAccepted: the account is not ready for it.
    """
    ensure_member(by)
    person = person_for_change(by)
    invitation = invitation_by_token(token, lock=True)
    if invitation.accepted_by_id == by.pk:
        member = Membership.objects.filter(person=by, ended_at__isnull=True).first()
        if member is not None:
            return member
    refuse_unusable(invitation, by=by, at=at)
    refuse_members(person)
    inviter = Person.objects.get(pk=invitation.by_id)
    end_invitation(invitation, MemberInvitationState.ACCEPTED, at=at, accepted_by=person)
    return admit(person, way=Way.INVITATION, by=inviter, at=at)
