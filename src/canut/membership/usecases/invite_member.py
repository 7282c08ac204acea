"""A member invites somebody by e-mail, or takes an invitation back."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.membership.access import invitation_to_withdraw, require_active_member
from canut.membership.invitation_token import invitation_token
from canut.membership.models import MemberInvitation
from canut.membership.states import MemberInvitationState
from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.notices.words import address, as_read_by, moment


class TooManyMemberInvitations(Refusal):
    code = "too_many_member_invitations"


@transaction.atomic
def invite_member(*, by: Person, email: str, at: datetime) -> MemberInvitation:
    """Send an invitation to an address, in the language of `by`; whoever has its link may accept it, once.

    An invitation to the same address that is open stays as it is. Nobody is told whether somebody with this
    address is here.

    Raises:
        NotAMember, NotAnActiveMember: `by` is none. BadInput: this is no address.
        TooManyMemberInvitations: `by` has invited as many as members may in the days one lasts.
    """
    require_active_member(by, at)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise BadInput(_("This is no e-mail address."), errors={"email": list(wrong.messages)}) from None
    person_for_change(by)  # one at a time, so that the limit holds
    invitation = MemberInvitation.objects.filter(by=by, email=email, state=MemberInvitationState.OPEN).first()
    if invitation is not None and invitation.lapses_at > at:
        return invitation
    if invitation is not None:
        end_invitation(invitation, MemberInvitationState.LAPSED, at=at)
    lasts = timedelta(days=in_force("membership.invitation_days", at=at))
    most = in_force("membership.invitations", at=at)
    if MemberInvitation.objects.filter(by=by, invited_at__gt=at - lasts).count() >= most:
        raise TooManyMemberInvitations(
            _("In %(days)s days a member may invite %(most)s people, and you have. Vouch for those who ask.")
            % {"days": lasts.days, "most": most},
            limit=most,
        )
    invitation = MemberInvitation.objects.create(by=by, email=email, invited_at=at, lapses_at=at + lasts)
    record(by, "membership.invited", invitation, at=at)
    _send(invitation, by)
    return invitation


@transaction.atomic
def withdraw_member_invitation(*, invitation_id: int, by: Person, at: datetime) -> MemberInvitation:
    """Take back an invitation that waits for an answer; its address is forgotten.

    Raises:
        MemberInvitationNotFound: it is not `by`'s, or was answered, taken back or lapsed.
    """
    invitation = invitation_to_withdraw(invitation_id, by=by)
    end_invitation(invitation, MemberInvitationState.WITHDRAWN, at=at)
    record(by, "membership.invitation_withdrawn", invitation, at=at)
    return invitation


def end_invitation(
    invitation: MemberInvitation,
    state: MemberInvitationState,
    *,
    at: datetime,
    accepted_by: Person | None = None,
) -> None:
    """Put an open invitation at its end, and forget the address."""
    invitation.state, invitation.ended_at, invitation.email = state, at, ""
    invitation.accepted_by = accepted_by
    invitation.save(update_fields=["state", "ended_at", "email", "accepted_by"])


@transaction.atomic
def lapse_invitations(*, at: datetime, most: int = 500) -> int:
    """End invitations that were not answered in time; return how many. A job."""
    rows = MemberInvitation.objects.select_for_update(no_key=True, skip_locked=True)
    due = list(rows.filter(state=MemberInvitationState.OPEN, lapses_at__lte=at).order_by("pk")[:most])
    for invitation in due:
        end_invitation(invitation, MemberInvitationState.LAPSED, at=at)
    return len(due)


def _send(invitation: MemberInvitation, by: Person) -> None:
    if by.simulated:
        return
    with as_read_by(by):
        name = {"name": by.screen_name, "site": address("/")}
        text = [
            _("%(name)s invites you to become a member of Canut, crowd work owned by the crowd: %(site)s")
            % name,
            _("Members decide the rules together: what work pays at least, how it is shared out, and more."),
            _("To accept, open this page. If you have no account yet, make one first and open it again:"),
            address(f"/membership/invitations/{invitation_token(invitation.pk)}/"),
            _("The invitation can be accepted until %(time)s, by one person.")
            % {"time": moment(invitation.lapses_at)},
            _("Did you not expect this? Do nothing: your address is forgotten when the invitation ends."),
        ]
        subject = _("%(name)s invites you to become a member") % name
    later("people.send_mail", to=invitation.email, subject=subject, text="\n\n".join(text) + "\n")
