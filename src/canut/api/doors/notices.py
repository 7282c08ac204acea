"""What the caller was told, and how they want to be told."""

from typing import Annotated

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.notices import (
    MailLimitIn,
    Notice,
    NoticeChoices,
    NoticeChoicesIn,
    NoticeGlance,
    NoticeGroup,
    NoticeReadingIn,
    NoticesRead,
    NoticesReadIn,
    QuietHoursIn,
    choices_said,
    glance_said,
    notice_said,
    time_sent,
    ways_sent,
)
from canut.people.models import Scope
from canut.people.notices.access import NoticeNotFound, own_notice
from canut.people.notices.kinds import Group
from canut.people.notices.queries import notices_of, told
from canut.people.notices.usecases.choose_notices import (
    NoticesStay,
    TooManyChoices,
    choose_all,
    limit_mails,
)
from canut.people.notices.usecases.have_unread import have_unread
from canut.people.notices.usecases.read_notices import read_all, read_notice
from canut.people.notices.usecases.try_address import AddressTriedAlready, AddressWorks, try_address
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours

doors = Doors("notices")

OfGroup = Annotated[NoticeGroup | None, Query(description="Those of one group alone.")]
OnlyUnread = Annotated[bool, Query(description="Those that are unread alone.")]


@doors.get("/notices", scope=Scope.ACCOUNT, answers=Page[Notice])
def list_notices(
    request: Asked,
    group: OfGroup = None,
    unread: OnlyUnread = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Notice]:
    """What the caller was told in the last 180 days, the latest first. Listing does not count as reading."""
    listing = f"notices-{group or 'all'}-{'unread' if unread else 'all'}"
    page = notices_of(
        request.auth.by.pk,
        group=Group(group) if group else None,
        only_unread=unread,
        before=after(cursor, listing),
        most=limit,
    )
    following = None if page.next_before is None else cursor_to(listing, page.next_before)
    return Page[Notice](items=[notice_said(one) for one in page.notices], next_cursor=following)


@doors.get("/notices/glance", scope=Scope.ACCOUNT, answers=NoticeGlance)
def glance_at_notices(request: Asked) -> NoticeGlance:
    """How many notices are unread, and whether mails reach the caller."""
    return glance_said(request.auth.by.pk)


@doors.get("/notices/{notice_id}", scope=Scope.ACCOUNT, answers=Notice, refuses=(NoticeNotFound,))
def get_notice(request: Asked, notice_id: Id) -> Notice:
    """One of the caller's notices. Fetching it does not count as reading."""
    return notice_said(told(own_notice(notice_id, by=request.auth.by)))


@doors.put("/notices/{notice_id}/reading", scope=Scope.ACCOUNT, answers=Notice, refuses=(NoticeNotFound,))
def mark_a_notice(request: Asked, notice_id: Id, body: NoticeReadingIn) -> Notice:
    """Have a notice count as read, or as unread."""
    if body.read:
        row = read_notice(notice_id=notice_id, by=request.auth.by, at=request.auth.at)
    else:
        row = have_unread(notice_id=notice_id, by=request.auth.by)
    return notice_said(told(row))


@doors.post("/notices/read", scope=Scope.ACCOUNT, answers=NoticesRead, replays=Replays.NATURAL)
def mark_notices_read(request: Asked, body: NoticesReadIn) -> NoticesRead:
    """Have all notices count as read: up to the newest that was seen, or of one group."""
    marked = read_all(
        by=request.auth.by,
        at=request.auth.at,
        up_to=body.up_to,
        group=Group(body.group) if body.group else None,
    )
    return NoticesRead(marked=marked)


@doors.get("/notices/choices", scope=Scope.ACCOUNT, answers=NoticeChoices)
def get_notice_choices(request: Asked) -> NoticeChoices:
    """By which ways the caller is told of what; quiet hours and the limit; whether mail is stopped."""
    return choices_said(request.auth.by)


@doors.put(
    "/notices/choices", scope=Scope.ACCOUNT, answers=NoticeChoices, refuses=(NoticesStay, TooManyChoices)
)
def choose_notices(request: Asked, body: NoticeChoicesIn) -> NoticeChoices:
    """Choose by which ways to be told of kinds, and of single topics; what is not named stays as it is.

    Everything stands on the site too. Messages in a browser are set up in that browser.
    """
    chosen = {(one.kind, one.topic): ways_sent(one.ways) for one in body.choices}
    choose_all(by=request.auth.by, chosen=chosen)
    return choices_said(request.auth.by)


@doors.put("/notices/limit", scope=Scope.ACCOUNT, answers=NoticeChoices)
def limit_own_mails(request: Asked, body: MailLimitIn) -> NoticeChoices:
    """Choose how many mails a week to get at most. What is over waits, and comes together in one mail."""
    limit_mails(by=request.auth.by, mails_a_week=body.mails_a_week)
    return choices_said(request.auth.by)


@doors.put("/notices/quiet-hours", scope=Scope.ACCOUNT, answers=NoticeChoices)
def choose_own_quiet_hours(request: Asked, body: QuietHoursIn) -> NoticeChoices:
    """Choose from when to when to be told nothing by mail or in browsers, by the clock of one's time zone."""
    starts, ends = time_sent(body.starts), time_sent(body.ends)
    choose_quiet_hours(by=request.auth.by, starts=starts, ends=ends)
    return choices_said(request.auth.by)


@doors.post(
    "/notices/address/try",
    scope=Scope.ACCOUNT,
    answers=NoticeChoices,
    refuses=(AddressWorks, AddressTriedAlready),
)
def try_own_address(request: Asked) -> NoticeChoices:
    """Send mails again to the caller's address after some came back: one at once, to try it. Once a day."""
    try_address(by=request.auth.by, at=request.auth.at)
    return choices_said(request.auth.by)
