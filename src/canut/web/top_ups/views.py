"""Top-ups as a requester sees them come, and contests as an operator decides them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.top_ups.forms import ContestForm, DecisionForm
from canut.work.queries.projects import studio_project
from canut.work.queries.settlements import (
    contest_queue,
    contest_to_decide,
    settlements_page,
    workers_top_up_in,
)
from canut.work.states import ContestState
from canut.work.usecases.contest_top_up import contest_top_up
from canut.work.usecases.decide_contest import decide_contest


@signed_in
@require_GET
def top_ups(request: SignedIn, project_id: int) -> HttpResponse:
    page = settlements_page(project_id, by=request.user, at=clock.now())
    project = studio_project(project_id, by=request.user)
    return render(request, "top_ups/project.html", {"page": page, "project": project})


@signed_in
@require_http_methods(["GET", "POST"])
def contest(request: SignedIn, project_id: int, top_up_id: int) -> HttpResponse:
    """Contest one worker's times: a page with their median beside the typical time, and a reason."""
    form = ContestForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                contest_top_up(
                    top_up_id=top_up_id,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                )
            except NotFound:
                raise
            except Refusal as refusal:
                show_above(form, refusal)
                status = refusal.status
            else:
                messages.success(
                    request, _("Contested. This top-up waits for a decision; the worker is told why.")
                )
                return redirect("project_top_ups", project_id)
    settlement, worker = workers_top_up_in(project_id, top_up_id, by=request.user, at=clock.now())
    project = studio_project(project_id, by=request.user)
    told = {"project": project, "settlement": settlement, "worker": worker, "form": form}
    return render(request, "top_ups/contest.html", told, status=status)


@signed_in
@require_GET
def contests(request: SignedIn) -> HttpResponse:
    page = contest_queue(
        by=request.user,
        at=clock.now(),
        state=request.GET.get("state", ""),
        after_id=number_after(request, "after"),
    )
    states = [(state.value, str(state.label), page.counts[state]) for state in ContestState]
    return render(request, "top_ups/contests.html", {"page": page, "states": states})


@signed_in
@require_http_methods(["GET", "POST"])
def decide(request: SignedIn, top_up_id: int) -> HttpResponse:
    form = DecisionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                decide_contest(
                    top_up_id=top_up_id,
                    by=request.user,
                    uphold=form.cleaned_data["decision"] == "uphold",
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                )
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                show_above(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Decided. Both sides are told, with your reason."))
                return redirect("contests")
    found = contest_to_decide(top_up_id, by=request.user, at=clock.now())
    return render(request, "top_ups/decide.html", {"one": found, "form": form}, status=status)
