"""Somebody's disputes, beginning one, one dispute with all that can be done in it, and its files."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.mediation.access import dispute_of
from canut.justice.mediation.queries.disputes import (
    DisputeSeen,
    dispute_seen,
    disputes_page,
    stored_file,
)
from canut.justice.mediation.usecases.begin_dispute import begin_dispute
from canut.justice.mediation.usecases.keep_dispute_file import take_back_file
from canut.justice.mediation.usecases.look import look_at_dispute
from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.web.files.views import answer_with
from canut.web.mediation.acts import ACTS, FIELD_OF
from canut.web.mediation.forms import BeginForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.between import owner_to_worker


@signed_in
@require_GET
@never_cache
def disputes(request: SignedIn) -> HttpResponse:
    """Show the disputes in which one takes part."""
    before = number_after(request)
    found, next_before = disputes_page(by=request.user, before=before)
    context = {
        "disputes": found,
        "next_before": next_before,
        "is_further": before is not None,
    }
    return render(request, "mediation/disputes.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def begin(request: SignedIn) -> HttpResponse:
    """Tell another side what divides two, with the direct attempt; a project's page may lead here."""
    at = clock.now()
    project = None
    if request.method == "GET":
        number = number_after(request, "project")
        project = None if number is None else owner_to_worker(number, request.user.pk)
        start: dict[str, Any] = {"screen_name": request.GET.get("with", "")[:60].replace("\0", "")}
        if project is not None:
            start = {"project_id": project.id}
            start |= {"screen_name": project.owner_name} if project.is_of_a_person else {}
        form = BeginForm(initial=start)
    else:
        form = BeginForm(request.POST)
        if form.is_valid():
            number = form.cleaned_data["project_id"]
            project = None if number is None else owner_to_worker(number, request.user.pk)
            try:
                begun = begin_dispute(by=request.user, at=at, **form.cleaned_data)
            except Refusal as refusal:
                if isinstance(refusal, NotAllowed):
                    raise
                show_above(
                    form,
                    refusal,
                    {"dispute_no_work_between": "screen_name", "dispute_too_late": "happened_on"},
                )
            else:
                messages.success(request, _("The other side is told. Write to each other here."))
                return redirect("dispute", begun.pk)
    status = 200 if request.method == "GET" else 422
    return render(request, "mediation/begin.html", {"form": form, "project": project}, status=status)


@signed_in
@require_GET
@never_cache
def dispute(request: SignedIn, dispute_id: int) -> HttpResponse:
    """Show one dispute, with what its reader can do now; it is not new to them any more."""
    number = min(dispute_id, LARGEST_ID)
    seen = dispute_seen(number, by=request.user, before=number_after(request), at=clock.now())
    look_at_dispute(dispute_id=number, by=request.user, at=clock.now())
    return _page(request, seen)


@signed_in
@require_POST
def act(request: SignedIn, dispute_id: int, name: str) -> HttpResponse:
    """Do one of the things that can be done in a dispute."""
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    at = clock.now()
    seen = dispute_seen(min(dispute_id, LARGEST_ID), by=request.user, at=at)
    form = chosen.form(seen)(request.POST, request.FILES, auto_id=f"{name}_%s")
    status = 422
    if form.is_valid():
        try:
            chosen.do(seen, form, request.user, at)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            show_above(form, refusal, FIELD_OF)
            status = refusal.status
        else:
            messages.success(request, str(chosen.done))
            return redirect("dispute", dispute_id)
    return _page(request, seen, bound=(name, form), status=status)


@signed_in
@require_POST
def take_back(request: SignedIn, dispute_id: int, file_id: UUID) -> HttpResponse:
    """Take a file back that one has sent."""
    take_back_file(dispute_id=min(dispute_id, LARGEST_ID), by=request.user, file_id=file_id, at=clock.now())
    messages.success(request, _("The file is taken back."))
    return redirect("dispute", dispute_id)


@signed_in
@require_GET
@never_cache
def fetch(request: SignedIn, dispute_id: int, file_id: UUID) -> HttpResponseBase:
    """Give a file to those who may read it."""
    dispute_of(min(dispute_id, LARGEST_ID), by=request.user)
    return answer_with(stored_file(file_id, by=request.user))


def _page(
    request: HttpRequest,
    seen: DisputeSeen,
    *,
    bound: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    tried, form = bound or ("", None)
    offered = [
        (name, one, form if name == tried else one.form(seen)(auto_id=f"{name}_%s"))
        for name, one in ACTS.items()
        if one.may(seen) or name == tried
    ]
    acts = {name.replace("-", "_"): (name, one, drawn) for name, one, drawn in offered}
    others = [one for one in offered if one[0] not in ("agree", "follow", "answer-summary", "say", "send")]
    context = {"dispute": seen, "acts": acts, "others": others, "tried": tried}
    return render(request, "mediation/dispute.html", context, status=status)
