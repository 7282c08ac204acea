"""Situations of membership and of drawing by lot."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.membership.members import a_member_of, active_on, admitted, members_of

from canut.membership.invitation_token import invitation_token
from canut.membership.models import ActivityDay, AdmissionRequest, Lot, MemberInvitation
from canut.membership.states import College
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.choose_college import choose_college
from canut.membership.usecases.close_lot import close_lot
from canut.membership.usecases.commit_lot import commit_lot
from canut.membership.usecases.draw_lot import draw_lot
from canut.membership.usecases.invite_member import invite_member, withdraw_member_invitation
from canut.membership.usecases.vouch import vouch

OWN = {
    "leave_the_membership": lambda cast: Call(cast.worker, "DELETE", "/membership"),
    "choose_a_college": lambda cast: cast.put(cast.worker, "/membership/college", {"college": "requesters"}),
    "list_members": lambda cast: cast.get(cast.worker, "/members?words=work"),
    "list_admission_requests": lambda cast: cast.get(cast.worker, "/admission-requests"),
    "list_member_invitations": lambda cast: cast.get(cast.worker, "/member-invitations"),
    "invite_a_member": lambda cast: cast.post(
        cast.worker, "/member-invitations", {"email": "ada@example.org"}
    ),
}
"""What members alone do: for somebody who is none, the answer is no."""


def member(cast: Cast, *, days: int = 5, both: bool = False) -> None:
    """The worker is a member, active on so many days; on each they requested too if `both`."""
    admitted(cast.worker, at=cast.at)
    active_on(cast.worker, days, at=cast.at)
    if both:
        ActivityDay.objects.filter(person=cast.worker).update(requested=True)


def asked(cast: Cast) -> AdmissionRequest:
    """The peer asks to be admitted, and the worker is a member."""
    member(cast)
    return ask_admission(by=cast.peer, words="I transcribe radio.", at=cast.at)


def invited(cast: Cast) -> MemberInvitation:
    member(cast)
    return invite_member(by=cast.worker, email="ada@example.org", at=cast.at)


def lot(cast: Cast, *, closed: bool = False) -> Lot:
    """A lot of two seats in which the worker was drawn, for there is nobody else; and one prepared."""
    member(cast)
    made = commit_lot(
        subject_kind="jury", subject_id=1, address="/decide/", college=College.WORKERS, seats=2, at=cast.at
    )
    draw_lot(number=made.pk, at=cast.at)
    return close_lot(number=made.pk, at=cast.at) if closed else made


def vouching(cast: Cast, pk: int) -> Call:
    return Call(cast.worker, "PUT", f"/admission-requests/{pk}/voucher")


def taking_back(cast: Cast, pk: int) -> Call:
    return Call(cast.worker, "DELETE", f"/admission-requests/{pk}/voucher")


def accepting(cast: Cast, token: str) -> Call:
    return cast.post(cast.peer, "/member-invitations/accept", {"token": token})


def answering(cast: Cast, pk: int) -> Call:
    return cast.put(cast.worker, f"/lots/{pk}/seat", {"accept": True})


def withdrawing(cast: Cast, pk: int) -> Call:
    return Call(cast.worker, "DELETE", f"/member-invitations/{pk}")


for _name, _call in OWN.items():
    says(_name, "not_a_member")(lambda cast, call=_call: call(cast))  # type: ignore[misc]
several({"vouch_for_somebody": vouching}, "not_a_member", lambda _cast: 1)


@says("get_membership", "200")
def _(cast: Cast) -> Call:
    member(cast)
    return cast.get(cast.worker, "/membership")


@says("leave_the_membership", "204")
def _(cast: Cast) -> Call:
    member(cast)
    return OWN["leave_the_membership"](cast)


@says("choose_a_college", "200")
def _(cast: Cast) -> Call:
    member(cast, both=True)
    return OWN["choose_a_college"](cast)


@says("choose_a_college", "no_college_to_choose")
def _(cast: Cast) -> Call:
    member(cast)
    return OWN["choose_a_college"](cast)


@says("choose_a_college", "college_chosen_lately")
def _(cast: Cast) -> Call:
    member(cast, both=True)
    choose_college(by=cast.worker, college="workers", at=cast.at)
    return OWN["choose_a_college"](cast)


@says("choose_a_college", "bad_input")
def _(cast: Cast) -> Call:
    member(cast)
    return cast.put(cast.worker, "/membership/college", {"college": "team"})


@says("ask_to_be_admitted", "200")
def _(cast: Cast) -> Call:
    return cast.put(cast.worker, "/membership/request", {"words": "I transcribe radio."})


@says("ask_to_be_admitted", "already_admitted")
def _(cast: Cast) -> Call:
    member(cast)
    return cast.put(cast.worker, "/membership/request", {})


@says("ask_to_be_admitted", "bad_input")
def _(cast: Cast) -> Call:
    return cast.put(cast.worker, "/membership/request", {"words": "x" * 501})


@says("withdraw_own_request", "204")
def _(cast: Cast) -> Call:
    ask_admission(by=cast.worker, at=cast.at)
    return Call(cast.worker, "DELETE", "/membership/request")


@says("withdraw_own_request", "admission_request_not_found")
def _(cast: Cast) -> Call:
    return Call(cast.worker, "DELETE", "/membership/request")


@says("list_members", "200")
def _(cast: Cast) -> Call:
    member(cast)
    return OWN["list_members"](cast)


@says("list_admission_requests", "200")
def _(cast: Cast) -> Call:
    asked(cast)
    return OWN["list_admission_requests"](cast)


@says("vouch_for_somebody", "200")
def _(cast: Cast) -> Call:
    return vouching(cast, asked(cast).pk)


@says("vouch_for_somebody", "not_an_active_member")
def _(cast: Cast) -> Call:
    member(cast, days=1)
    return vouching(cast, 1)


@says("vouch_for_somebody", "admission_request_not_found")
def _(cast: Cast) -> Call:
    return vouching(cast, asked(cast).pk + 1)


@says("vouch_for_somebody", "vouching_for_oneself")
def _(cast: Cast) -> Call:
    own = ask_admission(by=cast.worker, at=cast.at)
    member(cast)
    return vouching(cast, own.pk)


@says("vouch_for_somebody", "admission_request_over")
def _(cast: Cast) -> Call:
    request = asked(cast)
    withdraw_request(by=cast.peer, at=cast.at)
    return vouching(cast, request.pk)


@says("take_voucher_back", "204")
def _(cast: Cast) -> Call:
    request = asked(cast)
    vouch(request_id=request.pk, by=cast.worker, at=cast.at)
    return taking_back(cast, request.pk)


@says("take_voucher_back", "admission_request_not_found")
def _(cast: Cast) -> Call:
    return taking_back(cast, asked(cast).pk + 1)


@says("take_voucher_back", "admission_request_over")
def _(cast: Cast) -> Call:
    request = asked(cast)
    for by in (cast.worker, a_member_of("workers", at=cast.at)):
        vouch(request_id=request.pk, by=by, at=cast.at)
    return taking_back(cast, request.pk)


@says("list_member_invitations", "200")
def _(cast: Cast) -> Call:
    invited(cast)
    return OWN["list_member_invitations"](cast)


@says("invite_a_member", "201")
def _(cast: Cast) -> Call:
    member(cast)
    return OWN["invite_a_member"](cast)


@says("invite_a_member", "not_an_active_member")
def _(cast: Cast) -> Call:
    member(cast, days=1)
    return OWN["invite_a_member"](cast)


@says("invite_a_member", "too_many_member_invitations")
def _(cast: Cast) -> Call:
    member(cast)
    for number in range(3):
        invite_member(by=cast.worker, email=f"friend{number}@example.org", at=cast.at)
    return OWN["invite_a_member"](cast)


@says("invite_a_member", "bad_input")
def _(cast: Cast) -> Call:
    member(cast)
    return cast.post(cast.worker, "/member-invitations", {"email": "nobody"})


@says("withdraw_a_member_invitation", "204")
def _(cast: Cast) -> Call:
    return withdrawing(cast, invited(cast).pk)


@says("withdraw_a_member_invitation", "member_invitation_not_found")
def _(cast: Cast) -> Call:
    return withdrawing(cast, invited(cast).pk + 1)


@says("accept_member_invitation", "200")
def _(cast: Cast) -> Call:
    return accepting(cast, invitation_token(invited(cast).pk))


@says("accept_member_invitation", "member_invitation_not_usable")
def _(cast: Cast) -> Call:
    gone = invited(cast)
    withdraw_member_invitation(invitation_id=gone.pk, by=cast.worker, at=cast.at)
    return accepting(cast, invitation_token(gone.pk))


@says("accept_member_invitation", "already_admitted")
def _(cast: Cast) -> Call:
    token = invitation_token(invited(cast).pk)
    admitted(cast.peer, at=cast.at)
    return accepting(cast, token)


@says("accept_member_invitation", "bad_input")
def _(cast: Cast) -> Call:
    return accepting(cast, "x" * 201)


@says("list_lots", "200")
def _(cast: Cast) -> Call:
    lot(cast)
    return cast.get(None, "/lots")


@says("get_lot", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, f"/lots/{lot(cast, closed=True).pk}")


@says("list_candidates", "200")
def _(cast: Cast) -> Call:
    members_of("workers", 2, at=cast.at)
    return cast.get(None, f"/lots/{lot(cast, closed=True).pk}/candidates")


several(
    {
        "get_lot": lambda cast, pk: cast.get(None, f"/lots/{pk}"),
        "list_candidates": lambda cast, pk: cast.get(None, f"/lots/{pk}/candidates"),
        "answer_a_seat": answering,
    },
    "lot_not_found",
    lambda cast: lot(cast).pk + 2,
)


@says("list_own_seats", "200")
def _(cast: Cast) -> Call:
    lot(cast)
    return cast.get(cast.worker, "/seats")


@says("answer_a_seat", "200")
def _(cast: Cast) -> Call:
    return answering(cast, lot(cast).pk)


@says("answer_a_seat", "seat_not_found")
def _(cast: Cast) -> Call:
    return answering(cast, lot(cast).pk).but(by=cast.peer)


@says("answer_a_seat", "seat_answered")
def _(cast: Cast) -> Call:
    return answering(cast, lot(cast, closed=True).pk)


@says("answer_a_seat", "bad_input")
def _(cast: Cast) -> Call:
    return cast.put(cast.worker, f"/lots/{lot(cast).pk}/seat", {"accept": "yes"})


def checking(cast: Cast, pk: int, **change: object) -> Call:
    body = {"checked_by": "in_person"} | change
    return cast.post(cast.operator, f"/admission-requests/{pk}/identity-check", body)


@says("check_an_identity", "200")
def _(cast: Cast) -> Call:
    return checking(cast, asked(cast).pk)


@says("check_an_identity", "bad_input")
def _(cast: Cast) -> Call:
    return checking(cast, asked(cast).pk, checked_by="hearsay")


@says("check_an_identity", "operator_role_missing")
def _(cast: Cast) -> Call:
    return checking(cast, asked(cast).pk).but(by=cast.stranger)


@says("check_an_identity", "admission_request_not_found")
def _(cast: Cast) -> Call:
    request = asked(cast)
    withdraw_request(by=cast.peer, at=cast.at)
    return checking(cast, request.pk)


@says("check_an_identity", "own_identity")
def _(cast: Cast) -> Call:
    return checking(cast, ask_admission(by=cast.operator, at=cast.at).pk)
