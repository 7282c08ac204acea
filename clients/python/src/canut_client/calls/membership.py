"""Membership: one's standing, ways in and out, the members, invitations, and drawing by lot."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import (
    AdmissionRequest,
    InvitationSent,
    Lot,
    LotCandidate,
    LotInList,
    Member,
    MemberInvitation,
    MemberStanding,
    OwnAdmissionRequest,
    OwnSeat,
    Vouched,
)
from canut_client.reading import read


class MembershipCalls(Calls):
    def membership(self) -> MemberStanding:
        """Return where one stands: admitted, active, of which college, and why."""
        return read(MemberStanding, self._transport.get("/membership"))

    def leave_membership(self) -> None:
        """Be a member no more. Refused as `not_a_member` to whoever never was one."""
        self._transport.delete("/membership")

    def choose_college(self, college: str) -> MemberStanding:
        """Belong to "workers" or "requesters", where one could belong to both.

        Refused as `not_a_member`, `no_college_to_choose` and `college_chosen_lately`.
        """
        return read(MemberStanding, self._transport.put("/membership/college", {"college": college}))

    def ask_admission(self, words: str = "") -> OwnAdmissionRequest:
        """Ask to be admitted, or change what members read. Refused as `already_admitted`."""
        return read(OwnAdmissionRequest, self._transport.put("/membership/request", {"words": words}))

    def withdraw_admission_request(self) -> None:
        """Take one's request back. Refused as `admission_request_not_found`."""
        self._transport.delete("/membership/request")

    def members(self, words: str | None = None) -> Iterator[Member]:
        """Give all members, the longest admitted first. Refused as `not_a_member`."""
        return self._all(Member, "/members", words=words, limit=200)

    def admission_requests(self) -> Iterator[AdmissionRequest]:
        """Give those who ask to be admitted, the longest waiting first. Refused as `not_a_member`."""
        return self._all(AdmissionRequest, "/admission-requests", limit=200)

    def vouch(self, request_id: int) -> Vouched:
        """Vouch for somebody whom one knows to be one real person.

        Refused as `not_a_member`, `not_an_active_member`, `admission_request_not_found`,
        `vouching_for_oneself` and `admission_request_over`.
        """
        return read(Vouched, self._transport.put(f"/admission-requests/{request_id}/voucher", None))

    def take_back_voucher(self, request_id: int) -> None:
        """Take a voucher back. Refused as `admission_request_not_found` and `admission_request_over`."""
        self._transport.delete(f"/admission-requests/{request_id}/voucher")

    def check_identity(self, request_id: int, checked_by: str, note: str = "") -> Vouched:
        """Admit somebody who asks, as an operator who has checked who it is.

        `checked_by` is "in_person", "by_video", "document_shown" or "known". Refused as
        `operator_role_missing`, `admission_request_not_found` and `own_identity`.
        """
        body = {"checked_by": checked_by, "note": note}
        return read(Vouched, self._transport.post(f"/admission-requests/{request_id}/identity-check", body))

    def member_invitations(self) -> Iterator[MemberInvitation]:
        """Give the invitations that one made, the newest first. Refused as `not_a_member`."""
        return self._all(MemberInvitation, "/member-invitations", limit=200)

    def invite_member(self, email: str) -> InvitationSent:
        """Invite somebody by e-mail.

        Refused as `not_a_member`, `not_an_active_member` and `too_many_member_invitations`.
        """
        return read(InvitationSent, self._transport.post("/member-invitations", {"email": email}))

    def withdraw_member_invitation(self, invitation_id: int) -> None:
        """Take an invitation back. Refused as `member_invitation_not_found`."""
        self._transport.delete(f"/member-invitations/{invitation_id}")

    def accept_member_invitation(self, token: str) -> MemberStanding:
        """Become a member by what stands in an invitation's link.

        Refused as `member_invitation_not_usable` and `already_admitted`.
        """
        return read(MemberStanding, self._transport.post("/member-invitations/accept", {"token": token}))

    def lots(self) -> Iterator[LotInList]:
        """Give the drawings by lot, the newest first; needs no key."""
        return self._all(LotInList, "/lots", limit=200)

    def lot(self, number: int) -> Lot:
        """Return a lot; needs no key. Refused as `lot_not_found`."""
        return read(Lot, self._transport.get(f"/lots/{number}"))

    def candidates(self, number: int) -> Iterator[LotCandidate]:
        """Give those who may be drawn in a lot, by their codes; needs no key. Refused as `lot_not_found`."""
        return self._all(LotCandidate, f"/lots/{number}/candidates", limit=200)

    def seats(self) -> Iterator[OwnSeat]:
        """Give the seats that were offered to one, the newest first."""
        return self._all(OwnSeat, "/seats", limit=200)

    def answer_seat(self, number: int, *, accept: bool) -> OwnSeat:
        """Accept the seat offered in a lot, or decline it.

        Refused as `lot_not_found`, `seat_not_found` and `seat_answered`.
        """
        return read(OwnSeat, self._transport.put(f"/lots/{number}/seat", {"accept": accept}))
