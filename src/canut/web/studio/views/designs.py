"""The page on which a design is made: every button of it, with scripts and without; and taking it along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import time_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.design_editor import DesignEditor, UnknownAction
from canut.work.queries.designing import Designing, designing_of
from canut.work.queries.projects import studio_project
from canut.work.states import DesignStep
from canut.work.usecases.change_draft import DraftChangedMeanwhile, change_draft
from canut.work.usecases.edit_design import edit_design
from canut.work.usecases.restore_design import (
    go_back_to_design,
    name_design_version,
    redo_design,
    undo_design,
)

WALKS = {"undo": undo_design, "redo": redo_design}
TYPED_STEPS = (DesignStep.TYPED, DesignStep.MOVED)


@dataclass(frozen=True)
class Outcome:
    """What came of a posted form. `said` goes to the reader; with `refusal` nothing was saved."""

    editor: DesignEditor
    said: str = ""
    refusal: Refusal | None = None


@signed_in
@require_http_methods(["GET", "POST"])
def design(request: SignedIn, project_id: int) -> HttpResponse:
    """Show the design with all its buttons; do what one of them says."""
    designing = designing_of(project_id, by=request.user, at=clock.now())
    if not designing.is_editable:
        page = {"project": studio_project(project_id, by=request.user), "designing": designing}
        return render(request, "studio/design.html", page)
    if request.method == "GET":
        editor = _editor_of(designing)
        editor.open_condition, editor.at = request.GET.get("condition", ""), request.GET.get("at", "")
        return _page(request, designing, editor)
    try:
        outcome = _done(request, project_id)
    except UnknownAction:
        return HttpResponseBadRequest(_("This button is not known here. Open the page anew."))
    designing = designing_of(project_id, by=request.user, at=clock.now())
    outcome.editor.problems = designing.problems if not outcome.refusal else ()
    if request.accepts("application/json") and not request.accepts("text/html"):
        return _as_data(request, designing, outcome)
    if outcome.refusal or getattr(request, "htmx", False):
        return _page(request, designing, outcome.editor, outcome)
    if outcome.said:
        messages.success(request, outcome.said)
    return redirect(_address(project_id, outcome.editor))


@signed_in
@require_GET
def export_design(request: SignedIn, project_id: int) -> HttpResponse:
    """Give the design as a file, to be kept or brought in elsewhere."""
    project = studio_project(project_id, by=request.user)
    file = HttpResponse(
        json.dumps(dict(project.design), ensure_ascii=False, indent=2), content_type="application/json"
    )
    name = slugify(project.title)[:60] or "design"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}.design.json"'
    return file


def _editor_of(designing: Designing) -> DesignEditor:
    editor = DesignEditor(designing.design)
    editor.problems = designing.problems
    return editor


def _done(request: SignedIn, project_id: int) -> Outcome:
    """Keep what was typed, then do what the button says: two steps, so that each is undone by itself."""
    editor = DesignEditor.posted(request.POST)
    action = request.POST.get("do", "keep")
    based_on = parse_datetime(request.POST.get("based_on", ""))
    step = request.POST.get("step", "")
    who: dict[str, Any] = {"project_id": project_id, "by": request.user, "at": clock.now()}
    try:
        typed = step if step in TYPED_STEPS else DesignStep.TYPED
        kept = edit_design(**who, design=editor.design(), step=typed, based_on=based_on)
        changed_at = kept.project.changed_at
        verb, _colon, about = action.partition(":")
        if verb == "keep":
            return Outcome(editor, said=_("Saved."))
        if verb == "use-time":
            return _timed(editor, who, changed_at)
        if verb in ("undo", "redo", "go-back", "name"):
            return _walked(request, who, verb, about, changed_at)
        done = editor.do(action, request.POST.get("place", "end"))
        if done:
            edit_design(**who, design=editor.design(), step=done, based_on=changed_at)
        return Outcome(editor, said=_said_of(done))
    except NotFound:
        raise
    except Refusal as refusal:
        return Outcome(editor, refusal=refusal)


def _timed(editor: DesignEditor, who: Mapping[str, Any], changed_at: datetime) -> Outcome:
    """Take the time that the design suggests for the project's expected time."""
    seconds = designing_of(who["project_id"], by=who["by"], at=who["at"]).effort.seconds
    change_draft(**who, expected_seconds=seconds, based_on=changed_at)
    return Outcome(editor, said=_("The expected time is taken over. Look at the price again."))


