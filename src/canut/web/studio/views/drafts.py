"""The list of projects, a new one, and a draft's texts, design and preview."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Locale
from canut.web.frames.on_pages import frames_on_preview, framing
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.forms import DetailsForm, DraftForm, NewProjectForm, details_of
from canut.work.access import require_requester
from canut.work.designs.forms import TaskForm
from canut.work.designs.problems import DesignRefused
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.queries.designing import designing_of
from canut.work.queries.projects import StudioProject, projects_page, studio_project
from canut.work.queries.studio import preview_of
from canut.work.states import ProjectKind
from canut.work.usecases.change_draft import DraftChangedMeanwhile, change_draft
from canut.work.usecases.create_project import create_project


@signed_in
@require_GET
def projects(request: SignedIn) -> HttpResponse:
    page = projects_page(by=request.user, before_id=number_after(request))
    return render(request, "studio/projects.html", {"page": page, "is_further": "before" in request.GET})


@signed_in
@require_http_methods(["GET", "POST"])
def new_project(request: SignedIn) -> HttpResponse:
    require_requester(request.user)
    asked = request.GET.get("design", "")
    chosen = asked if asked in STARTING_DESIGNS else next(iter(STARTING_DESIGNS))
    initial = {"design": chosen, "kind": ProjectKind.PAID, "risks": STARTING_DESIGNS[chosen].risks}
    form = NewProjectForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            project = create_project(
                by=request.user,
                title=told["title"],
                description=told["description"],
                language=told["language"],
                kind=told["kind"],
                risks=told["risks"],
                expected_seconds=STARTING_DESIGNS[told["design"]].expected_seconds,
                design=_starting_design(told["design"], told["language"]),
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Your draft is there; nobody else sees it. Next come its rows."))
            return redirect("project_data", project.pk)
    return render(request, "studio/new.html", {"form": form}, status=status_of(form))


def _starting_design(name: str, language: str) -> dict[str, Any]:
    """Return a copy of a starting design, in the project's language where Canut speaks it."""
    spoken = language.split("-")[0]
    with translation.override(spoken if spoken in Locale.values else translation.get_language()):
        return STARTING_DESIGNS[name].build()


@signed_in
@require_http_methods(["GET", "POST"])
def details(request: SignedIn, project_id: int) -> HttpResponse:
    project = studio_project(project_id, by=request.user)
    data = request.POST if request.method == "POST" else None
    form = DetailsForm(data, initial=details_of(project), currency=project.currency)
    if request.method == "POST" and form.is_valid() and saved(form, project, request, **form.changes()):
        messages.success(request, _("Saved."))
        return redirect("project_details", project.id)
    return render(request, "studio/details.html", {"project": project, "form": form}, status=status_of(form))


@signed_in
@require_http_methods(["GET", "POST"])
def preview(request: SignedIn, project_id: int) -> HttpResponse:
    """Show a task as a worker meets it; an answer sent here is checked and kept nowhere."""
    project = studio_project(project_id, by=request.user)
    page = _previewed(request, project_id) | {"project": project}
    return _loading(render(request, "studio/preview.html", page, status=status_of(page["form"])), page)


@signed_in
@xframe_options_sameorigin
@require_http_methods(["GET", "POST"])
def preview_frame(request: SignedIn, project_id: int) -> HttpResponse:
    """The same alone, for the frame beside the form of the design, with the rows to walk through."""
    page = _previewed(request, project_id)
    designing = designing_of(project_id, by=request.user, at=clock.now())
    page |= {
        "previous": page["preview"].number - 1,
        "following": page["preview"].number + 1,
        "other_seed": 1 - page["seed"],
        "unfinished": bool(designing.problems),
    }
    answer = render(request, "studio/preview_frame.html", page, status=status_of(page["form"]))
    return _loading(answer, page, framed=True)


def _previewed(request: SignedIn, project_id: int) -> dict[str, Any]:
    seen = preview_of(project_id, by=request.user, number=_number(request, "task"))
    seed = _number(request, "order") % 2
    data = request.POST if request.method == "POST" else None
    frames = frames_on_preview(request, seen)
    form = TaskForm(seen.design, seen.row, seed=seed, data=data, frames=frames)
    return {
        "preview": seen,
        "offer": seen.offer,
        "design": seen.design,
        "form": form,
        "seed": seed,
        "is_right": form.is_valid() if data is not None else None,
        **framing(seen.design),
    }


def _loading(answer: HttpResponse, page: Mapping[str, Any], *, framed: bool = False) -> HttpResponse:
    """Let the page load what its design shows from elsewhere, and nothing besides."""
    more: dict[str, list[str]] = page["design"].loads()
    answer.csp = {**more, "frame-ancestors": ["'self'"]} if framed else more  # type: ignore[attr-defined]
    return answer


def saved(form: DraftForm, project: StudioProject, request: SignedIn, **changes: Any) -> bool:
    """Change the draft, or say in the form why not, with what was typed still there."""
    try:
        change_draft(project_id=project.id, by=request.user, at=clock.now(), **changes)
    except DraftChangedMeanwhile as refused:
        form.rebase(studio_project(project.id, by=request.user).changed_at)
        show_above(form, refused)
    except (NotFound, DesignRefused):
        raise
    except Refusal as refusal:
        show_above(form, refusal, AT_FIELDS)
    else:
        return True
    return False


AT_FIELDS = {
    "reward_missing": "reward",
    "amount_refused": "reward",
    "reward_minor": "reward",
    "expected_seconds": "minutes",
}
"""Where the studio's forms show a refusal that names no field of theirs."""


def status_of(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _number(request: SignedIn, name: str) -> int:
    written = request.GET.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
