"""Changing what was published: a revision is begun, compared, and thrown away or published."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.money import format_money
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.views.drafts import status_of
from canut.work.queries.projects import StudioProject, studio_project
from canut.work.queries.revisions import RevisionChain, gate_of_project, revision_chain
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.change_draft import change_draft

KEEP, ANEW = "keep", "anew"


class BeginForm(forms.Form):
    answers = forms.ChoiceField(
        label=gettext_lazy("Rows that have answers"),
        initial=KEEP,
        choices=[
            (
                KEEP,
                gettext_lazy(
                    "Keep their answers: only what is not answered yet is asked with the new design"
                ),
            ),
            (
                ANEW,
                gettext_lazy(
                    "Ask them anew: every row is asked and paid for again, also of people who answered it"
                ),
            ),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Either way the answers that you have stay with the revision under which they were given."
        ),
    )


@signed_in
@require_GET
def revision(request: SignedIn, project_id: int) -> HttpResponse:
    """Show the revision that is being made, or how one begins; and the whole chain with its rounds."""
    return _page(request, studio_project(project_id, by=request.user), BeginForm())


def _page(request: SignedIn, project: StudioProject, form: BeginForm) -> HttpResponse:
    if project.is_draft or project.published_at is None:
        return redirect("studio_project", project.id)
    chain = revision_chain(project.id, by=request.user)
    page: dict[str, Any] = {"project": project, "chain": chain, "form": form}
    if project.is_revising:
        page["gate"] = gate_of_project(project.id, by=request.user, at=clock.now())
    return render(request, "studio/revision.html", page, status=status_of(form))


@signed_in
@require_POST
def begin(request: SignedIn, project_id: int) -> HttpResponse:
    """Begin a revision; with a suggested reward, take it over at once."""
    project = studio_project(project_id, by=request.user)
    reward_minor = _reward_minor(request)
    form = BeginForm({"answers": KEEP} if reward_minor else request.POST)
    if not form.is_valid():
        return _page(request, project, form)
    begun = begin_revision(
        project_id=project_id,
        by=request.user,
        at=clock.now(),
        keeps_answers=form.cleaned_data["answers"] == KEEP,
    )
    if not reward_minor:
        told = _("Revision %(number)s has begun, as a copy of the last. Workers get nothing of it yet.")
        messages.success(request, told % {"number": begun.number})
        return redirect("project_design", project_id)
    change_draft(project_id=project_id, by=request.user, reward_minor=reward_minor, at=clock.now())
    told = _("The reward is %(amount)s in revision %(number)s, which is not published yet.")
    amount = format_money(reward_minor, project.currency)
    messages.success(request, told % {"amount": amount, "number": begun.number})
    return redirect("project_revision", project_id)


@signed_in
@require_http_methods(["GET", "POST"])
def discard(request: SignedIn, project_id: int) -> HttpResponse:
    """Say what is lost with an unpublished revision; then throw it away."""
    project = studio_project(project_id, by=request.user)
    if request.method == "POST":
        discard_revision(project_id=project_id, by=request.user, at=clock.now())
        messages.success(request, _("The revision is thrown away. What was published is as it was."))
        return redirect("project_revision", project_id)
    if not project.is_revising:
        return redirect("project_revision", project_id)
    chain: RevisionChain = revision_chain(project_id, by=request.user)
    return render(request, "studio/discard_revision.html", {"project": project, "chain": chain})


def _reward_minor(request: SignedIn) -> int:
    """Return the suggested reward that a button took over; 0 where none was."""
    written = request.POST.get("reward_minor", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