def _walked(
    request: SignedIn, who: Mapping[str, Any], verb: str, about: str, changed_at: datetime
) -> Outcome:
    """Go along the versions, or give one a name, and begin the form anew with what is the design then."""
    number = int(about) if about.isascii() and about.isdecimal() and len(about) < 9 else 0
    if verb == "name":
        name_design_version(**who, number=number, title=request.POST.get(f"version-title.{number}", ""))
        said = _("The version has its name.")
    elif verb == "go-back":
        go_back_to_design(**who, number=number, based_on=changed_at)
        said = _("The earlier version is the design again.")
    else:
        WALKS[verb](**who, based_on=changed_at)
        said = _("Undone.") if verb == "undo" else _("Brought back.")
    return Outcome(_editor_of(designing_of(who["project_id"], by=who["by"], at=who["at"])), said=said)


def _said_of(step: str) -> str:
    return {
        DesignStep.ADDED: _("Added."),
        DesignStep.MOVED: _("Moved."),
        DesignStep.COPIED: _("Copied."),
        DesignStep.REMOVED: _("Removed. Undo brings it back."),
    }.get(DesignStep(step) if step else DesignStep.TYPED, "")


def _page(
    request: SignedIn, designing: Designing, editor: DesignEditor, outcome: Outcome | None = None
) -> HttpResponse:
    """Return the whole page, or for htmx the form and what stands beside it."""
    refusal = outcome.refusal if outcome else None
    page = {
        "project": studio_project(designing.project_id, by=request.user),
        "designing": designing,
        "editor": editor,
        "said": outcome.said if outcome else "",
        "refused": refusal,
        "based_on": _base(designing),
        "saved_at": timezone.localtime(designing.changed_at),
    }
    fragment = bool(getattr(request, "htmx", False))
    template = "studio/_design_answer.html" if fragment else "studio/design.html"
    answer = render(request, template, page, status=refusal.status if refusal else 200)
    answer.csp = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]
    return answer


def _as_data(request: SignedIn, designing: Designing, outcome: Outcome) -> HttpResponse:
    """Answer the form's own saving: when it was saved, what is still to be mended, what stands beside it."""
    if refusal := outcome.refusal:
        told = {"sentence": str(refusal), "code": refusal.code}
        if isinstance(refusal, DraftChangedMeanwhile):
            told["based_on"] = _base(designing)
        return JsonResponse(told, status=refusal.status)
    editor = outcome.editor
    time = time_format(timezone.localtime(designing.changed_at), "H:i")
    unfinished = _("Kept at %(time)s, unfinished: workers would still get the last version that was whole.")
    return JsonResponse(
        {
            "said": (_("Saved at %(time)s.") if not designing.problems else unfinished) % {"time": time},
            "based_on": _base(designing),
            "problems": editor.problems_by_id(),
            "head_problems": editor.head_problems,
            "can_undo": designing.can_undo,
            "can_redo": designing.can_redo,
            "beside": render_to_string("studio/_design_facts.html", {"designing": designing}, request),
        }
    )


def _base(designing: Designing) -> str:
    return designing.changed_at.isoformat()


def _address(project_id: int, editor: DesignEditor) -> str:
    """Return where the page is shown anew: at the item that somebody was at, under its key there."""
    address = reverse("project_design", args=[project_id])
    keys = [entry.key for entry in editor.entries]
    if editor.at not in keys:
        return address
    at = f"i{keys.index(editor.at) + 1}"
    key, _dot, name = editor.open_condition.partition(".")
    condition = f"&condition=i{keys.index(key) + 1}.{name}" if key in keys else ""
    return f"{address}?at={at}{condition}#{at}"
