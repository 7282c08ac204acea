"""Membership as programs read it: one's standing and why, members, ways in, and drawing by lot."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent
from canut.membership.models import LONGEST_NOTE
from canut.membership.queries import MemberStanding as StandingSeen
from canut.membership.queries_lots import CandidateSeen, LotCard, LotSeen, SeatOffered
from canut.membership.queries_people import InvitationMade, MemberSeen, OwnRequest, RequestSeen
from canut.membership.states import (
    College,
    LotState,
    MemberInvitationState,
    RequestState,
    SeatState,
    Way,
)


class MemberStanding(Said):
    """Where the caller stands as a member, and why.

    Days count in the window of colleges; `active_days_in_window` in the window of activity. `could_be` holds
    every college the caller could belong to; while there are two, one may be chosen from `may_choose_at` on.
    """

    is_admitted: bool
    way: Way | None
    admitted_at: Moment | None
    college: College | None
    is_active: bool
    may_vote: bool = Field(description="In votes that open while this holds.")
    worked_days: int
    requested_days: int
    active_days: int
    active_days_in_window: int
    least_days: int
    window_days: int
    could_be: Sequence[College]
    chosen: College | None
    may_choose_at: Moment | None
    why: Sequence[str] = Field(description="The same in sentences, in the language asked for.")


class CollegeIn(Sent):
    """The college that the caller wants to belong to."""

    college: Literal["workers", "requesters"]


class AdmissionIn(Sent):
    """What members read of somebody who asks to be admitted."""

    words: str = Field(default="", max_length=500)


class OwnAdmissionRequest(Said):
    """The caller's own request to be admitted."""

    id: int
    words: str
    asked_at: Moment
    vouchers: int
    vouchers_needed: int


class IdentityIn(Sent):
    """How an operator made sure who somebody is; the note is for operators, and names no document."""

    checked_by: Literal["in_person", "by_video", "document_shown", "known"]
    note: str = Field(default="", max_length=LONGEST_NOTE)


class AdmissionRequest(Said):
    """Somebody who asks to be admitted."""

    id: int
    screen_name: str
    simulated: bool
    words: str
    asked_at: Moment
    vouchers: int
    vouched_by_me: bool


class Vouched(Said):
    """What became of a request after a voucher: it admits when there are enough."""

    request_id: int
    state: RequestState


class Member(Said):
    """A member; `college` is null for those who are not active now."""

    id: int
    screen_name: str
    simulated: bool
    college: College | None
    admitted_at: Moment


class MemberInvitation(Said):
    """An invitation that the caller made; `email` and `link` are null once it has ended."""

    id: int
    email: str | None
    state: MemberInvitationState
    invited_at: Moment
    lapses_at: Moment
    link: str | None = Field(description="The page on which it is accepted, for the one who is invited.")


class InvitationSent(Said):
    """An invitation that is on its way. The address is in the list of invitations alone."""

    id: int
    invited_at: Moment
    lapses_at: Moment


class MemberInvitationIn(Sent):
    """Whom to invite."""

    email: str = Field(max_length=254)


class TokenIn(Sent):
    """What stands in an invitation's link."""

    token: str = Field(max_length=200)


class LotInList(Said):
    """A drawing by lot; the newest is prepared before anybody knows what it will be about."""

    number: int
    state: LotState
    commitment: str = Field(description="SHA-256 of the seed's 32 bytes, in hex.")
    college: College | None = Field(description="Null where all active members may be drawn.")
    seats: int | None
    candidates: int | None
    prepared_on: date = Field(description="Of its steps the days are told, in the site's zone.")
    committed_on: date | None


class LotCandidate(Said):
    """One who may be drawn, under a code; `place` of those who were asked, and of all at the end."""

    code: str
    served_lately: bool
    place: int | None
    state: SeatState | None = Field(description="Null for those to whom no seat was offered.")


class Lot(Said):
    """All of a lot that anybody may see; the seed once it is closed."""

    number: int
    state: LotState
    commitment: str
    seed: str | None
    address: str | None = Field(description="The page of the site that it is about.")
    college: College | None
    seats: int | None
    candidates: int | None
    candidates_hash: str | None = Field(description="SHA-256 of the list's lines, in order of the codes.")
    excluded: int | None = Field(description="Active members who may not sit.")
    prepared_on: date = Field(description="Of its steps the days are told, in the site's zone.")
    committed_on: date | None
    drawn_on: date | None
    closed_on: date | None
    asked: Sequence[LotCandidate]


class OwnSeat(Said):
    """A seat that was offered to the caller."""

    lot: int
    address: str | None
    college: College | None
    state: SeatState
    answer_by: Moment
    is_open: bool = Field(description="It can be accepted or declined now.")


class SeatAnswer(Sent):
    """Whether the caller accepts a seat."""

    accept: bool


def standing_said(seen: StandingSeen) -> MemberStanding:
    return MemberStanding(
        is_admitted=seen.is_admitted,
        way=seen.way,
        admitted_at=seen.admitted_at,
        college=seen.college,
        is_active=seen.is_active,
        may_vote=seen.may_vote,
        worked_days=seen.worked_days,
        requested_days=seen.requested_days,
        active_days=seen.active_days,
        active_days_in_window=seen.active_days_in_window,
        least_days=seen.rule.least_days,
        window_days=seen.rule.window_days,
        could_be=seen.could_be,
        chosen=seen.chosen,
        may_choose_at=seen.may_choose_at,
        why=seen.why,
    )


def own_request_said(seen: OwnRequest) -> OwnAdmissionRequest:
    return OwnAdmissionRequest.model_validate(seen)


def request_said(seen: RequestSeen) -> AdmissionRequest:
    return AdmissionRequest.model_validate(seen)


def member_said(seen: MemberSeen) -> Member:
    return Member.model_validate(seen)


def invitation_said(seen: InvitationMade, *, site: str) -> MemberInvitation:
    """Return an invitation as it goes out to the member who made it."""
    return MemberInvitation(
        id=seen.id,
        email=seen.email or None,
        state=seen.state,
        invited_at=seen.invited_at,
        lapses_at=seen.lapses_at,
        link=f"{site}{seen.link}" if seen.link else None,
    )


def lot_card_said(seen: LotCard) -> LotInList:
    return LotInList.model_validate(seen)


def candidate_said(seen: CandidateSeen) -> LotCandidate:
    return LotCandidate.model_validate(seen)


def lot_said(seen: LotSeen) -> Lot:
    """Return a lot as it goes out: the same to everybody."""
    return Lot(
        number=seen.number,
        state=seen.state,
        commitment=seen.commitment,
        seed=seen.seed,
        address=seen.address or None,
        college=seen.college,
        seats=seen.seats,
        candidates=seen.candidates_count,
        candidates_hash=seen.candidates_hash or None,
        excluded=seen.excluded_count,
        prepared_on=seen.prepared_on,
        committed_on=seen.committed_on,
        drawn_on=seen.drawn_on,
        closed_on=seen.closed_on,
        asked=[candidate_said(one) for one in seen.asked],
    )


def seat_said(seen: SeatOffered) -> OwnSeat:
    return OwnSeat(
        lot=seen.number,
        address=seen.address or None,
        college=seen.college,
        state=seen.state,
        answer_by=seen.answer_by,
        is_open=seen.is_open,
    )
