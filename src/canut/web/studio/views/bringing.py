"""Designs that are there already: the gallery, and what was made elsewhere and is brought in."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.design_editor import called_and_summary
from canut.web.studio.forms import ImportForm, NewFromFileForm
from canut.web.studio.views.drafts import status_of
from canut.work.access import require_requester
from canut.work.designs.forms import TaskForm
from canut.work.designs.importing import read_import
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.queries.projects import studio_project
from canut.work.states import DesignStep, ProjectKind
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.create_project import create_project


@signed_in
@require_GET
def gallery(request: SignedIn) -> HttpResponse:
    """Show the designs to begin with: what each is for, what it needs, how long it takes."""
    require_requester(request.user)
    return render(request, "studio/gallery.html", {"designs": list(STARTING_DESIGNS.values())})


@signed_in
@require_http_methods(["GET", "POST"])
def gallery_example(request: SignedIn, name: str) -> HttpResponse:
    """Show a task of a starting design as a worker would meet it; an answer sent here is kept nowhere."""
    require_requester(request.user)
    starting = STARTING_DESIGNS.get(name)
    if starting is None:
        raise Http404
    design = starting.design()
    data = request.POST if request.method == "POST" else None
    form = TaskForm(design, starting.example_row(), seed=0, data=data)
    page = {
        "starting": starting,
        "design": design,
        "form": form,
        "is_right": form.is_valid() if data is not None else None,
    }
    answer = render(request, "studio/gallery_example.html", page, status=status_of(form))
    answer.csp = design.loads()  # type: ignore[attr-defined]
    return answer


@signed_in
@require_http_methods(["GET", "POST"])
def import_project(request: SignedIn) -> HttpResponse:
    """Begin a project with a design from elsewhere: first it is shown what was understood of it."""
    require_requester(request.user)
    if "design" in request.POST:
        return _begin_with(request)
    read = _read(request)
    if read.get("imported"):
        initial = {"kind": ProjectKind.PAID, "title": read["imported"].design.title, "design": read["json"]}
        read["form"] = NewFromFileForm(initial=initial)
    return render(request, "studio/import.html", read, status=read["status"])


@signed_in
@require_http_methods(["GET", "POST"])
def import_into_design(request: SignedIn, project_id: int) -> HttpResponse:
    """Put a design from elsewhere in the place of a draft's; the one before stays among its versions."""
    project = studio_project(project_id, by=request.user)
    if "design" not in request.POST:
        read = _read(request)
        return render(request, "studio/import.html", read | {"project": project}, status=read["status"])
    try:
        change_draft(
            project_id=project.id,
            by=request.user,
            at=clock.now(),
            design=_decoded(request.POST["design"]),
            design_step=DesignStep.REPLACED,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        page = {"import_form": ImportForm(), "project": project, "refused": refusal}
        return render(request, "studio/import.html", page, status=refusal.status)
    messages.success(request, _("The design is there. The one before it is among the versions."))
    return redirect("project_design", project.id)


def _read(request: SignedIn) -> dict[str, Any]:
    """Return what was understood of what was sent, or its form with what is wrong."""
    form = ImportForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"import_form": form, "status": 200}
    if request.method == "POST" and form.is_valid():
        try:
            imported = read_import(form.cleaned_data["text"])
        except Refusal as refusal:
            for problem in refusal.facts.get("problems", ()):
                form.add_error(None, problem["message"])
            if not refusal.facts.get("problems"):
                show_above(form, refusal)
        else:
            page |= {"imported": imported, "json": json.dumps(imported.as_json(), ensure_ascii=False)}
            page["items"] = _named(imported.as_json())
    page["status"] = 422 if form.is_bound and form.errors else 200
    return page


def _begin_with(request: SignedIn) -> HttpResponse:
    form = NewFromFileForm(request.POST)
    if form.is_valid():
        told = dict(form.cleaned_data)
        try:
            project = create_project(
                by=request.user, at=clock.now(), design=_decoded(told.pop("design")), **told
            )
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Your draft is there; nobody else sees it. Look its design over."))
            return redirect("project_design", project.pk)
    return render(request, "studio/import.html", {"import_form": ImportForm(), "form": form}, status=422)


def _decoded(written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return {}


def _named(design: Any) -> list[tuple[str, str]]:
    """Return each item of a design by its type's name and what it says."""
    return [called_and_summary(item) for item in design["items"]]
