"""Membership: one's standing, ways in and out, the members, invitations, and drawing by lot."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to, cut, text_after
from canut.api.shapes.common import Page, Words
from canut.api.shapes.membership import (
    AdmissionIn,
    AdmissionRequest,
    CollegeIn,
    IdentityIn,
    InvitationSent,
    Lot,
    LotCandidate,
    LotInList,
    Member,
    MemberInvitation,
    MemberInvitationIn,
    MemberStanding,
    OwnAdmissionRequest,
    OwnSeat,
    SeatAnswer,
    TokenIn,
    Vouched,
    candidate_said,
    invitation_said,
    lot_card_said,
    lot_said,
    member_said,
    own_request_said,
    request_said,
    seat_said,
    standing_said,
)
from canut.membership.access import (
    AdmissionRequestNotFound,
    LotNotFound,
    MemberInvitationNotFound,
    MemberInvitationNotUsable,
    NotAMember,
    NotAnActiveMember,
    SeatNotFound,
    require_member,
)
from canut.membership.queries import standing_of
from canut.membership.queries_lots import candidates_of, lot_seen, lots_page, seats_of_person
from canut.membership.queries_people import invitations_made, members_page, own_request, requests_page
from canut.membership.states import RequestState
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.admit import AlreadyAdmitted
from canut.membership.usecases.answer_seat import SeatAnswered, answer_seat
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.check_identity import OwnIdentity, check_who_asks
from canut.membership.usecases.choose_college import CollegeChosenLately, NoCollegeToChoose, choose_college
from canut.membership.usecases.end_membership import leave_membership
from canut.membership.usecases.invite_member import (
    TooManyMemberInvitations,
    invite_member,
    withdraw_member_invitation,
)
from canut.membership.usecases.vouch import RequestIsOver, VouchingForOneself, take_back_voucher, vouch
from canut.people.access import OperatorRoleMissing
from canut.people.models import Scope

doors = Doors("membership")

ACTIVE = (NotAMember, NotAnActiveMember)
NameWords = Annotated[
    Words | None, Query(max_length=30, description="Only members with this in their screen name.")
]


@doors.get("/membership", scope=Scope.DECIDE, answers=MemberStanding)
def get_membership(request: Asked) -> MemberStanding:
    """The caller's standing as a member, and why: admitted, active, and of which college."""
    return standing_said(standing_of(request.auth.by, request.auth.at))


@doors.delete("/membership", scope=Scope.DECIDE, answers=None, status=204, refuses=(NotAMember,))
def leave_the_membership(request: Asked) -> None:
    """Be a member no more. Ballots that were cast stay cast."""
    leave_membership(by=request.auth.by, at=request.auth.at)


@doors.put(
    "/membership/college",
    scope=Scope.DECIDE,
    answers=MemberStanding,
    refuses=(NotAMember, NoCollegeToChoose, CollegeChosenLately),
)
def choose_a_college(request: Asked, body: CollegeIn) -> MemberStanding:
    """Choose between workers and requesters, where the caller could belong to both."""
    by, at = request.auth.by, request.auth.at
    return standing_said(choose_college(by=by, college=body.college, at=at))


@doors.put(
    "/membership/request",
    scope=Scope.DECIDE,
    answers=OwnAdmissionRequest,
    refuses=(AlreadyAdmitted,),
)
def ask_to_be_admitted(request: Asked, body: AdmissionIn) -> OwnAdmissionRequest:
    """Ask to be admitted, or change what members read of the caller who asks."""
    by, at = request.auth.by, request.auth.at
    ask_admission(by=by, words=body.words, at=at)
    asked = own_request(by, at)
    assert asked is not None, "whoever has just asked has a request that is open"
    return own_request_said(asked)


@doors.delete(
    "/membership/request",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(AdmissionRequestNotFound,),
)
def withdraw_own_request(request: Asked) -> None:
    """Take the caller's request to be admitted back; nothing of what was written is kept."""
    withdraw_request(by=request.auth.by, at=request.auth.at)


@doors.get("/members", scope=Scope.DECIDE, answers=Page[Member], refuses=(NotAMember,))
def list_members(
    request: Asked, words: NameWords = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Member]:
    """All members, the longest admitted first; for members."""
    page = members_page(
        by=request.auth.by,
        words=words or "",
        after_id=after(cursor, "members"),
        most=limit,
        at=request.auth.at,
    )
    return Page[Member](
        items=[member_said(one) for one in page.members],
        next_cursor=None if page.next_cursor is None else cursor_to("members", page.next_cursor),
    )


