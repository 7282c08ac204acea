"""Lots as everybody sees them, as the rooms that asked for them do, and as those who were drawn do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from canut.membership.access import lot_known
from canut.membership.days import site_day
from canut.membership.models import Candidate, Lot, Membership
from canut.membership.states import College, LotState, SeatState
from canut.people.models import Person

LOTS_A_PAGE = 20
CODES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class LotCard:
    """A lot in the list: what is fixed of it by now, and on which days; the hour could tell who asked."""

    number: int
    state: LotState
    commitment: str
    address: str
    college: College | None
    seats: int | None
    candidates: int | None
    prepared_on: date
    committed_on: date | None


@dataclass(frozen=True, slots=True)
class CandidateSeen:
    """One who may be drawn, under their code; `place` of those who were asked, and of all at the end."""

    code: str
    served_lately: bool
    place: int | None
    state: SeatState | None


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What somebody is in a lot: their code, and the seat that was offered to them, if one was."""

    code: str
    state: SeatState | None
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class LotSeen:
    """All of a lot that anybody may see; `seed` once it is closed, `own` of the candidate who looks.

    Of its steps the days are told, in the site's zone: a jury is drawn within a minute after somebody has
    appealed, so that the hour could tell who did.
    """

    number: int
    state: LotState
    commitment: str
    seed: str | None
    address: str
    college: College | None
    seats: int | None
    candidates_count: int | None
    candidates_hash: str
    excluded_count: int | None
    prepared_on: date
    committed_on: date | None
    drawn_on: date | None
    closed_on: date | None
    asked: Sequence[CandidateSeen]
    own: OwnPart | None


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """A seat as the room sees it that asked for the lot."""

    person_id: int
    place: int
    state: SeatState
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatOffered:
    """A seat as the one sees it to whom it was offered."""

    number: int
    address: str
    college: College | None
    state: SeatState
    answer_by: datetime
    is_open: bool


def lots_page(*, before_number: int | None = None, most: int = LOTS_A_PAGE) -> Sequence[LotCard]:
    """Return lots, the newest first, the one that is prepared included."""
    rows = Lot.objects.order_by("-number")
    if before_number is not None:
        rows = rows.filter(number__lt=before_number)
    return [
        LotCard(
            number=lot.number,
            state=LotState(lot.state),
            commitment=lot.commitment,
            address=lot.address,
            college=_college(lot),
            seats=lot.seats,
            candidates=lot.candidates_count,
            prepared_on=site_day(lot.prepared_at),
            committed_on=_day(lot.committed_at),
        )
        for lot in rows[:most]
    ]


def lot_seen(number: int, *, by: Person | None = None) -> LotSeen:
    """Return one lot as anybody sees it, with those who were asked in the order of the draw.

    Raises:
        LotNotFound: there is none of this number.
    """
    lot = lot_known(number)
    asked = Candidate.objects.filter(lot=lot).exclude(state="").order_by("place")
    return LotSeen(
        number=lot.number,
        state=LotState(lot.state),
        commitment=lot.commitment,
        seed=lot.seed if lot.state == LotState.CLOSED else None,
        address=lot.address,
        college=_college(lot),
        seats=lot.seats,
        candidates_count=lot.candidates_count,
        candidates_hash=lot.candidates_hash,
        excluded_count=lot.excluded_count,
        prepared_on=site_day(lot.prepared_at),
        committed_on=_day(lot.committed_at),
        drawn_on=_day(lot.drawn_at),
        closed_on=_day(lot.closed_at),
        asked=[_seen(one, is_over=True) for one in asked],
        own=None if by is None else _own(lot, by),
    )


def candidates_of(
    number: int, *, after_code: str = "", most: int | None = CODES_A_PAGE
) -> Iterator[CandidateSeen]:
    """Return who may be drawn in a lot, in order of their codes; all after `after_code` if `most` is None.

    Raises:
        LotNotFound: there is none of this number.
    """
    lot = lot_known(number)
    rows = Candidate.objects.filter(lot=lot, code__gt=after_code.replace("\0", "")).order_by("code")
    is_over = lot.state == LotState.CLOSED
    found = rows.iterator(chunk_size=2_000) if most is None else iter(rows[:most])
    return (_seen(one, is_over=is_over) for one in found)


def seats_of_lot(number: int) -> Sequence[SeatTaken]:
    """Return every seat of a lot that was offered, in the order of the draw, for the room that asked."""
    rows = Candidate.objects.filter(lot_id=number).exclude(state="").order_by("place")
    return [
        SeatTaken(
            person_id=one.person_id,
            place=one.place,
            state=SeatState(one.state),
            offered_at=one.offered_at,
            answer_by=one.answer_by,
            answered_at=one.answered_at,
        )
        for one in rows
        if one.place is not None and one.offered_at is not None and one.answer_by is not None
    ]


def seats_of_person(
    by: Person, *, at: datetime, before_number: int | None = None, most: int = LOTS_A_PAGE
) -> Sequence[SeatOffered]:
    """Return the seats that were offered to `by`, newest first; those that wait for an answer `is_open`."""
    rows = Candidate.objects.filter(person=by).exclude(state="").select_related("lot").order_by("-lot_id")
    if before_number is not None:
        rows = rows.filter(lot_id__lt=before_number)
    return [
        SeatOffered(
            number=one.lot_id,
            address=one.lot.address,
            college=_college(one.lot),
            state=SeatState(one.state),
            answer_by=one.answer_by,
            is_open=one.state == SeatState.OFFERED and at < one.answer_by and one.lot.state == LotState.DRAWN,
        )
        for one in rows[:most]
        if one.answer_by is not None
    ]


def own_ticket(by: Person) -> str:
    """Return the ticket that stands for `by` in lots, for their eyes alone; empty if they are no member."""
    rows = Membership.objects.filter(person=by, ended_at__isnull=True)
    return rows.values_list("ticket", flat=True).first() or ""


def _own(lot: Lot, by: Person) -> OwnPart | None:
    row = Candidate.objects.filter(lot=lot, person=by).first()
    if row is None:
        return None
    return OwnPart(row.code, SeatState(row.state) if row.state else None, row.answer_by)


def _seen(row: Candidate, *, is_over: bool) -> CandidateSeen:
    asked = bool(row.state)
    return CandidateSeen(
        code=row.code,
        served_lately=row.served_lately,
        place=row.place if is_over or asked else None,
        state=SeatState(row.state) if asked else None,
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else site_day(at)


def _college(lot: Lot) -> College | None:
    return College(lot.college) if lot.college else None
