"""Reporting a task as broken, and a requester's list of what was reported."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.contest_report import contest_report
from canut.kernel import clock
from canut.kernel.refusals import BadInput, NotFound, Refusal
from canut.web.broken.forms import ContestReportForm, MendForm, ReportForm, SayForm
from canut.web.paging import number_after, number_in
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.tasks.keeping import keep_typed
from canut.work.queries.assignments import task_page
from canut.work.queries.broken import broken_page, broken_row, report_in, report_offer
from canut.work.queries.projects import studio_project
from canut.work.states import ProjectKind, RowState
from canut.work.usecases.end_broken_rows import mend_row, put_back_rows, withdraw_rows
from canut.work.usecases.report_broken import report_to_next

Done = TypeVar("Done")


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def report(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Ask what is broken, and report it. From the task's own form, what was typed there is kept first."""
    if "from_task" in request.POST:
        with suppress(Refusal):  # too large to be kept, or out of time: the next page says what is
            keep_typed(request, task_page(assignment_id, by=request.user, at=clock.now()))
        return redirect("report_broken", assignment_id)
    offer = report_offer(assignment_id, by=request.user, at=clock.now())
    if not offer.may_report and request.method != "POST":
        return redirect("task", assignment_id)
    form, status = ReportForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        ask: dict[str, Any] = {"assignment_id": assignment_id, "by": request.user, "at": clock.now()}
        reported, status = _tried(form, lambda: report_to_next(**ask, **form.cleaned_data))
        if reported is not None:
            messages.success(request, _("Reported. The requester is told what you said."))
            if reported.next is not None:
                return redirect("task", reported.next.pk)
            messages.info(request, str(reported.why_none))
            return redirect("task", assignment_id)
    return render(request, "broken/report.html", {"offer": offer, "form": form}, status=status)


@signed_in
@require_GET
def rows(request: SignedIn, project_id: int) -> HttpResponse:
    page = broken_page(
        project_id,
        by=request.user,
        at=clock.now(),
        shows=request.GET.get("show", RowState.PAUSED),
        before_id=number_after(request),
    )
    filters = [
        (RowState.PAUSED, _("To decide"), page.counts[RowState.PAUSED]),
        (RowState.MENDED, _("Mended"), page.counts[RowState.MENDED]),
        (RowState.WHOLE, _("Put back"), page.counts[RowState.WHOLE]),
        (RowState.WITHDRAWN, _("Withdrawn"), page.counts[RowState.WITHDRAWN]),
        ("all", _("Everything"), page.counts["all"]),
    ]
    told = {"page": page, "filters": filters, "project": studio_project(project_id, by=request.user)}
    return render(request, "broken/rows.html", told)


@signed_in
@require_POST
def decide(request: SignedIn, project_id: int) -> HttpResponse:
    """Put the ticked rows back, or withdraw them: asked once more, with room for a word, then done."""
    wanted = request.POST.get("do")
    if wanted not in ("put_back", "withdraw"):
        raise BadInput(_("Tick the rows that you decide on, then choose what becomes of them."))
    withdraws = wanted == "withdraw"
    chosen = [number for one in request.POST.getlist("rows") if (number := number_in(one)) is not None]
    if not chosen:
        messages.info(request, _("Tick the rows that you decide on, then choose what becomes of them."))
        return redirect("broken_rows", project_id)
    form = SayForm(request.POST if "sure" in request.POST else None)
    project = studio_project(project_id, by=request.user)
    told = {
        "project": project,
        "form": form,
        "rows": chosen,
        "withdraws": withdraws,
    }
    if "sure" not in request.POST:
        return render(request, "broken/sure.html", told)
    act: Any = withdraw_rows if withdraws else put_back_rows
    ask: dict[str, Any] = {"project_id": project_id, "row_ids": chosen, "by": request.user, "at": clock.now()}
    decided, status = _tried(form, lambda: act(**ask, words=form.cleaned_data["words"]))
    if decided is None:
        return render(request, "broken/sure.html", told, status=status)
    is_paid = project.kind == ProjectKind.PAID
    messages.success(request, _withdrawn(decided, is_paid=is_paid) if withdraws else _put_back(decided))
    return redirect("broken_rows", project_id)


@signed_in
@require_http_methods(["GET", "POST"])
def row(request: SignedIn, project_id: int, row_id: int) -> HttpResponse:
    """One reported row: what was said of it, and its data, to be mended."""
    seen = broken_row(project_id, row_id, by=request.user, at=clock.now())
    form, status = MendForm(seen.row, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        ask: dict[str, Any] = {
            "project_id": project_id,
            "row_id": row_id,
            "by": request.user,
            "at": clock.now(),
        }
        mended, status = _tried(
            form, lambda: mend_row(**ask, row=form.mended(), words=form.cleaned_data["words"])
        )
        if mended is not None:
            messages.success(request, _("Mended. The row is back in the feed."))
            return redirect("broken_rows", project_id)
    told = {
        "row": seen,
        "form": form,
        "project": studio_project(project_id, by=request.user),
    }
    return render(request, "broken/row.html", told, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def contest(request: SignedIn, project_id: int, row_id: int, assignment_id: int) -> HttpResponse:
    """Contest one report: a page with what was said, and a reason."""
    form, status = ContestReportForm(request.POST if request.method == "POST" else None), 200
    seen = report_in(project_id, assignment_id, by=request.user, at=clock.now())
    if request.method == "POST":
        ask: dict[str, Any] = {"assignment_id": assignment_id, "by": request.user, "at": clock.now()}
        contested, status = _tried(form, lambda: contest_report(**ask, reason=form.cleaned_data["reason"]))
        if contested is not None:
            messages.success(request, _("Contested. This pay waits for its peers; the worker is told why."))
            return redirect("broken_row", project_id, row_id)
    told = {
        "report": seen,
        "row_id": row_id,
        "form": form,
        "project": studio_project(project_id, by=request.user),
        "case_id": case_about(CaseKind.BROKEN_TASK, assignment_id),
    }
    return render(request, "broken/contest.html", told, status=status)


def _tried(form: Form, act: Callable[[], Done]) -> tuple[Done | None, int]:
    """Do what a form asks, if it is sound; return what came of it, or None and the status that says why."""
    if not form.is_valid():
        return None, 422
    try:
        return act(), 200
    except NotFound:
        raise
    except Refusal as refusal:
        show_above(form, refusal)
        return None, refusal.status


def _put_back(count: int) -> str:
    said = ngettext("%(count)s row is back in the feed.", "%(count)s rows are back in the feed.", count)
    return said % {"count": count}


def _withdrawn(count: int, *, is_paid: bool) -> str:
    if not is_paid:
        said = ngettext("%(count)s row is withdrawn.", "%(count)s rows are withdrawn.", count)
        return said % {"count": count}
    said = ngettext(
        "%(count)s row is withdrawn; what was set aside for it came back.",
        "%(count)s rows are withdrawn; what was set aside for them came back.",
        count,
    )
    return said % {"count": count}