@doors.get("/admission-requests", scope=Scope.DECIDE, answers=Page[AdmissionRequest], refuses=(NotAMember,))
def list_admission_requests(
    request: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Page[AdmissionRequest]:
    """Who asks to be admitted, the longest waiting first; for members and those who run the site."""
    past = after(cursor, "admission-requests")
    page = requests_page(by=request.auth.by, after_id=past, most=limit, at=request.auth.at)
    return Page[AdmissionRequest](
        items=[request_said(one) for one in page.requests],
        next_cursor=None if page.next_cursor is None else cursor_to("admission-requests", page.next_cursor),
    )


@doors.put(
    "/admission-requests/{request_id}/voucher",
    scope=Scope.DECIDE,
    answers=Vouched,
    refuses=(*ACTIVE, AdmissionRequestNotFound, VouchingForOneself, RequestIsOver),
)
def vouch_for_somebody(request: Asked, request_id: Id) -> Vouched:
    """Vouch for somebody who asks, whom the caller knows to be one real person."""
    asked = vouch(request_id=request_id, by=request.auth.by, at=request.auth.at)
    return Vouched(request_id=asked.pk, state=RequestState(asked.state))


@doors.delete(
    "/admission-requests/{request_id}/voucher",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(AdmissionRequestNotFound, RequestIsOver),
)
def take_voucher_back(request: Asked, request_id: Id) -> None:
    """Take a voucher back, while the person is not admitted."""
    take_back_voucher(request_id=request_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/admission-requests/{request_id}/identity-check",
    scope=Scope.DECIDE,
    answers=Vouched,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, AdmissionRequestNotFound, OwnIdentity),
)
def check_an_identity(request: Asked, request_id: Id, body: IdentityIn) -> Vouched:
    """Say, as an operator, that somebody who asks is who they are, and admit them. No document is kept."""
    asked = check_who_asks(
        request_id=request_id,
        by=request.auth.by,
        checked_by=body.checked_by,
        note=body.note,
        at=request.auth.at,
    )
    return Vouched(request_id=asked.pk, state=RequestState(asked.state))


@doors.get("/member-invitations", scope=Scope.DECIDE, answers=Page[MemberInvitation], refuses=(NotAMember,))
def list_member_invitations(
    request: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Page[MemberInvitation]:
    """The invitations that the caller made, the newest first."""
    by, listing = request.auth.by, "member-invitations"
    require_member(by, request.auth.at)
    rows = invitations_made(by, before_id=after(cursor, listing), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing=listing, row_id=lambda one: one.id)
    return Page[MemberInvitation](
        items=[invitation_said(one, site=settings.SITE_URL) for one in shown], next_cursor=following
    )


@doors.post(
    "/member-invitations",
    scope=Scope.DECIDE,
    answers=InvitationSent,
    status=201,
    refuses=(*ACTIVE, TooManyMemberInvitations),
)
def invite_a_member(request: Asked, body: MemberInvitationIn) -> InvitationSent:
    """Invite somebody by e-mail to become a member. The answer does not repeat the address."""
    made = invite_member(by=request.auth.by, email=body.email, at=request.auth.at)
    return InvitationSent(id=made.pk, invited_at=made.invited_at, lapses_at=made.lapses_at)


@doors.delete(
    "/member-invitations/{invitation_id}",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(MemberInvitationNotFound,),
)
def withdraw_a_member_invitation(request: Asked, invitation_id: Id) -> None:
    """Take an invitation back that waits for an answer; its address is forgotten."""
    withdraw_member_invitation(invitation_id=invitation_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/member-invitations/accept",
    scope=Scope.DECIDE,
    answers=MemberStanding,
    refuses=(MemberInvitationNotUsable, AlreadyAdmitted),
)
def accept_member_invitation(request: Asked, body: TokenIn) -> MemberStanding:
    """Become a member by the token in an invitation's link."""
    by, at = request.auth.by, request.auth.at
    accept_invitation(token=body.token, by=by, at=at)
    return standing_said(standing_of(by, at))


@doors.get("/lots", scope=None, answers=Page[LotInList])
def list_lots(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[LotInList]:
    """Drawings by lot, the newest first, the one that is prepared included. Needs no key."""
    rows = lots_page(before_number=after(cursor, "lots"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="lots", row_id=lambda one: one.number)
    return Page[LotInList](items=[lot_card_said(one) for one in shown], next_cursor=following)


@doors.get("/lots/{number}", scope=None, answers=Lot, refuses=(LotNotFound,))
def get_lot(request: HttpRequest, number: Id) -> Lot:
    """One lot: what was committed to, who was asked, and the seed once it is closed. Needs no key."""
    return lot_said(lot_seen(number))


@doors.get("/lots/{number}/candidates", scope=None, answers=Page[LotCandidate], refuses=(LotNotFound,))
def list_candidates(
    request: HttpRequest, number: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[LotCandidate]:
    """Who may be drawn in a lot, in order of their codes, for anybody to recompute. Needs no key."""
    listing = "candidates"
    rows = list(candidates_of(number, after_code=text_after(cursor, listing), most=limit + 1))
    following = cursor_to(listing, rows[limit - 1].code) if len(rows) > limit else None
    return Page[LotCandidate](items=[candidate_said(one) for one in rows[:limit]], next_cursor=following)


@doors.get("/seats", scope=Scope.DECIDE, answers=Page[OwnSeat])
def list_own_seats(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[OwnSeat]:
    """The seats that were offered to the caller, the newest first."""
    by, at, listing = request.auth.by, request.auth.at, "seats"
    rows = seats_of_person(by, at=at, before_number=after(cursor, listing), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing=listing, row_id=lambda one: one.number)
    return Page[OwnSeat](items=[seat_said(one) for one in shown], next_cursor=following)


@doors.put(
    "/lots/{number}/seat",
    scope=Scope.DECIDE,
    answers=OwnSeat,
    refuses=(LotNotFound, SeatNotFound, SeatAnswered),
)
def answer_a_seat(request: Asked, number: Id, body: SeatAnswer) -> OwnSeat:
    """Accept the seat that was offered to the caller in a lot, or decline it."""
    by, at = request.auth.by, request.auth.at
    answer_seat(number=number, by=by, accept=body.accept, at=at)
    (seat,) = seats_of_person(by, at=at, before_number=number + 1, most=1)
    return seat_said(seat)
