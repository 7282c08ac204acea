"""Membership: one's standing, who is a member or asks to be, invitations, and drawing by lot."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """Where one stands as a member, and `why`, in sentences."""

    is_admitted: bool
    way: str | None
    admitted_at: datetime | None
    college: str | None
    is_active: bool
    may_vote: bool
    worked_days: int
    requested_days: int
    active_days: int
    active_days_in_window: int
    least_days: int
    window_days: int
    could_be: tuple[str, ...]
    chosen: str | None
    may_choose_at: datetime | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnAdmissionRequest:
    """One's own request to be admitted."""

    id: int
    words: str
    asked_at: datetime
    vouchers: int
    vouchers_needed: int


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """Somebody who asks to be admitted."""

    id: int
    screen_name: str
    simulated: bool
    words: str
    asked_at: datetime
    vouchers: int
    vouched_by_me: bool


@dataclass(frozen=True, slots=True)
class Vouched:
    """What became of a request after a voucher."""

    request_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `college` is None for those who are not active now."""

    id: int
    screen_name: str
    simulated: bool
    college: str | None
    admitted_at: datetime


@dataclass(frozen=True, slots=True)
class MemberInvitation:
    """An invitation that one made; `email` and `link` are None once it has ended."""

    id: int
    email: str | None
    state: str
    invited_at: datetime
    lapses_at: datetime
    link: str | None


@dataclass(frozen=True, slots=True)
class InvitationSent:
    """An invitation that is on its way."""

    id: int
    invited_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class LotInList:
    """A drawing by lot in the list; the newest is prepared before anybody knows what it will be about."""

    number: int
    state: str
    commitment: str
    college: str | None
    seats: int | None
    candidates: int | None
    prepared_on: date
    committed_on: date | None


@dataclass(frozen=True, slots=True)
class LotCandidate:
    """One who may be drawn, under a code."""

    code: str
    served_lately: bool
    place: int | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Lot:
    """All of a lot that anybody may see; `seed` once it is closed."""

    number: int
    state: str
    commitment: str
    seed: str | None
    address: str | None
    college: str | None
    seats: int | None
    candidates: int | None
    candidates_hash: str | None
    excluded: int | None
    prepared_on: date
    committed_on: date | None
    drawn_on: date | None
    closed_on: date | None
    asked: tuple[LotCandidate, ...]


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A seat that was offered to one; `is_open` while it can be answered."""

    lot: int
    address: str | None
    college: str | None
    state: str
    answer_by: datetime
    is_open: bool
