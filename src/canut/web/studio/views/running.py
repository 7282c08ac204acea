"""A project's own page: a draft's list of what is missing, a published one's live figures; its life."""

from hashlib import blake2b

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.money import format_money
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.forms import DeadlineForm, DeviceForm
from canut.work.queries.progress import Progress, progress_of
from canut.work.queries.projects import studio_project
from canut.work.queries.rounds import round_figures_of
from canut.work.queries.studio import closing_of, priced_project
from canut.work.usecases.close_project import close_project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.pause_project import pause_project, resume_project


@signed_in
@require_GET
def project(request: SignedIn, project_id: int) -> HttpResponse:
    found = studio_project(project_id, by=request.user)
    if found.is_draft:
        priced = priced_project(project_id, by=request.user, at=clock.now())
        return render(request, "studio/draft.html", {"project": found, "priced": priced})
    page = {
        "project": found,
        "progress": progress_of(project_id, by=request.user),
        "device_form": DeviceForm(initial={"device": found.device}),
        "deadline_form": DeadlineForm(initial={"deadline_at": found.deadline_at}),
        "round": round_figures_of(project_id, by=request.user, at=clock.now()) if found.has_rounds else None,
        "is_over": found.deadline_at is not None and found.deadline_at <= clock.now(),
    }
    return render(request, "studio/project.html", page)


@signed_in
@require_GET
def live(request: SignedIn, project_id: int) -> HttpResponse:
    """Give the figures alone, for a page that asks every second; nothing at all if they are the same."""
    progress = progress_of(project_id, by=request.user)
    tag = _tag(progress)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = render(request, "studio/_figures.html", {"progress": progress})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _tag(progress: Progress) -> str:
    written = f"{get_language()} {progress!r}"
    return f'"{blake2b(written.encode(), digest_size=12).hexdigest()}"'


@signed_in
@require_POST
def pause(request: SignedIn, project_id: int) -> HttpResponse:
    pause_project(project_id=project_id, by=request.user, at=clock.now())
    messages.success(request, _("Paused: it has left the feed. What is in hand can still be handed in."))
    return redirect("studio_project", project_id)


@signed_in
@require_POST
def resume(request: SignedIn, project_id: int) -> HttpResponse:
    resume_project(project_id=project_id, by=request.user, at=clock.now())
    messages.success(request, _("It is in the feed again."))
    return redirect("studio_project", project_id)


@signed_in
@require_http_methods(["GET", "POST"])
def close(request: SignedIn, project_id: int) -> HttpResponse:
    """Say what closing does and how much comes back; then do it."""
    found = studio_project(project_id, by=request.user)
    if request.method == "POST":
        closed = close_project(project_id=project_id, by=request.user, at=clock.now())
        if found.is_draft or found.is_volunteer:
            messages.success(request, _("Closed."))
        else:
            told = _("Closed. %(amount)s is back on your balance.")
            messages.success(request, told % {"amount": format_money(closed.refunded_minor, found.currency)})
        return redirect("studio_project", project_id)
    closing = closing_of(project_id, by=request.user, at=clock.now())
    return render(request, "studio/close.html", {"project": found, "closing": closing})


@signed_in
@require_POST
def duplicate(request: SignedIn, project_id: int) -> HttpResponse:
    copy = duplicate_project(project_id=project_id, by=request.user, at=clock.now())
    messages.success(request, _("This is the copy: a draft of its own, with the design, price and rows."))
    return redirect("studio_project", copy.pk)
