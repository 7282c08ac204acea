"""Refusing a project together, what its requester is told of it, and the appeal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.appeal_withdrawal import appeal_withdrawal
from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.membership.queries import is_admitted
from canut.web.refusals import show_above
from canut.web.sessions.forms import AppealForm, RefusalForm
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.feed import project_page
from canut.work.queries.projects import studio_project
from canut.work.queries.refusals import withdrawal_of
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.refuse_project import refuse_project
from canut.work.usecases.reinstate_project import reinstate_project


@signed_in
@require_http_methods(["GET", "POST"])
def refuse(request: SignedIn, project_id: int) -> HttpResponse:
    """Say what refusing a project means, ask why, and do it."""
    at = clock.now()
    page = project_page(project_id, by=request.user, at=at)
    note_opening(project_id=project_id, by=request.user, at=at)
    form = RefusalForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = refuse_project(project_id=project_id, by=request.user, at=at, **form.cleaned_data)
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                show_above(form, refusal)
                status = refusal.status
            else:
                told = _("Enough workers have refused this project: it is withdrawn.")
                kept = _("Your refusal is counted. Its requester is not told that it was yours.")
                messages.success(request, told if done.is_withdrawn else kept)
                return redirect("project", project_id)
    is_member = is_admitted(request.user.pk, at=at)
    context = {"page": page, "card": page.card, "form": form, "is_member": is_member}
    return render(request, "sessions/refuse.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def withdrawal(request: SignedIn, project_id: int) -> HttpResponse:
    """Tell a requester why workers withdrew a project; take their appeal."""
    at = clock.now()
    seen = withdrawal_of(project_id, by=request.user, at=at)
    if seen is None:
        return redirect("studio_project", project_id)
    form = AppealForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                appeal_withdrawal(
                    project_id=project_id, by=request.user, words=form.cleaned_data["words"], at=at
                )
            except NotFound:
                raise
            except Refusal as refusal:
                show_above(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Your appeal is open. Members who had no part in this hear it."))
                return redirect("withdrawal", project_id)
    project = studio_project(project_id, by=request.user)
    case_id = case_about(CaseKind.WITHDRAWAL, project_id)
    context = {"project": project, "seen": seen, "form": form, "case_id": case_id}
    return render(request, "sessions/withdrawal.html", context, status=status)


@signed_in
@require_POST
def reinstate(request: SignedIn, project_id: int) -> HttpResponse:
    """Take a project up again whose withdrawal was overturned."""
    reinstate_project(project_id=project_id, by=request.user, at=clock.now())
    told = _("The project is yours again, as a revision: change what you like, then publish it.")
    messages.success(request, told)
    return redirect("studio_project", project_id)
