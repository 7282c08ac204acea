"""The page of notices: what somebody was told, read or unread, and where each leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.people.models import Person
from canut.people.notices.kinds import Group
from canut.people.notices.queries import notices_of
from canut.people.notices.usecases.have_unread import have_unread, have_unread_again
from canut.people.notices.usecases.read_notices import read_all, read_notice
from canut.web.notices.groups import concerns
from canut.web.notices.shown import shown
from canut.web.onward import onward
from canut.web.paging import LARGEST_ID, number_after, number_in
from canut.web.signed_in import SignedIn, signed_in

NOTICES_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which notices an address asks for."""

    group: Group | None
    only_unread: bool

    def address(self, **more: int) -> str:
        """Return the address of the page that shows these."""
        given: dict[str, str | int] = {"group": self.group} if self.group else {}
        if self.only_unread:
            given["unread"] = "yes"
        query = urlencode({**given, **more})
        return reverse("notices") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Way:
    """A link to other notices."""

    label: str
    address: str
    is_chosen: bool


@signed_in
@never_cache
@require_GET
def notices(request: SignedIn) -> HttpResponse:
    asked = _asked(request)
    before = number_after(request)
    newest = _newest(
        request.user
    )  # before the list is read: what comes between is offered again, never missed
    found = notices_of(
        request.user.pk,
        group=asked.group,
        only_unread=asked.only_unread,
        before=before,
        most=NOTICES_A_PAGE,
    )
    is_first = before is None
    page = {
        "notices": shown(found.notices),
        "asked": asked,
        "all_address": Asked(asked.group, only_unread=False).address(),
        "unread_address": Asked(asked.group, only_unread=True).address(),
        "groups": _groups(request.user, asked),
        "is_further": not is_first,
        "first_address": asked.address(),
        "next_address": asked.address(before=found.next_before) if found.next_before else "",
        "here": request.get_full_path(),
        "up_to": found.notices[0].id if is_first and found.notices else None,
        "newest": newest,
        "has_unread": any(one.read_at is None for one in found.notices),
        "just_read": _moment(request.GET.get("read", "")),
    }
    return render(request, "notices/notices.html", page)


@signed_in
@never_cache
@require_GET
def newer(request: SignedIn) -> HttpResponse:
    """Say to an open page that something came since; nothing (204) while nothing did."""
    if _newest(request.user) <= (number_after(request, "after") or 0):
        return HttpResponse(status=204)
    return render(request, "notices/_newer.html")


@signed_in
@never_cache
@require_GET
def open_one(request: SignedIn, notice_id: int) -> HttpResponse:
    """Go on to the page that a notice is about; from then on it counts as read."""
    notice = read_notice(notice_id=min(notice_id, LARGEST_ID), by=request.user, at=clock.now())
    return redirect(notice.path)


@signed_in
@require_POST
def mark(request: SignedIn, notice_id: int) -> HttpResponse:
    """Mark one notice as read, or as unread again."""
    notice_id = min(notice_id, LARGEST_ID)
    if request.POST.get("read") == "no":
        have_unread(notice_id=notice_id, by=request.user)
    else:
        read_notice(notice_id=notice_id, by=request.user, at=clock.now())
    return redirect(onward(request) or reverse("notices"))


@signed_in
@require_POST
def mark_all(request: SignedIn) -> HttpResponse:
    """Mark all notices as read that were there when the page was drawn; the next page has a way back."""
    at = clock.now()
    asked = _asked(request)
    read_all(by=request.user, at=at, up_to=number_in(request.POST.get("up_to", "")), group=asked.group)
    address = Asked(asked.group, only_unread=False).address()
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode({'read': at.isoformat()})}")


@signed_in
@require_POST
def unmark_all(request: SignedIn) -> HttpResponse:
    """Take back that all were marked as read at one moment."""
    read_at = _moment(request.POST.get("read", ""))
    if read_at is not None:
        have_unread_again(by=request.user, read_at=read_at)
    return redirect("notices")


def _newest(person: Person) -> int:
    """Return the number of the last notice that somebody got; 0 for none."""
    return next((one.id for one in notices_of(person.pk, most=1).notices), 0)


def _asked(request: HttpRequest) -> Asked:
    """Return which notices are asked for, in the address or in a form; nonsense asks for all."""
    given = request.POST if request.method == "POST" else request.GET
    group = given.get("group", "")
    return Asked(Group(group) if group in Group.values else None, given.get("unread") == "yes")


def _groups(person: Person, asked: Asked) -> Sequence[Way]:
    """Return the ways to one group's notices, without those of work that a person does not do here."""
    wanted = [group for group in Group if concerns(person, group) or group == asked.group]
    every = Way(_("Every group"), Asked(None, asked.only_unread).address(), asked.group is None)
    return [
        every,
        *(
            Way(str(group.label), Asked(group, asked.only_unread).address(), asked.group == group)
            for group in wanted
        ),
    ]


def _moment(written: str) -> datetime | None:
    """Return a moment as it stands in an address; None for nonsense."""
    try:
        moment = parse_datetime(written)
    except ValueError:
        return None
    # At the ends of the calendar a moment has no time in other zones.
    is_one = moment is not None and is_aware(moment) and MINYEAR < moment.year < MAXYEAR
    return moment if is_one else None
