"""A worker's and a requester's history: a page, and the same as a file."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.web.history.forms import CHARGES_SAID, PAY_SAID, HistoryForm
from canut.web.ratings import OF_REQUESTER, OF_WORKER, RatingButton, rating_given
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.history.asked import Asked, Role, as_address, asked_from
from canut.work.history.files import FORMATS, history_file
from canut.work.history.lines import Line
from canut.work.history.pages import Sums, Totals, history_page, projects_offered, totals

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, its pay by part in words, and the rating that was given for it."""

    line: Line
    parts: list[tuple[Any, int]]
    rating: RatingButton | None


@dataclass(frozen=True, slots=True)
class ShownSums:
    """The sums of one currency, each part in words."""

    sums: Sums
    pay: list[tuple[Any, int]]
    charges: list[tuple[Any, int]]


@signed_in
@require_GET
def history(request: SignedIn) -> HttpResponse:
    """Lead to the history of the role that somebody has; of both, to what they did themselves."""
    only_requests = request.user.is_requester and not request.user.is_worker
    return redirect("requested" if only_requests else "worked")


@signed_in
@require_GET
@never_cache
def page_of(request: SignedIn, role: Role) -> HttpResponse:
    """Show what one did, or what was done for one: as the address says, which holds nobody's name."""
    at = clock.now()
    asked, refusal = Asked(), None
    try:
        asked = asked_from(request.GET)
    except BadInput as bad:
        refusal = bad
    projects = projects_offered(asked, by=request.user, role=role)
    if refusal is not None:
        form = HistoryForm(request.GET, role=role, projects=projects)
        show_above(form, refusal)
        return _rendered(request, role, {"form": form, "asked": asked}, status=refusal.status)
    form = HistoryForm(initial=as_address(asked), role=role, projects=projects)
    cursor = request.GET.get("after", "")
    page = history_page(asked, by=request.user, role=role, at=at, cursor=cursor)
    shown: dict[str, Any] = {"form": form, "asked": asked, "is_further": bool(cursor)}
    shown["lines"] = [_shown(line, role) for line in page.lines]
    shown["onward"] = _address(role, asked, after=page.next_cursor) if page.next_cursor else ""
    shown["here"] = _address(role, asked)
    shown["files"] = {
        name: f"{reverse(f'{role}_file')}?{urlencode({**as_address(asked), 'format': name})}"
        for name in FORMATS
    }
    if not cursor:
        shown["totals"] = found = totals(asked, by=request.user, role=role, at=at)
        shown["sums"] = _shown_sums(found)
    return _rendered(request, role, shown)


@signed_in
@require_GET
@never_cache
def file_of(request: SignedIn, role: Role) -> HttpResponseBase:
    """Give what the page shows as a file."""
    file_format = request.GET.get("format", "csv")
    if file_format not in FORMATS:
        raise Http404
    at = clock.now()
    lines = history_file(asked_from(request.GET), by=request.user, role=role, at=at, file_format=file_format)
    name = f"canut-{role}-{at:%Y-%m-%d}.{file_format}"
    return StreamingHttpResponse(
        lines,
        content_type=MEDIA_TYPES[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rendered(request: SignedIn, role: Role, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    more = {"is_worked": role == Role.WORKER, "all_address": reverse(str(role))}
    return render(request, "history/history.html", {**shown, **more}, status=status)


def _address(role: Role, asked: Asked, **more: str) -> str:
    said = urlencode({**as_address(asked), **more})
    return reverse(str(role)) + (f"?{said}" if said else "")


def _shown(line: Line, role: Role) -> ShownLine:
    consequences = OF_REQUESTER if role == Role.WORKER else OF_WORKER
    rating = None if line.rating is None else rating_given(line.rating, consequences)
    return ShownLine(
        line, [(said, line.pay[name]) for name, said in PAY_SAID.items() if name in line.pay], rating
    )


def _shown_sums(found: Totals) -> list[ShownSums]:
    return [
        ShownSums(
            sums,
            [(said, sums.pay[name]) for name, said in PAY_SAID.items() if name in sums.pay],
            [(said, sums.charges[name]) for name, said in CHARGES_SAID.items() if sums.charges.get(name)],
        )
        for sums in found.sums
    ]
