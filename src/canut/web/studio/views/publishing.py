"""What a project costs, and publishing it: now, later, or more of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from canut.charter.queries import floor_held
from canut.kernel import clock
from canut.kernel.money import format_money, parse_minor
from canut.kernel.refusals import NotFound, Refusal
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.forms import DeadlineForm, PriceForm, ScheduleForm
from canut.web.studio.views.drafts import saved, status_of
from canut.work.queries.price_lines import price_lines_of
from canut.work.queries.projects import StudioProject, studio_project
from canut.work.queries.studio import priced_project
from canut.work.rules import least_reward_minor
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.change_deadline import change_deadline
from canut.work.usecases.change_device import change_device
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.schedule_project import schedule_project


@signed_in
@require_http_methods(["GET", "POST"])
def publish(request: SignedIn, project_id: int) -> HttpResponse:
    """Set the price of a draft, see the quote, publish for exactly the total shown."""
    project = studio_project(project_id, by=request.user)
    if not project.is_editable:
        return redirect("studio_project", project_id)
    if request.method == "POST" and "publish" in request.POST:
        return _publish(request, project)
    form = PriceForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and form.is_valid() and _price_saved(request, project, form):
        messages.success(request, _("Saved. The quote below is for this price."))
        return redirect("project_publish", project_id)
    return page(request, project, form=form, status=status_of(form))


def _price_saved(request: SignedIn, project: StudioProject, form: PriceForm) -> bool:
    told = form.cleaned_data
    changes: dict[str, Any] = {
        "expected_seconds": told["minutes"],
        "answers_per_task": told["answers_per_task"],
        "based_on": told["based_on"],
    }
    if "reward" in told:
        try:
            if form.goes_by_the_hour:
                hourly = parse_minor(told["hourly"], project.currency)
                changes["reward_minor"] = least_reward_minor(
                    expected_seconds=told["minutes"], floor_hourly_minor=hourly
                )
            else:
                changes["reward_minor"] = parse_minor(told["reward"], project.currency)
        except Refusal as refusal:
            at = "hourly" if form.goes_by_the_hour else "reward"
            show_above(form, refusal, {"amount_refused": at})
            return False
    return saved(form, project, request, **changes)


def _publish(request: SignedIn, project: StudioProject) -> HttpResponse:
    try:
        launches_itself = bool(request.POST.get("launches_itself"))
        if "asks_launch" in request.POST and launches_itself != project.launches_itself:
            change_draft(
                project_id=project.id, by=request.user, launches_itself=launches_itself, at=clock.now()
            )
        published = publish_project(
            project_id=project.id,
            by=request.user,
            agreed_minor=_agreed_minor(request),
            at=clock.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return page(request, project, refused=refusal, status=refusal.status)
    if published.round_id is not None:
        messages.success(request, _("The prototype round is open: workers see it in their feed from now on."))
        return redirect("project_round", project.id)
    messages.success(request, _("Published. Workers see it in their feed from now on."))
    return redirect("studio_project", project.id)


@signed_in
@require_POST
def take_least(request: SignedIn, project_id: int) -> HttpResponse:
    """Take the smallest reward that keeps the floor for the expected time."""
    project = studio_project(project_id, by=request.user)
    least = priced_project(project_id, by=request.user, at=clock.now()).quote.least_reward_minor
    change_draft(project_id=project_id, by=request.user, reward_minor=least, at=clock.now())
    told = _("The reward is %(amount)s now: the least that keeps the floor.")
    messages.success(request, told % {"amount": format_money(least, project.currency)})
    return redirect("project_publish", project_id)


@signed_in
@require_POST
def schedule(request: SignedIn, project_id: int) -> HttpResponse:
    """Have a draft published at a time, or take that back."""
    project = studio_project(project_id, by=request.user)
    at = clock.now()
    if "lift" in request.POST:
        schedule_project(project_id=project_id, by=request.user, publish_at=None, at=at)
        messages.success(request, _("It will not be published by itself any more."))
        return redirect("project_publish", project_id)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            scheduled = schedule_project(
                project_id=project_id, by=request.user, publish_at=form.cleaned_data["publish_at"], at=at
            )
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal, {"time_is_over": "publish_at", "deadline_too_soon": "publish_at"})
        else:
            when = date_format(localtime(scheduled.publish_at), "DATETIME_FORMAT")
            messages.success(request, _("It goes live by itself on %(when)s.") % {"when": when})
            return redirect("project_publish", project_id)
    return page(request, project, schedule_form=form, status=422)


@signed_in
@require_POST
def deadline(request: SignedIn, project_id: int) -> HttpResponse:
    """Set, move or lift the deadline, of a draft or of a running project."""
    project = studio_project(project_id, by=request.user)
    form = DeadlineForm(request.POST)
    if form.is_valid():
        try:
            change_deadline(
                project_id=project_id,
                by=request.user,
                deadline_at=form.cleaned_data["deadline_at"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal, {"time_is_over": "deadline_at"})
        else:
            messages.success(request, _("The deadline is saved."))
            return redirect("project_publish" if project.is_draft else "studio_project", project_id)
    if project.is_draft:
        return page(request, project, deadline_form=form, status=422)
    return render(request, "studio/deadline.html", {"project": project, "form": form}, status=422)


@signed_in
@require_POST
def device(request: SignedIn, project_id: int) -> HttpResponse:
    """Say what a project is best done with, while it runs too."""
    chosen = request.POST.get("device", "")
    change_device(project_id=project_id, by=request.user, device=chosen, at=clock.now())
    messages.success(request, _("Saved. Workers who ask for such work see it from now on."))
    return redirect("studio_project", project_id)


@signed_in
@require_http_methods(["GET", "POST"])
def add_paid(request: SignedIn, project_id: int) -> HttpResponse:
    """Show what the rows waiting in a published project cost; add them for exactly that."""
    project = studio_project(project_id, by=request.user)
    refused = None
    if request.method == "POST":
        try:
            quote = add_tasks(
                project_id=project_id,
                by=request.user,
                agreed_minor=_agreed_minor(request),
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            refused = refusal
        else:
            told = ngettext(
                "%(count)s more answer is wanted.", "%(count)s more answers are wanted.", quote.places
            )
            messages.success(request, told % {"count": quote.places})
            return redirect("studio_project", project_id)
    found = {"project": project, "priced": priced_project(project_id, by=request.user, at=clock.now())}
    status = refused.status if refused else 200
    return render(request, "studio/add_tasks.html", {**found, "refused": refused}, status=status)


def _agreed_minor(request: SignedIn) -> int:
    """Return the total that the page showed; what is not one agrees to nothing that costs anything."""
    written = request.POST.get("agreed_minor", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0


def page(
    request: SignedIn,
    project: StudioProject,
    *,
    form: PriceForm | None = None,
    deadline_form: DeadlineForm | None = None,
    schedule_form: ScheduleForm | None = None,
    refused: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    found = {
        "project": project,
        "form": form or PriceForm(project=project),
        "deadline_form": deadline_form or DeadlineForm(initial={"deadline_at": project.deadline_at}),
        "schedule_form": schedule_form or ScheduleForm(initial={"publish_at": project.publish_at}),
        "priced": priced_project(project.id, by=request.user, at=now),
        "floor_decision": floor_held(at=now).decision_number,
        "refused": refused,
        "price_lines": price_lines_of(project.id, by=request.user, at=now),
    }
    return render(request, "studio/publish.html", found, status=status)
