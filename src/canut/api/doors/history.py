"""Everything somebody did here as a worker, and everything that was done for them as a requester."""

from typing import Annotated, Literal

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked as Request
from canut.api.operations import Doors
from canut.api.pages import Cursor, Limit, cursor_to, text_after
from canut.api.refusals import CursorNotUsable
from canut.api.shapes.common import Page
from canut.api.shapes.history import HistoryLine, HistoryTotals, Narrowing
from canut.people.models import Scope
from canut.work.history.asked import Asked, Role, asked_from
from canut.work.history.files import history_file
from canut.work.history.pages import history_page, is_place, totals

doors = Doors("history")

Narrowed = Annotated[Narrowing, Query()]
FormAsked = Annotated[Literal["csv", "jsonl"], Query(description="For spreadsheets, or for scripts.")]
OrderAsked = Annotated[Literal["newest", "oldest"], Query(description="Which comes first.")]


@doors.get("/history/worked", scope=Scope.WORK, answers=Page[HistoryLine])
def list_worked(
    request: Request, only: Narrowed, order: OrderAsked = "newest", cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryLine]:
    """Every task that the caller took, every session and everything that was paid to them.

    A line belongs to the day on which the task was taken, the session opened or the top-up settled.
    """
    return _page(request, Role.WORKER, _asked(only, order), cursor, limit)


@doors.get("/history/requested", scope=Scope.RESULTS, answers=Page[HistoryLine])
def list_requested(
    request: Request, only: Narrowed, order: OrderAsked = "newest", cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryLine]:
    """Every task that was taken in the caller's projects, every session and top-up, with what it cost.

    The levies and the fee stand beside the pay with their exact parts; they are booked rounded on a
    project's running total.
    """
    return _page(request, Role.REQUESTER, _asked(only, order), cursor, limit)


@doors.get("/history/worked/file", scope=Scope.WORK, answers="application/octet-stream")
def download_worked(
    request: Request, only: Narrowed, order: OrderAsked = "newest", form: FormAsked = "csv"
) -> StreamingHttpResponse:
    """All lines of `list_worked` as a file, with times in the caller's time zone."""
    return _file(request, Role.WORKER, _asked(only, order), form)


@doors.get("/history/requested/file", scope=Scope.RESULTS, answers="application/octet-stream")
def download_requested(
    request: Request, only: Narrowed, order: OrderAsked = "newest", form: FormAsked = "csv"
) -> StreamingHttpResponse:
    """All lines of `list_requested` as a file, with times in the caller's time zone."""
    return _file(request, Role.REQUESTER, _asked(only, order), form)


@doors.get("/history/worked/totals", scope=Scope.MONEY, answers=HistoryTotals)
def sum_up_worked(request: Request, only: Narrowed) -> HistoryTotals:
    """What all lines of `list_worked` come to."""
    return _totals(request, Role.WORKER, _asked(only))


@doors.get("/history/requested/totals", scope=Scope.MONEY, answers=HistoryTotals)
def sum_up_requested(request: Request, only: Narrowed) -> HistoryTotals:
    """What all lines of `list_requested` come to, with the levies and the fee on it.

    Of whole projects these are what was booked; of a part of one, its rounded share.
    """
    return _totals(request, Role.REQUESTER, _asked(only))


def _asked(only: Narrowing, order: str = "newest") -> Asked:
    return asked_from({**only.model_dump(), "order": order})


def _page(request: Request, role: Role, asked: Asked, cursor: str | None, limit: int) -> Page[HistoryLine]:
    listing = f"history-{role}-{asked.order}"
    place = text_after(cursor, listing)
    if not is_place(place, role=role):
        raise CursorNotUsable(_("This cursor is not one of this list. Begin again without a cursor."))
    page = history_page(asked, by=request.auth.by, role=role, at=request.auth.at, cursor=place, most=limit)
    following = cursor_to(listing, page.next_cursor) if page.next_cursor else None
    return Page[HistoryLine](items=[HistoryLine.of(line) for line in page.lines], next_cursor=following)


def _file(request: Request, role: Role, asked: Asked, file_format: str) -> StreamingHttpResponse:
    at = request.auth.at
    lines = history_file(asked, by=request.auth.by, role=role, at=at, file_format=file_format)
    name = f"canut-{role}-{at:%Y-%m-%d}.{file_format}"
    return StreamingHttpResponse(
        lines,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _totals(request: Request, role: Role, asked: Asked) -> HistoryTotals:
    return HistoryTotals.of(totals(asked, by=request.auth.by, role=role, at=request.auth.at))
