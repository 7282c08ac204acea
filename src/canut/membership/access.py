"""The only way to a membership or to what leads to one on somebody's behalf, and to ask who is a member."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotAllowed, NotFound
from canut.membership.invitation_token import invitation_of
from canut.membership.models import AdmissionRequest, Candidate, Lot, MemberInvitation, Membership
from canut.membership.queries import MemberStanding, is_admitted, memberships_at, standing_of
from canut.membership.states import MemberInvitationState
from canut.people.access import ensure_member
from canut.people.models import Person


class NotAMember(NotAllowed):
    code = "not_a_member"


class NotAnActiveMember(NotAllowed):
    code = "not_an_active_member"


def require_member(by: Person, at: datetime) -> Membership:
    """Return the membership of `by`, who is admitted at `at`.

    Raises:
        NotAMember: they are not. Else what `people.access.ensure_member` raises.
    """
    ensure_member(by)
    membership = memberships_at(at).filter(person=by).first()
    if membership is None:
        raise NotAMember(
            _("Only admitted members can do this. Your membership page says how you can become one.")
        )
    return membership


def require_active_member(by: Person, at: datetime) -> MemberStanding:
    """Return the standing of `by`, who is admitted, active and of a college at `at`.

    Raises:
        NotAMember: they are not admitted. NotAnActiveMember: they are, and were active on too few days.
    """
    require_member(by, at)
    standing = standing_of(by, at)
    if not standing.may_vote:
        raise NotAnActiveMember(
            _("Only active members can do this. Your membership page says how many days are missing."),
            active_days=standing.active_days_in_window,
            least_days=standing.rule.least_days,
        )
    return standing


class AdmissionRequestNotFound(NotFound):
    code = "admission_request_not_found"


class MemberInvitationNotFound(NotFound):
    code = "member_invitation_not_found"


class MemberInvitationNotUsable(NotFound):
    code = "member_invitation_not_usable"


class LotNotFound(NotFound):
    code = "lot_not_found"


class SeatNotFound(NotFound):
    code = "seat_not_found"


def request_for_change(request_id: int) -> AdmissionRequest:
    """Lock and return somebody's request to be admitted, whatever became of it. Their own row comes first.

    Raises:
        AdmissionRequestNotFound: there is none of this number.
    """
    person = Person.objects.filter(pk__in=AdmissionRequest.objects.filter(pk=request_id).values("person_id"))
    person.select_for_update(of=("self",), no_key=True).first()
    request = AdmissionRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if request is None:
        raise request_gone()
    return request


def request_gone() -> AdmissionRequestNotFound:
    """Return the refusal for a request to be admitted that there is not, or not any more."""
    return AdmissionRequestNotFound(_("There is no such request. The list shows who asks to be admitted."))


def invitation_to_withdraw(invitation_id: int, *, by: Person) -> MemberInvitation:
    """Lock and return an open invitation that `by` made.

    Raises:
        MemberInvitationNotFound: there is none, or it was answered, taken back or lapsed.
    """
    rows = MemberInvitation.objects.select_for_update(no_key=True)
    found = rows.filter(pk=invitation_id, by=by, state=MemberInvitationState.OPEN).first()
    if found is None:
        raise MemberInvitationNotFound(_("This invitation is not open any more, or it is not yours."))
    return found


def invitation_by_token(token: str, *, lock: bool = False) -> MemberInvitation:
    """Return the invitation that a link is for, whatever became of it.

    Raises:
        MemberInvitationNotUsable: this site did not make the link.
    """
    invitation_id = invitation_of(token)
    rows = MemberInvitation.objects.select_for_update(no_key=True) if lock else MemberInvitation.objects.all()
    found = None if invitation_id is None else rows.filter(pk=invitation_id).first()
    if found is None:
        raise MemberInvitationNotUsable(_("This link is not whole. Copy all of it from the mail."))
    return found


def refuse_unusable(invitation: MemberInvitation, *, by: Person | None, at: datetime) -> None:
    """Refuse an invitation that cannot be accepted by `by`, or by anybody.

    Raises:
        MemberInvitationNotUsable: it was accepted or taken back, is too old or `by`'s own, or its maker is
            no member any more.
    """
    if invitation.state == MemberInvitationState.ACCEPTED:
        raise MemberInvitationNotUsable(
            _("This invitation has been accepted. It is good for one person, once.")
        )
    if invitation.state == MemberInvitationState.WITHDRAWN or not is_admitted(invitation.by_id, at=at):
        raise MemberInvitationNotUsable(_("This invitation was taken back. Ask a member for another one."))
    if invitation.state == MemberInvitationState.LAPSED or invitation.lapses_at <= at:
        raise MemberInvitationNotUsable(_("This invitation is too old. Ask the member for another one."))
    if by is not None and invitation.by_id == by.pk:
        raise MemberInvitationNotUsable(_("This is your own invitation. Pass it on to the one you invite."))


def lot_known(number: int, *, lock: bool = False) -> Lot:
    """Return a lot; everybody may know of it.

    Raises:
        LotNotFound: there is none of this number.
    """
    rows = Lot.objects.select_for_update(no_key=True) if lock else Lot.objects.all()
    lot = rows.filter(pk=number).first()
    if lot is None:
        raise LotNotFound(_("There is no such lot. The list of lots shows those there are."))
    return lot


def own_seat(number: int, *, by: Person) -> Candidate:
    """Lock and return the seat of a lot that was offered to `by`, whatever became of it.

    Raises:
        SeatNotFound: no seat of this lot was ever offered to them, or there is no such lot.
    """
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True).select_related("lot")
    seat = rows.filter(lot_id=number, person=by).exclude(state="").first()
    if seat is None:
        raise SeatNotFound(_("You were not drawn in this lot. Your membership page lists where you were."))
    return seat
