"""Top-ups as a requester sees them come, and contesting one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.contest_times import contest_times
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.top_ups.forms import ContestForm
from canut.work.queries.projects import studio_project
from canut.work.queries.settlements import settlements_page, workers_top_up_in


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
                contest_times(
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
                    request, _("Contested. This top-up waits for its peers; the worker is told why.")
                )
                return redirect("project_top_ups", project_id)
    settlement, worker = workers_top_up_in(project_id, top_up_id, by=request.user, at=clock.now())
    project = studio_project(project_id, by=request.user)
    told = {
        "project": project,
        "settlement": settlement,
        "worker": worker,
        "form": form,
        "case_id": case_about(CaseKind.TIME_REPORT, top_up_id),
    }
    return render(request, "top_ups/contest.html", told, status=status)
