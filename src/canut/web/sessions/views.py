"""Sessions of work by the hour, for who works in them and who pays them; and sensitive work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.money import format_money
from canut.kernel.refusals import NotFound, Refusal
from canut.web.journal.inviting import invite
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.sessions.forms import HoursForm, RisksForm
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.feed import accepted_risks
from canut.work.queries.hours import price_of_hours
from canut.work.queries.projects import studio_project
from canut.work.queries.sessions import HoursOfProject, hours_of_project, sessions_of_worker
from canut.work.usecases.accept_risks import accept_risks, choose_risks
from canut.work.usecases.add_hours import add_hours
from canut.work.usecases.close_session import close_session
from canut.work.usecases.open_session import open_session
from canut.work.usecases.take_break import end_break, note_seen, take_break
from canut.work.usecases.take_task import take_task


@signed_in
@require_POST
def open_one(request: SignedIn, project_id: int) -> HttpResponse:
    """Open a session and take the first task in it; the clock runs from then on."""
    at = clock.now()
    open_session(project_id=project_id, by=request.user, at=at)
    messages.success(request, _("Your session is open: your time is paid from now on."))
    try:
        assignment = take_task(by=request.user, project_id=project_id, at=at)
    except Refusal as refusal:  # somebody was faster; the session is open all the same
        messages.info(request, str(refusal))
        return redirect("project", project_id)
    return redirect("task", assignment.pk)


@signed_in
@require_POST
def close(request: SignedIn, session_id: int) -> HttpResponse:
    session = close_session(session_id=session_id, by=request.user, at=clock.now())
    told = _("Your session is closed. %(amount)s is in your earnings.")
    amount = format_money(session.paid_minor or 0, session.project.currency)
    messages.success(request, told % {"amount": amount})
    invite(request, session.project_id)
    return redirect("sessions")


@signed_in
@require_POST
def rest(request: SignedIn, session_id: int) -> HttpResponse:
    """Begin a break, a paid one if the form says so, and go back to where one was."""
    is_paid = bool(request.POST.get("paid"))
    session = take_break(session_id=session_id, by=request.user, at=clock.now(), paid=is_paid)
    if is_paid:
        messages.info(request, _("You are on a paid break. It is part of what this work pays."))
    else:
        messages.info(request, _("You are on a break; the clock stands still."))
    return redirect("project", session.project_id)


@signed_in
@require_POST
def back(request: SignedIn, session_id: int) -> HttpResponse:
    session = end_break(session_id=session_id, by=request.user, at=clock.now())
    messages.success(request, _("Back at work: the clock runs again."))
    return redirect("project", session.project_id)


@signed_in
@require_POST
def seen(request: SignedIn, session_id: int) -> HttpResponse:
    """Take a page's word that its reader is there; refused once the session has ended."""
    note_seen(session_id=session_id, by=request.user, at=clock.now())
    return HttpResponse(status=204)


@signed_in
@require_GET
def history(request: SignedIn) -> HttpResponse:
    """Show a worker's own sessions, the open one first."""
    lines, following = sessions_of_worker(by=request.user, before_id=number_after(request))
    return render(request, "sessions/sessions.html", {"lines": lines, "next_cursor": following})


@signed_in
@require_POST
def accept(request: SignedIn, project_id: int) -> HttpResponse:
    """Accept on a project's page the kinds of sensitive work that it names."""
    accept_risks(by=request.user, risks=request.POST.getlist("risks"), at=clock.now())
    messages.success(
        request, _("You can take this work now. You can withdraw that at any time on your account page.")
    )
    return redirect("project", project_id)


@signed_in
@require_http_methods(["GET", "POST"])
def sensitive_work(request: SignedIn) -> HttpResponse:
    """Choose which kinds of sensitive work one sees; none by default."""
    form = RisksForm(request.POST or None, initial={"risks": accepted_risks(request.user.pk)})
    if request.method == "POST":
        form = RisksForm(request.POST)
        if form.is_valid():
            choose_risks(by=request.user, risks=form.cleaned_data["risks"], at=clock.now())
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("sensitive_work")
    return render(request, "sessions/sensitive.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def hours(request: SignedIn, project_id: int) -> HttpResponse:
    """Show a project's hours and sessions; add hours for exactly what the page said they cost."""
    found = hours_of_project(project_id, by=request.user, before_id=number_after(request))
    if found is None:
        return redirect("studio_project", project_id)
    form = HoursForm(
        request.POST if request.method == "POST" else None, initial={"hours_before": found.asked_seconds}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and "add" not in request.POST:
            return _page(request, project_id, found, form, seconds=form.cleaned_data["hours"])
        if form.is_valid():
            try:
                _add(request, project_id, form)
            except NotFound:
                raise
            except Refusal as refusal:
                show_above(form, refusal, {"bad_input": "hours"})
                status = refusal.status
            else:
                return redirect("project_hours", project_id)
    return _page(request, project_id, found, form, status=status)


def _add(request: SignedIn, project_id: int, form: HoursForm) -> None:
    seconds = form.cleaned_data["hours"]
    add_hours(
        project_id=project_id,
        by=request.user,
        seconds=seconds,
        agreed_minor=form.cleaned_data["agreed_minor"] or 0,
        hours_before_seconds=form.cleaned_data["hours_before"],
        at=clock.now(),
    )
    whole = -(-seconds // 3600)
    told = ngettext("Up to %(count)s hour was added.", "Up to %(count)s hours were added.", whole)
    messages.success(request, told % {"count": whole})


def _page(
    request: SignedIn,
    project_id: int,
    found: HoursOfProject,
    form: HoursForm,
    *,
    seconds: int = 0,
    status: int = 200,
) -> HttpResponse:
    project = studio_project(project_id, by=request.user)
    price = price_of_hours(project_id, by=request.user, seconds=seconds, at=clock.now()) if seconds else None
    context = {"project": project, "hours": found, "form": form, "price": price, "seconds": seconds}
    return render(request, "sessions/hours.html", context, status=status)
