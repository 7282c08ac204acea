"""The feed, a project's page, and taking a task."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.web.feed.forms import FilterForm
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import require_worker
from canut.work.queries.assignments import in_hand
from canut.work.queries.feed import feed_page, project_page
from canut.work.queries.feed_filters import (
    ACCEPTED,
    ALL_RISKS,
    NO_FILTERS,
    Filters,
    as_address,
    describe,
    filters_from,
)
from canut.work.queries.opening import opening_seen, opening_soon
from canut.work.queries.price_lines import price_lines_of
from canut.work.states import FeedOrder
from canut.work.usecases.choose_feed_order import choose_feed_order
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.take_task import take_task


@signed_in
@require_GET
def feed(request: SignedIn) -> HttpResponse:
    """The feed, narrowed as the address says; if that cannot be read, the form says what to mend."""
    at = clock.now()
    require_worker(request.user)
    try:
        filters = filters_from(request.GET)
    except BadInput as refusal:
        return _not_narrowed(request, refusal, at=at)
    page = feed_page(by=request.user, at=at, cursor=request.GET.get("after", ""), filters=filters)
    form = FilterForm(
        initial=FilterForm.shown(filters), languages=sorted({*request.user.languages, *filters.languages})
    )
    shows_sensitive = filters.risks == ALL_RISKS
    other = replace(filters, risks=ACCEPTED if shows_sensitive else ALL_RISKS)
    return render(
        request,
        "feed/feed.html",
        {
            "page": page,
            "orders": [(value, label, value == page.order) for value, label in FeedOrder.choices],
            "in_hand": in_hand(by=request.user, at=at),
            "is_further": bool(request.GET.get("after")),
            "filter_form": form,
            "filters": as_address(filters),
            "filters_said": describe(filters) if filters != NO_FILTERS else "",
            "seconds_kept": "" if "most_minutes" in as_address(filters) else filters.most_seconds or "",
            "asked": urlencode(as_address(filters)),
            "here": _feed_with(filters),
            "onward": _feed_with(filters, after=page.next_cursor),
            "shows_sensitive": shows_sensitive,
            "sensitive_address": _feed_with(other),
        },
    )


def _not_narrowed(request: SignedIn, refusal: BadInput, *, at: datetime) -> HttpResponse:
    form = FilterForm(request.GET, languages=sorted(request.user.languages))
    show_above(form, refusal, {"least_hourly_minor": "least_hourly", "most_seconds": "most_minutes"})
    shown: dict[str, Any] = {"filter_form": form, "in_hand": in_hand(by=request.user, at=at)}
    return render(request, "feed/feed.html", shown, status=refusal.status)


def _feed_with(filters: Filters, **more: str) -> str:
    """Return the feed's address with these filters."""
    asked = urlencode({**as_address(filters), **more})
    return reverse("feed") + (f"?{asked}" if asked else "")


@signed_in
@require_POST
def order(request: SignedIn) -> HttpResponse:
    """Keep an order for the time to come, and show the feed in it, narrowed as it was."""
    choose_feed_order(by=request.user, order=request.POST.get("order", ""))
    try:
        filters = filters_from(request.POST)
    except BadInput:
        filters = NO_FILTERS
    return redirect(_feed_with(filters))


@signed_in
@require_GET
def project(request: SignedIn, project_id: int) -> HttpResponse:
    at = clock.now()
    note_opening(project_id=project_id, by=request.user, at=at)
    page = project_page(project_id, by=request.user, at=at)
    lines = price_lines_of(project_id, by=request.user, at=at)
    opening = opening_seen(project_id, by=request.user, at=at)
    found = {"page": page, "card": page.card, "price_lines": lines, "opening": opening}
    return render(request, "feed/project.html", found)


@signed_in
@require_GET
def soon(request: SignedIn) -> HttpResponse:
    """Show what opens to this worker soon, with when: nothing else keeps them from it."""
    after = request.GET.get("after", "")
    page = opening_soon(by=request.user, at=clock.now(), cursor=after)
    return render(request, "feed/opening_soon.html", {"page": page, "is_further": bool(after)})


@signed_in
@require_POST
def take(request: SignedIn, project_id: int) -> HttpResponse:
    """Take any task, or the one named in the form; who holds one of the project gets that one."""
    named = request.POST.get("task", "")
    assignment = take_task(
        by=request.user,
        project_id=project_id,
        at=clock.now(),
        task_id=int(named) if named.isdecimal() and len(named) < 19 else None,
    )
    return redirect("task", assignment.pk)
