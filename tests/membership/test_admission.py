"""How people become members, and stop being so."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_person, a_worker
from tests.membership.members import a_member_of, admitted, members_of
from tests.told import told_by_jobs

from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.membership.access import (
    AdmissionRequestNotFound,
    MemberInvitationNotFound,
    MemberInvitationNotUsable,
    NotAMember,
    NotAnActiveMember,
)
from canut.membership.invitation_token import invitation_token
from canut.membership.models import AdmissionRequest, MemberInvitation, Membership, Voucher
from canut.membership.queries import is_admitted, standing_of
from canut.membership.queries_own_data import data_of
from canut.membership.states import MemberInvitationState, RequestState, Way
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.admit import AlreadyAdmitted
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.check_identity import AdmissionNotAsked, OwnIdentity, check_identity
from canut.membership.usecases.end_membership import leave_membership
from canut.membership.usecases.invite_member import (
    TooManyMemberInvitations,
    invite_member,
    lapse_invitations,
    withdraw_member_invitation,
)
from canut.membership.usecases.refuse_admission import contest_refusal, refuse_admission
from canut.membership.usecases.vouch import RequestIsOver, VouchingForOneself, take_back_voucher, vouch
from canut.people.access import NotActivated, OperatorRoleMissing
from canut.reputation.models import Standing

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def stands_as_member(person):
    return Standing.objects.filter(party_id=person.pk, scale="membership", scale_id=0, value=1).exists()


def test_two_members_who_vouch_admit(worker, stranger):
    # Given two active members, one who is not active, and somebody who asks
    first, second = members_of("workers", 2)
    idle = a_member_of("workers", active=False)
    request = ask_admission(by=worker, words="  I transcribe\nradio. ", at=NOON)
    assert ask_admission(by=worker, words="I transcribe radio.", at=LATER).pk == request.pk
    # When the first vouches twice, then nothing more happens
    for _click in range(2):
        assert vouch(request_id=request.pk, by=first, at=NOON).state == RequestState.OPEN
    assert not is_admitted(worker.pk, at=LATER)
    # and nobody else's word counts
    with pytest.raises(NotAMember):
        vouch(request_id=request.pk, by=stranger, at=NOON)
    with pytest.raises(NotAnActiveMember):
        vouch(request_id=request.pk, by=idle, at=NOON)
    # When the second does, they are in, and so is the standing that rooms below ask for
    assert vouch(request_id=request.pk, by=second, at=LATER).state == RequestState.ADMITTED
    assert [one.path for one in told_by_jobs(person=worker)] == ["/membership/"]
    membership = Membership.objects.get(person=worker)
    assert (membership.way, membership.by_id, membership.admitted_at) == (Way.VOUCHERS, None, LATER)
    assert stands_as_member(worker)
    assert AdmissionRequest.objects.get().words == ""
    assert vouch(request_id=request.pk, by=second, at=LATER).state == RequestState.ADMITTED
    with pytest.raises(RequestIsOver):
        take_back_voucher(request_id=request.pk, by=second, at=LATER)
    with pytest.raises(AlreadyAdmitted):
        ask_admission(by=worker, at=LATER)


def test_a_voucher_counts_only_while_its_giver_is_a_member_and_lets_it_stand(worker):
    first, second, third = members_of("workers", 3)
    request = ask_admission(by=worker, at=NOON)
    vouch(request_id=request.pk, by=first, at=NOON)
    take_back_voucher(request_id=request.pk, by=first, at=NOON)
    take_back_voucher(request_id=request.pk, by=first, at=NOON)
    vouch(request_id=request.pk, by=second, at=NOON)
    leave_membership(by=second, at=LATER)
    assert vouch(request_id=request.pk, by=third, at=LATER).state == RequestState.OPEN
    assert vouch(request_id=request.pk, by=first, at=LATER).state == RequestState.ADMITTED


def test_nobody_vouches_for_themselves_or_for_whom_does_not_ask(worker):
    member = a_member_of("workers")
    leave_membership(by=member, at=NOON)
    own = ask_admission(by=member, at=NOON)
    admitted(member)
    with pytest.raises(VouchingForOneself):
        vouch(request_id=own.pk, by=member, at=NOON)
    with pytest.raises(AdmissionRequestNotFound):
        vouch(request_id=10**18, by=member, at=NOON)
    request = ask_admission(by=worker, at=NOON)
    for _click in range(2):
        withdraw_request(by=worker, at=LATER)
    with pytest.raises(RequestIsOver):
        vouch(request_id=request.pk, by=member, at=LATER)
    with pytest.raises(AdmissionRequestNotFound):
        withdraw_request(by=a_worker(), at=LATER)
    assert not Voucher.objects.exists()


def test_each_operator_hears_once_that_somebody_asks(worker, operator):
    ask_admission(by=worker, at=NOON)
    heard = told_by_jobs(kind="running")
    assert [(one.person, one.subject) for one in heard] == [(operator, "Somebody asks to be admitted")]


def test_an_operator_who_has_checked_somebody_admits_them(worker, operator, stranger):
    given = {"checked_by": "by_video", "note": "Spoke for ten minutes.", "at": NOON}
    with pytest.raises(AdmissionNotAsked):
        check_identity(person_id=worker.pk, by=operator, **given)
    ask_admission(by=worker, at=NOON)
    with pytest.raises(OperatorRoleMissing):
        check_identity(person_id=worker.pk, by=stranger, **given)
    with pytest.raises(BadInput) as wrong:
        check_identity(person_id=worker.pk, by=operator, checked_by="felt it", note="x" * 201, at=NOON)
    assert set(wrong.value.facts["errors"]) == {"checked_by", "note"}
    made = check_identity(person_id=worker.pk, by=operator, **given)
    assert (made.way, made.by_id, made.checked_by) == (Way.IDENTITY_CHECK, operator.pk, "by_video")
    assert check_identity(person_id=worker.pk, by=operator, **given).pk == made.pk
    # The operator is admitted by another, or by whoever holds the machine
    ask_admission(by=operator, at=NOON)
    with pytest.raises(OwnIdentity):
        check_identity(person_id=operator.pk, by=operator, **given)
    assert check_identity(person_id=operator.pk, by=None, **given).by_id is None
    assert standing_of(operator, NOON).may_vote


def test_an_invitation_admits_one_person_once(worker, stranger):
    member = a_member_of("requesters")
    invitation = invite_member(by=member, email=" Ada@Example.org", at=NOON)
    assert invite_member(by=member, email="ada@example.org", at=NOON).pk == invitation.pk
    token = invitation_token(invitation.pk)
    with pytest.raises(MemberInvitationNotUsable):
        accept_invitation(token=token, by=member, at=NOON)
    for wrong in ("", token + "x", "1", "\0", f"{10**30}:x"):
        with pytest.raises(MemberInvitationNotUsable):
            accept_invitation(token=wrong, by=worker, at=NOON)
    made = accept_invitation(token=token, by=worker, at=LATER)
    assert (made.way, made.by_id) == (Way.INVITATION, member.pk)
    assert accept_invitation(token=token, by=worker, at=LATER).pk == made.pk
    with pytest.raises(MemberInvitationNotUsable):
        accept_invitation(token=token, by=stranger, at=LATER)
    # and the address is kept nowhere
    assert MemberInvitation.objects.get().email == ""
    assert "ada" not in str([*Event.objects.values_list("data", flat=True)])


def test_invitations_are_limited_and_end_in_time(worker):
    member = a_member_of("workers")
    made = [invite_member(by=member, email=f"friend{n}@example.org", at=NOON) for n in range(3)]
    with pytest.raises(TooManyMemberInvitations):
        invite_member(by=member, email="friend9@example.org", at=LATER)
    withdraw_member_invitation(invitation_id=made[0].pk, by=member, at=NOON)
    with pytest.raises(MemberInvitationNotFound):
        withdraw_member_invitation(invitation_id=made[0].pk, by=member, at=NOON)
    with pytest.raises(MemberInvitationNotFound):
        withdraw_member_invitation(invitation_id=made[1].pk, by=worker, at=NOON)
    with pytest.raises(BadInput):
        invite_member(by=member, email="nobody", at=NOON)
    with pytest.raises(NotAMember):
        invite_member(by=worker, email="friend@example.org", at=NOON)
    with pytest.raises(MemberInvitationNotUsable, match="taken back"):
        accept_invitation(token=invitation_token(made[0].pk), by=worker, at=NOON)
    month = NOON + timedelta(days=30)
    with pytest.raises(MemberInvitationNotUsable, match="too old"):
        accept_invitation(token=invitation_token(made[1].pk), by=worker, at=month)
    assert lapse_invitations(at=month) == 2
    assert set(MemberInvitation.objects.values_list("state", flat=True)) == {
        MemberInvitationState.WITHDRAWN,
        MemberInvitationState.LAPSED,
    }


def test_who_leaves_is_no_member_and_their_invitations_are_taken_back(worker):
    member = a_member_of("workers")
    invitation = invite_member(by=member, email="friend@example.org", at=NOON)
    for _click in range(2):
        left = leave_membership(by=member, at=LATER)
    assert (left.ended_at, left.ended_as) == (LATER, "left")
    assert is_admitted(member.pk, at=NOON)
    assert not is_admitted(member.pk, at=LATER)
    assert not stands_as_member(member)
    with pytest.raises(MemberInvitationNotUsable):
        accept_invitation(token=invitation_token(invitation.pk), by=worker, at=LATER)
    with pytest.raises(NotAMember):
        leave_membership(by=worker, at=NOON)
    # They come back as anybody does, with a ticket of its own
    ask_admission(by=member, at=LATER)
    again = check_identity(person_id=member.pk, by=None, checked_by="known", at=LATER)
    assert again.pk != left.pk
    assert again.ticket != left.ticket


def test_whose_address_is_not_shown_to_be_theirs_does_not_ask():
    person = a_person()
    person.activated_at = None
    person.save(update_fields=["activated_at"])
    with pytest.raises(NotActivated):
        ask_admission(by=person, at=NOON)
    with pytest.raises(BadInput):
        ask_admission(by=a_person(), words="x" * 501, at=NOON)


def test_what_somebody_said_against_a_refusal_is_in_their_own_file_alone(worker, operator):
    request = ask_admission(by=worker, words="Me.", at=NOON)
    refusal = refuse_admission(
        request_id=request.pk, by=operator, ground="identity", reason="Nobody knows them.", at=NOON
    )
    contest_refusal(refusal_id=refusal.pk, by=worker, words="My aunt does.", at=NOON)
    theirs, operators = (
        {name: list(rows) for name, rows in data_of(one.pk).items()} for one in (worker, operator)
    )
    (refused,), (given,) = theirs["requests_refused"], operators["refusals_given"]
    assert (refused["words"], given["reason"]) == ("My aunt does.", "Nobody knows them.")
    assert "My aunt does." not in str(operators)
