"""Seats in juries that hear appeals: reading one's own and giving one up; and the fund that pays them."""

from datetime import date
from typing import Annotated

from django.http import FileResponse, HttpRequest
from ninja import Query

from canut.api.doors.files import sent_as_it_is
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.appeal_seats import AppealSeat, JusticeFund, fund_said, seat_said
from canut.api.shapes.common import Page
from canut.justice.jury.access import JurySeatNotFound
from canut.justice.jury.queries import fund_seen, readable_seat_file, seat_seen, seats_of
from canut.justice.jury.usecases.decline_seat import SeatIsOver, decline_seat
from canut.justice.refusals import CaseFileNotFound
from canut.kernel import clock
from canut.membership.usecases.answer_seat import SeatAnswered
from canut.people.models import Scope

doors = Doors("appeal seats")

Before = Annotated[
    date | None, Query(description="Only months before the one of this day.", ge=date(2000, 1, 1))
]


@doors.get("/appeal-seats", scope=Scope.WORK, answers=Page[AppealSeat])
def list_appeal_seats(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[AppealSeat]:
    """The seats that the caller was drawn for, the newest first."""
    page = seats_of(request.auth.by, before_id=after(cursor, "appeal-seats"), most=limit)
    following = cursor_to("appeal-seats", page.next_cursor) if page.next_cursor else None
    return Page[AppealSeat](items=[seat_said(one) for one in page.seats], next_cursor=following)


@doors.get("/appeal-seats/{seat_id}", scope=Scope.WORK, answers=AppealSeat, refuses=(JurySeatNotFound,))
def get_appeal_seat(request: Asked, seat_id: Id) -> AppealSeat:
    """One seat of the caller's. Take its task to accept it; what is handed in there is the vote."""
    return seat_said(seat_seen(seat_id, by=request.auth.by))


@doors.post(
    "/appeal-seats/{seat_id}/decline",
    scope=Scope.WORK,
    answers=AppealSeat,
    refuses=(JurySeatNotFound, SeatIsOver, SeatAnswered),
    replays=Replays.NATURAL,
)
def decline_appeal_seat(request: Asked, seat_id: Id) -> AppealSeat:
    """Give a seat to the next in the order of the draw, without saying why."""
    decline_seat(seat_id=seat_id, by=request.auth.by, at=request.auth.at)
    return seat_said(seat_seen(seat_id, by=request.auth.by))


@doors.get(
    "/appeal-seats/{seat_id}/files/{number}",
    scope=Scope.WORK,
    answers="application/octet-stream",
    refuses=(JurySeatNotFound, CaseFileNotFound),
)
def fetch_appeal_seat_file(request: Asked, seat_id: Id, number: Id) -> FileResponse:
    """A file that who appealed added, byte for byte, while the caller has to decide."""
    return sent_as_it_is(readable_seat_file(seat_id, number, by=request.auth.by))


@doors.get("/justice/fund", scope=None, answers=JusticeFund)
def get_justice_fund(request: HttpRequest, before: Before = None) -> JusticeFund:
    """The fund that pays jurors, with what moved in a year of months. Needs no key."""
    return fund_said(fund_seen(at=clock.now(), before=before))
