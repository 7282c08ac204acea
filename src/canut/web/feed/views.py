"""The feed, a project's page, and taking a task."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.assignments import in_hand
from canut.work.queries.feed import feed_page, project_page
from canut.work.queries.price_lines import price_lines_of
from canut.work.states import FeedOrder
from canut.work.usecases.choose_feed_order import choose_feed_order
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.take_task import take_task


@signed_in
@require_GET
def feed(request: SignedIn) -> HttpResponse:
    at = clock.now()
    sensitive = bool(request.GET.get("sensitive"))
    page = feed_page(by=request.user, at=at, cursor=request.GET.get("after", ""), sensitive=sensitive)
    return render(
        request,
        "feed/feed.html",
        {
            "page": page,
            "orders": [(value, label, value == page.order) for value, label in FeedOrder.choices],
            "in_hand": in_hand(by=request.user, at=at),
            "is_further": bool(request.GET.get("after")),
            "shows_sensitive": sensitive,
        },
    )


@signed_in
@require_POST
def order(request: SignedIn) -> HttpResponse:
    choose_feed_order(by=request.user, order=request.POST.get("order", ""))
    return redirect("feed")


@signed_in
@require_GET
def project(request: SignedIn, project_id: int) -> HttpResponse:
    at = clock.now()
    note_opening(project_id=project_id, by=request.user, at=at)
    page = project_page(project_id, by=request.user, at=at)
    lines = price_lines_of(project_id, by=request.user, at=at)
    return render(request, "feed/project.html", {"page": page, "card": page.card, "price_lines": lines})


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
